import { availableParallelism } from 'node:os';
import { openWorkbench, planOf, type PushWorkbench } from '../../core/push/push-workbench.ts';
import type { LifeStart } from './pushing-life.ts';
import type { DiskPoint } from './strace.ts';

export const chunkSize = 3;
const creates = 4;
const updates = 4;
export const planned = creates + updates;

/** A workspace with a small approved batch of creates and updates, its ledger closed, beside an org of its own. */
export async function openSmallBatch(): Promise<PushWorkbench & { start: LifeStart }> {
  const bench = await openWorkbench(planOf(creates, updates), { chunkSize });
  await bench.ledger.close();
  const { url, credentials } = bench.simulated;
  return { ...bench, start: { folder: bench.folder, url, credentials, chunkSize } };
}

/** Every point that is no plain write, and of the plain writes one of `every`, from a place drawn by lot on. */
export function sampleOf(points: readonly DiskPoint[], every: number, random: (below: number) => number): DiskPoint[] {
  const offset = random(every);
  return points.filter(({ call, at }) => call !== 'pwrite64' || at % every === offset);
}

/** Works through cases, as many at a time as there are processors, at most four. */
export async function inParallel<T>(cases: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
}
