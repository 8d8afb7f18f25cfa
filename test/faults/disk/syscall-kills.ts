import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from '../random-from.ts';
import { chunkSize, inParallel, openSmallBatch, planned, sampleOf } from './cases.ts';
import type { FaultOptions, FaultReport } from './fault-part.ts';
import { problemsAfterRecovery } from './oracle.ts';
import type { LifeStart } from './pushing-life.ts';
import { diskCalls, pointsOf, runTraced, straceMissing, type DiskPoint } from './strace.ts';

/** Of the plain writes one of so many is tried in the CI part. */
const sampledEvery = 12;
/** Kills one after the other, each while the next life recovers from the one before. */
const nestedKills = 5;

/** The disk calls of a push that nobody disturbs, in order. */
export async function undisturbedPoints(life: string): Promise<DiskPoint[]> {
  const bench = await openSmallBatch();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  const file = join(folder, 'calls.log');
  try {
    const end = await runTraced(wordsOf(life, bench.start), { log: { file, calls: diskCalls } });
    if (end.code !== 0) throw new Error(`An undisturbed life ended with ${end.code ?? end.signal}: ${end.stderr}`);
    return pointsOf(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await bench.close();
  }
}

/** The words with which Node is started for a life. */
export function wordsOf(life: string, start: LifeStart): string[] {
  return [life, JSON.stringify(start)];
}

/**
 * Kills a pushing process just before a disk call, at each of them in turn; then the next life must bring every record to exactly one
 * effect. Some cases kill that next life too, five times over.
 */
export async function runSyscallKills({ programs, seed, size, log }: FaultOptions): Promise<FaultReport> {
  const report: FaultReport = { name: 'Rows 1, 2 and 5: a kill before a disk call', tried: 0, bad: 0, details: [], notRun: straceMissing() };
  if (report.notRun !== null) return report;
  const random = randomFrom(seed);
  const points = await undisturbedPoints(programs.pushing);
  const chosen = size === 'long' ? points : sampleOf(points, size === 'ci' ? sampledEvery : 4 * sampledEvery, random);
  const anyPoint = (): DiskPoint => points[random(points.length)] as DiskPoint;
  const nested = Array.from({ length: { long: 100, ci: 3, few: 1 }[size] }, () => Array.from({ length: nestedKills }, anyPoint));
  log(`${points.length} disk calls in one push of ${planned} records; ${chosen.length} of them tried alone, ${nested.length} chains of ${nestedKills} kills`);

  await inParallel([...chosen.map((point) => [point]), ...nested], async (kills) => {
    const bench = await openSmallBatch();
    try {
      for (const at of kills) {
        const end = await runTraced(wordsOf(programs.pushing, bench.start), { tampering: [{ do: 'kill', at }] });
        // A life that has less to do than the undisturbed one may not come that far.
        if (end.code === 0) continue;
        report.tried += 1;
        if (end.signal !== 'SIGKILL') note(report, kills, [`a life ended with ${end.code}: ${end.stderr}`]);
      }
      note(report, kills, await problemsAfterRecovery(bench, planned, chunkSize));
    } finally {
      await bench.close();
    }
  });
  if (report.tried === 0) report.notRun = 'strace killed nothing';
  return report;
}

function note(report: FaultReport, kills: readonly DiskPoint[], problems: readonly string[]): void {
  if (problems.length === 0) return;
  report.bad += 1;
  report.details.push(`killed at ${kills.map(({ call, at }) => `${call} ${at}`).join(', then ')}: ${problems.join('; ')}`);
}
