import { cruise, type ICruiseResult, type IFlattenedRuleSet, type IForbiddenRuleType } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/** Rules of the architecture: one direction of imports, drivers behind their adapter, no cycles. */
const stages = ['snapshot', 'review', 'checks', 'batch', 'push', 'rollback', 'audit', 'views', 'monitor', 'share'];

const forbidden: IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  { name: 'shared-imports-only-zod', severity: 'error', from: { path: '^shared/' }, to: { pathNot: ['^shared/', '^node_modules/zod/'] } },
  { name: 'renderer-imports-only-shared', severity: 'error', from: { path: '^renderer/' }, to: { path: '^(electron|test)/' } },
  { name: 'renderer-has-no-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
  { name: 'core-knows-no-adapter', severity: 'error', from: { path: '^electron/core/' }, to: { path: '^(electron/(adapters|hosts|sample)|renderer|test)/' } },
  { name: 'adapters-know-no-host', severity: 'error', from: { path: '^electron/adapters/' }, to: { path: '^(electron/hosts|renderer|test)/' } },
  { name: 'product-imports-no-test', severity: 'error', from: { path: '^(shared|electron|renderer)/' }, to: { path: '^test/' } },
  { name: 'only-sqlite-adapter-imports-better-sqlite3', severity: 'error', from: { pathNot: ['^electron/adapters/sqlite/', '^node_modules/', '^test/'] }, to: { path: '^node_modules/(@types/)?better-sqlite3/' } },
  { name: 'only-salesforce-adapter-imports-jsforce', severity: 'error', from: { pathNot: ['^electron/adapters/salesforce/', '^node_modules/', '^test/'] }, to: { path: '^node_modules/@jsforce/' } },
  { name: 'only-databricks-adapter-imports-its-driver', severity: 'error', from: { pathNot: ['^electron/adapters/databricks/', '^node_modules/', '^test/'] }, to: { path: '^node_modules/@databricks/' } },
  { name: 'only-desktop-imports-electron', severity: 'error', from: { pathNot: ['^electron/hosts/desktop/', '^node_modules/'] }, to: { path: '^node_modules/electron/' } },
  { name: 'screens-do-not-import-each-other', severity: 'error', from: { path: '^renderer/screens/([^/]+)/' }, to: { path: '^renderer/screens/', pathNot: '^renderer/screens/$1/' } },
  { name: 'components-import-no-screen-and-no-api', severity: 'error', from: { path: '^renderer/components/' }, to: { path: '^renderer/(screens|api)/' } },
  ...stages.map((stage) => ({
    name: `stage-${stage}-imports-no-other-stage`,
    severity: 'error' as const,
    from: { path: `^electron/core/${stage}/` },
    to: { path: `^electron/core/(${stages.filter((other) => other !== stage).join('|')})/` },
  })),
];

const layers = ['shared', 'electron', 'renderer'];

describe('the architecture', () => {
  let result: ICruiseResult;

  beforeAll(async () => {
    const ruleSet: IFlattenedRuleSet = { forbidden };
    const answer = await cruise(
      layers,
      {
        validate: true,
        ruleSet,
        doNotFollow: { path: ['^node_modules'] },
        exclude: { path: ['(^|/)dist/', '\\.module\\.css$', '\\.css$'] },
        tsPreCompilationDeps: true,
        enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.d.ts'] },
      },
    );
    result = answer.output as ICruiseResult;
  });

  it('is held by every import', () => {
    const broken = result.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`);
    expect(broken).toEqual([]);
  });

  it('is checked on the whole code, so a blind checker is noticed', () => {
    const seen = result.modules.filter((module) => layers.some((layer) => module.source.startsWith(`${layer}/`)));
    const imports = seen.flatMap((module) => module.dependencies);
    expect(seen.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
  });

  it('has no barrel file and no folder of leftovers', () => {
    const leftovers = result.modules
      .map((module) => module.source)
      .filter((source) => layers.some((layer) => source.startsWith(`${layer}/`)))
      .filter((source) => /\/index\.tsx?$/u.test(source) || /\/(utils|helpers|common|services)\//u.test(source));
    expect(leftovers).toEqual([]);
  });
});
