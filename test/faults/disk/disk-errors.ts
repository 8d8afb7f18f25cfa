import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { randomFrom } from '../random-from.ts';
import { chunkSize, inParallel, openSmallBatch, planned, sampleOf } from './cases.ts';
import type { FaultOptions, FaultReport } from './fault-part.ts';
import { problemsAfterRecovery } from './oracle.ts';
import type { LifeEnd } from './pushing-life.ts';
import { runTraced, straceMissing, type DiskPoint, type Ended, type Tampering } from './strace.ts';
import { undisturbedPoints, wordsOf } from './syscall-kills.ts';

type DiskError = Extract<Tampering, { do: 'fail' }>;

/** An error of the disk, and where the process is killed after it, if it is. */
interface Case {
  error: DiskError;
  kill: DiskPoint | null;
}

/** Of the plain writes one of so many is tried in the CI part. */
const sampledEvery = 30;

/**
 * Lets a disk call of a pushing process fail, once or from there on for good, at each of them in turn; and where an fsync has failed, so
 * that a commit has thrown which may be durable, also kills the process soon after.
 *
 * Shape:  required: nothing is sent without a durable intent; the process refuses with `audit-not-writable` in words that a person
 *         understands and does not die; an error that passes is overcome by the same process; what it said was completed is so; the
 *         next life, on a disk that works, brings every record to exactly one effect.
 */
export async function runDiskErrors({ programs, seed, size, log }: FaultOptions): Promise<FaultReport> {
  const report: FaultReport = { name: 'Rows 21, 22 and 30: a disk call fails', tried: 0, bad: 0, details: [], notRun: straceMissing() };
  if (report.notRun !== null) return report;
  const random = randomFrom(seed);
  const points = await undisturbedPoints(programs.pushing);
  const chosen = size === 'long' ? points : sampleOf(points, size === 'ci' ? sampledEvery : 4 * sampledEvery, random);
  const cases = [...chosen.flatMap((at) => errorsAt(at, size, random)).map((error): Case => ({ error, kill: null })), ...killsAfterFsync(points, random)];
  log(`${points.length} disk calls in one push of ${planned} records; ${cases.length} errors tried`);
  let refused = 0;

  await inParallel(cases, async ({ error, kill }) => {
    const bench = await openSmallBatch();
    try {
      const end = await runTraced(wordsOf(programs.pushing, bench.start), { tampering: kill === null ? [error] : [error, { do: 'kill', at: kill }] });
      const { problems, refusals } = kill !== null && end.signal === 'SIGKILL' ? { problems: [], refusals: 0 } : await problemsOfLife(end, error, bench.folder);
      problems.push(...(await problemsAfterRecovery(bench, planned, chunkSize)));
      report.tried += 1;
      refused += Math.min(1, refusals);
      if (problems.length === 0) return;
      report.bad += 1;
      report.details.push(`${error.error} ${error.isLasting ? 'from' : 'once at'} ${error.at.call} ${error.at.at}${kill === null ? '' : `, killed at ${kill.call} ${kill.at}`}: ${problems.join('; ')}`);
    } finally {
      await bench.close();
    }
  });
  log(`${refused} of ${report.tried} lives were refused by the disk at least once`);
  if (refused === 0) report.notRun = 'no error that strace put in place was felt';
  return report;
}

/** After each fsync that fails, a kill at one of the next few writes. */
function killsAfterFsync(points: readonly DiskPoint[], random: (below: number) => number): Case[] {
  return points.flatMap((at, index) => {
    const kill = points.slice(index).filter(({ call }) => call === 'pwrite64')[random(8)];
    return at.call === 'fsync' && kill !== undefined ? [{ error: { do: 'fail', error: 'EIO', at, isLasting: false }, kill }] : [];
  });
}

/** In the CI part one error for each point, drawn by lot; else all four. */
function errorsAt(at: DiskPoint, size: FaultOptions['size'], random: (below: number) => number): DiskError[] {
  const all = (['EIO', 'ENOSPC'] as const).flatMap((error) => [false, true].map((isLasting): DiskError => ({ do: 'fail', error, at, isLasting })));
  return size === 'long' ? all : all.slice(random(all.length)).slice(0, 1);
}

async function problemsOfLife(ended: Ended, { isLasting }: DiskError, folder: string): Promise<{ problems: string[]; refusals: number }> {
  if (ended.code !== 0) return { problems: [`the life died of it (${ended.code ?? ended.signal}): ${ended.stderr}`], refusals: 0 };
  const { state, refusals, reads } = JSON.parse(ended.stdout) as LifeEnd;
  const problems = refusals.filter(({ code, message }) => code !== 'audit-not-writable' || !isPlain(message)).map(({ code, message }) => `refused with ${code}: ${message}`);
  problems.push(...reads.filter((said) => said !== 'read' && !isPlain(said)).map((said) => `could not be read: ${said}`));
  if (state === null && refusals.length === 0) problems.push('neither done nor refused');
  if (state !== null && state !== 'completed') problems.push(`the run of that life is ${state}`);
  if (state === null && !isLasting) problems.push(`an error that had passed was not overcome: ${refusals.map(({ message }) => message).join(' ')}`);
  if (state === 'completed' && (await stateOnDisk(folder)) !== 'completed') problems.push('what was said to be completed is not in the ledger');
  return { problems, refusals: refusals.length };
}

/** A sentence that says what cannot be done, why, and what to do. */
export function isPlain(message: string): boolean {
  return /^The audit log cannot be written: .*(disk|user).* \(SQLITE_\w+\)\. Nothing is sent or decided until it can\. Then try again/u.test(message);
}

async function stateOnDisk(folder: string): Promise<string | null> {
  const ledger = await openLedger({ folder, readonly: true, threads: false });
  const [run] = await ledger.runs('B-1');
  await ledger.close();
  return run?.state ?? null;
}
