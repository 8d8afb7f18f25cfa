import { isOpenRun } from '../../../shared/domain/batch.ts';
import { planOf } from '../../core/push/push-workbench.ts';
import { randomFrom } from '../random-from.ts';
import { judge, isSound, wordsOf } from './judge.ts';
import type { KillPoint, LifeOrders } from './kill-point.ts';
import { inLanes } from './lanes.ts';
import { boundOf, count, newReport, type PartReport, type RigOptions } from './report.ts';
import { openSite, type LifeEnd, type Program } from './site.ts';

type Mode = LifeOrders['mode'];
type Random = (below: number) => number;

/** So many kills of one plan; then its process may live to the end. */
const killsPerPlan = 12;
const records = { creates: 24, updates: 24 };
const chunkSize = 6;
const lanes = 4;

interface PlanEnd {
  mode: Mode;
  kills: number;
  opened: number;
  brokenChains: number;
  lost: number;
  twice: number;
  other: number;
  problem: string | null;
}

/** A random end of a life: by step, by time, by the bytes on its connections; mostly early, since an early end keeps the plan going. */
function anyKill(random: Random): KillPoint {
  const isLate = random(4) === 0;
  switch (random(4)) {
    case 0:
      return { by: 'time', ms: random(isLate ? 160 : 60) };
    case 1:
      return { by: 'bytes', bytes: random(isLate ? 60_000 : 25_000) };
    case 2:
      return { by: 'count', count: 1 + random(isLate ? 60 : 20), afterMs: random(6) };
    default:
      return { by: 'count', count: 1 + random(isLate ? 60 : 20), afterMs: null };
  }
}

const writes = { path: '/composite(/sobjects)?$|/jobs/ingest' };

/** A call whose answer is lost while its process lives on. */
function anyFault(random: Random) {
  const actions = [{ drop: 'before-effect' }, { drop: 'after-effect' }, { drop: 'mid-body' }, { truncateJson: true }, { effectThen: { status: 502 } }, { delayMs: 15 }];
  return { match: { ...writes, after: random(4) }, action: actions[random(actions.length)] ?? {} };
}

async function pushOnePlan(program: Program, mode: Mode, seed: number): Promise<PlanEnd> {
  const random = randomFrom(seed);
  const plan = planOf(records.creates, records.updates);
  const end: PlanEnd = { mode, kills: 0, opened: 0, brokenChains: 0, lost: 0, twice: 0, other: 0, problem: null };
  const site = await openSite(program, plan, { mode, chunkSize });
  const problems: string[] = [];
  try {
    let life: LifeEnd | null = null;
    for (let isCalm = false; life === null || life.wasKilled || (!isCalm && life.run !== null && isOpenRun(life.run)); ) {
      // A run that had to stop, or was killed often enough, is taken up once more in an org in which nothing goes wrong.
      isCalm = end.kills >= killsPerPlan || (life !== null && !life.wasKilled);
      if (isCalm) await site.clearFaults();
      else if (random(3) === 0) await site.addFault(anyFault(random));
      life = await site.live(isCalm ? { by: 'nobody' } : anyKill(random));
      end.opened += 1;
      if (life.wasKilled) end.kills += 1;
      if (life.problem?.includes('chain')) end.brokenChains += 1;
      if (life.problem !== null) problems.push(life.problem);
    }
    const found = await judge(site, plan, life.run);
    end.lost = found.lost.length;
    end.twice = found.twice.length;
    end.other = found.other.length;
    if (!isSound(found)) problems.push(wordsOf(found));
  } finally {
    await site.close();
  }
  if (problems.length > 0) end.problem = `${mode}, seed ${seed}, ${end.kills} kills: ${problems.join('; ')}`;
  return end;
}

/** Kills a pushing process at random moments until there are enough kills in every mode. */
export async function runKills(program: Program, modes: readonly Mode[], options: RigOptions & { kills: number }): Promise<PartReport> {
  const report = newReport('kills');
  const ends: PlanEnd[] = [];
  const killed = (mode?: Mode): number => ends.reduce((sum, end) => sum + (mode === undefined || end.mode === mode ? end.kills : 0), 0);
  const share = Math.ceil(options.kills / modes.length);
  let started = 0;
  await inLanes(lanes, () => {
    const mode = modes.filter((each) => killed(each) < share).toSorted((one, other) => killed(one) - killed(other))[started % 2] ?? modes.find((each) => killed(each) < share);
    if (mode === undefined) return null;
    started += 1;
    const seed = options.seed + started * 7_919;
    return async () => {
      const end = await pushOnePlan(program, mode, seed);
      ends.push(end);
      count(report, end.problem);
      if (end.problem !== null) options.log(`  ${end.problem}`);
    };
  });
  const sum = (of: (end: PlanEnd) => number): number => ends.reduce((total, end) => total + of(end), 0);
  const plans = ends.length;
  report.lines.push(
    `${killed()} kill -9 during pushes (${modes.map((mode) => `${mode} ${killed(mode)}`).join(', ')}) of ${plans} plans with ${records.creates} creates and ${records.updates} updates each`,
    `  lost: ${sum(({ lost }) => lost)} records; kills that lost something: ${boundOf(ends.filter(({ lost }) => lost > 0).length, killed())}`,
    `  applied twice: ${sum(({ twice }) => twice)} records; kills that doubled something: ${boundOf(ends.filter(({ twice }) => twice > 0).length, killed())}`,
    `  chain broken at an opening: ${boundOf(sum(({ brokenChains }) => brokenChains), sum(({ opened }) => opened))}`,
    `  counts, log or end of the run wrong: ${boundOf(ends.filter(({ other }) => other > 0).length, plans)} plans`,
  );
  return report;
}
