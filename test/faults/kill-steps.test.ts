import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './rig/bundle.ts';
import type { Program } from './rig/site.ts';
import { runSteps } from './rig/steps.ts';

let folder: string;
let program: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-steps-'));
  program = { file: await bundle('test/faults/rig/life.ts', folder), compileCache: join(folder, 'compiled') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One case of the rig; `npm run faults` kills at every step, in every mode. */
async function expectSound(filter: RegExp): Promise<void> {
  const report = await runSteps(program, ['collections'], { seed: 1, size: 'ci', log: () => undefined, filter });
  expect(report).toMatchObject({ passed: 1, failed: 0, problems: [] });
}

it('Row 3: a push that is killed after the call was sent, before its answer, applies each record once', () => expectSound(/^collections, update, a first life: the call: the effect is done/u));

it('Row 4: a push that is killed after the answer, before it is durable, applies each record once', () => expectSound(/^collections, create, a first life: the answer is received/u));
