import { planOf } from '../../core/push/push-workbench.ts';
import { judge, isSound, wordsOf } from './judge.ts';
import type { KillPoint, LifeOrders } from './kill-point.ts';
import { eachInLanes } from './lanes.ts';
import { boundOf, count, newReport, type PartReport, type RigOptions } from './report.ts';
import { openSite, type Program } from './site.ts';
import { cutShort, stepsOf, type Operation, type Step } from './step-list.ts';

type Mode = LifeOrders['mode'];

const records = 7;
const lanes = 4;
const shareOfRecoveries = 6;
/** Kills of the processes that take over, one after the other; fewer on the wire, where a small run has too many points. */
const nestedKills = { ci: { wire: 1, others: 5 }, long: { wire: 5, others: 5 } };

interface StepCase {
  mode: Mode;
  operation: Operation;
  step: Step;
  /** In the first process, or in those that take over from one that was cut short. */
  when: 'first' | 'recovery';
}

const nameOf = ({ mode, operation, step, when }: StepCase): string => `${mode}, ${operation}, ${when === 'first' ? 'a first life' : 'recovery'}: ${step.name}`;

function casesOf(modes: readonly Mode[]): StepCase[] {
  const operations: Operation[] = ['create', 'update'];
  return modes.flatMap((mode) =>
    operations.flatMap((operation) =>
      stepsOf(mode, operation).flatMap((step) =>
        (['first', 'recovery'] as const).flatMap((when) => (step.only === undefined || step.only === when ? [{ mode, operation, step, when }] : [])),
      ),
    ),
  );
}

/** Kills at the step, and again in each process that takes over; the last one may live. Answers with what is wrong. */
async function runCase(program: Program, each: StepCase, size: RigOptions['size']): Promise<{ kills: number; problem: string | null }> {
  const { mode, operation, step, when } = each;
  const plan = operation === 'create' ? planOf(records, mode === 'bulk' ? 1 : 0) : planOf(0, records);
  const nested = step.killAt.by === 'wire' ? nestedKills[size].wire : nestedKills[size].others;
  const site = await openSite(program, plan, { mode, chunkSize: when === 'first' ? Math.ceil(records / 2) : 1 });
  const problems: string[] = [];
  let kills = 0;
  try {
    const killPoints: KillPoint[] = when === 'first' ? [step.killAt] : [cutShort(mode, operation), ...Array.from({ length: nested }, () => step.killAt)];
    let life = null;
    for (const killAt of killPoints) {
      life = await site.live(killAt);
      if (life.problem !== null) problems.push(life.problem);
      if (!life.wasKilled) break;
      kills += 1;
    }
    if (kills < (when === 'first' ? 1 : 2)) problems.push(`the step was not reached: ${JSON.stringify(life?.moments)}`);
    if (life?.wasKilled) life = await site.live({ by: 'nobody' });
    if (life?.problem) problems.push(life.problem);
    const found = await judge(site, plan, life?.run ?? null);
    if (!isSound(found)) problems.push(wordsOf(found));
  } finally {
    await site.close();
  }
  return { kills, problem: problems.length === 0 ? null : `${nameOf(each)}: ${problems.join('; ')}` };
}

/** All first lives; of the recoveries, each of which takes many processes, a sixth in the short form, another one for another seed. */
function chosenFrom(cases: readonly StepCase[], { size, seed }: RigOptions): StepCase[] {
  if (size === 'long') return [...cases];
  return [...cases.filter(({ when }) => when === 'first'), ...cases.filter(({ when }) => when === 'recovery').filter((_, place) => place % shareOfRecoveries === seed % shareOfRecoveries)];
}

/** Kills at every named step of the protocol, in the first life and up to five times in recovery. */
export async function runSteps(program: Program, modes: readonly Mode[], options: RigOptions & { filter?: RegExp }): Promise<PartReport> {
  const report = newReport('steps');
  const cases = options.filter === undefined ? chosenFrom(casesOf(modes), options) : casesOf(modes).filter((each) => options.filter?.test(nameOf(each)));
  let kills = 0;
  await eachInLanes(lanes, cases, async (each) => {
    const end = await runCase(program, each, options.size);
    kills += end.kills;
    count(report, end.problem);
    if (end.problem !== null) options.log(`  ${end.problem}`);
  });
  for (const mode of modes) {
    const own = cases.filter((each) => each.mode === mode);
    if (own.length === 0) continue;
    report.lines.push(`${mode}: ${new Set(own.map(({ step }) => step.name)).size} steps x create, update: ${own.filter(({ when }) => when === 'first').length} combinations in a first life, ${own.filter(({ when }) => when === 'recovery').length} in recovery`);
  }
  report.lines.push(`  ${kills} kills; combinations in which a record was lost, doubled or badly told: ${boundOf(report.failed, cases.length)}`);
  return report;
}
