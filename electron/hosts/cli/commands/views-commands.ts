import type { DeployPlan, ViewReport, ViewsReport } from '../../../../shared/domain/warehouse.ts';
import { refusal } from '../../../core/app-failure.ts';
import { readWorkspaceConfig } from '../../workspace/workspace-folder.ts';
import { usageFailure } from '../arguments.ts';
import { askYes } from '../ask-yes.ts';
import type { Command, CommandAnswer } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { plainText, textTable } from '../text-table.ts';

const viewsPrint: Command = {
  name: 'views print',
  usage: '[--target databricks|embedded]',
  summary: 'The SQL views as they run, and what makes the audit table; with a workspace under its own names',
  options: { target: { type: 'string' } },
  async run({ args, env, folder }) {
    const isNamed = Boolean(args.text('workspace') ?? env['COUNTERSIGN_WORKSPACE']);
    const warehouse = isNamed ? readWorkspaceConfig(folder()).warehouse : null;
    const target = args.text('target') ?? warehouse?.kind ?? 'embedded';
    if (target !== 'embedded' && target !== 'databricks') throw usageFailure('--target takes databricks or embedded.', { option: 'target' });
    const { printViews } = await import('../print-views.ts');
    const views = printViews(target, warehouse);
    return { json: { target, views }, text: views.flatMap((view) => [`${view.sql.trimEnd()};`, '']) };
  },
};

const viewsDeploy: Command = {
  name: 'views deploy',
  usage: '[--dry-run] [--yes]',
  summary: 'Deploy the SQL views and the audit table; --dry-run prints every statement and runs none',
  options: { 'dry-run': { type: 'boolean' } },
  async run({ args, json, signal, say, open, announce }) {
    const isDry = args.flag('dry-run');
    const app = await open(isDry ? 'read' : 'write');
    const plan = await app.call('views.plan', {});
    const statements = plan.steps.filter(({ sql }) => sql !== null).length;
    const isBlocked = plan.steps.some(({ action }) => action === 'blocked');
    const answerWith = async (applied: boolean, text: readonly string[], exit: CommandAnswer['exit'] = exitCodes.done): Promise<CommandAnswer> => {
      const report = await app.call('views.verify', {});
      return { json: { target: plan.target, plan, applied, views: deployedViews(plan, report) }, text, exit };
    };
    if (isDry) return answerWith(false, [...planLines(plan).map((line) => `-- ${line}`), '', ...statementLines(plan)], isBlocked ? exitCodes.refused : exitCodes.done);
    if (json) planLines(plan).forEach(say);
    else announce({ json: null, text: planLines(plan) });
    if (plan.target !== null && statements === 0 && !isBlocked) return answerWith(false, ['Nothing to deploy: everything is there as this version has it.']);
    if (plan.target === null) return answerWith(false, ['Nothing was deployed.']);
    if (!isBlocked && process.stdin.isTTY && !args.flag('yes') && !(await askYes(`Deploy these ${statements} statements to ${plan.target}?`, signal))) {
      throw refusal('confirmation', 'Nothing was deployed, because you did not say yes.');
    }
    await app.call('views.deploy', { expect: plan.hash });
    return answerWith(true, [`Deployed: ${statements} ${statements === 1 ? 'statement was' : 'statements were'} run in ${plan.target}.`]);
  },
};

const viewsVerify: Command = {
  name: 'views verify',
  usage: '',
  summary: 'Compare the deployed views with these; exit code 6 when they differ',
  async run({ open }) {
    const app = await open('read');
    const report = await app.call('views.verify', {});
    const rows = report.views.map(({ name, kind, state, differences }) => [name, kind, state, differences.length]);
    const text = [
      report.target === null ? 'The embedded warehouse' : report.target,
      ...textTable(['Object', 'Kind', 'State', 'Lines that differ'], rows),
      ...report.views.filter(({ state }) => state !== 'same').flatMap(differenceLines),
      report.ok ? 'What is deployed is what this version has.' : 'What is deployed is not what this version has. Deploy the views, or find out who changed them.',
    ];
    return { json: report, text, exit: report.ok ? exitCodes.done : exitCodes.verification };
  },
};

function planLines({ target, steps, hash }: DeployPlan): string[] {
  const heading = target === null ? 'Nothing is deployed here' : `Plan for ${target} (${hash.slice(0, 8)})`;
  return [heading, ...steps.map(({ object, action, reason }) => plainText(`${action.padEnd(9)} ${object}: ${reason}`))];
}

/** A script that could be run as it stands. */
function statementLines({ steps }: DeployPlan): string[] {
  return steps.flatMap(({ sql }) => (sql === null ? [] : [`${sql};`, '']));
}

/** What was done to each object, its most telling step, and how it stands now. */
function deployedViews({ steps }: DeployPlan, { views }: ViewsReport) {
  return views.map(({ name, state }) => {
    const own = steps.filter(({ object }) => object === name);
    return { name, action: (own.find(({ action }) => action !== 'keep') ?? own[0])?.action ?? 'keep', state };
  });
}

function differenceLines({ name, detail, differences }: ViewReport): string[] {
  return ['', detail === null ? `${name}:` : `${name}: ${detail}`, ...differences.map(({ line, side, text }) => `  ${side.padEnd(8)} ${String(line).padStart(4)}  ${plainText(text)}`)];
}

export const viewsCommands: readonly Command[] = [viewsPrint, viewsDeploy, viewsVerify];
