import { settleJob } from './job-results.ts';
import { awaitJob, endJob, giveUpJob } from './job-steps.ts';
import { enterPhase } from './progress.ts';
import { markSafe, type ChunkWork, type PushSession, type StopReason } from './session.ts';
import type { ItemIntent } from './store.ts';

/**
 * Finds out what became of a chunk's job that an earlier process, or a stopped run, has left.
 *
 * Shape:  null when nothing more is expected of it: its results are in the ledger, or it can never write anything. Records
 *         whose effect is still not known keep their `isOpen` and have to be looked at.
 * Errors: the org's own failures; the job is then asked for again at the next try. `audit-not-writable`.
 */
export async function recoverJob(session: PushSession, chunk: ChunkWork): Promise<StopReason | null> {
  const stored = await session.deps.ledger.job(session.run.id, chunk.number);
  if (stored === null || stored.state === 'ended') return null;
  const { jobId } = stored;
  const open = chunk.items.filter((item) => item.isOpen);
  // A job never stands over records that a call has been lost for, so whatever is open here is its own, and ends with it.
  for (const item of open) markSafe(session, item);
  enterPhase(session, 'job');
  // That a job is being closed is stored before it is. One that was not may have been aborted by a process that could not say so.
  if (jobId === null || ((stored.state === 'open' || !(await mayHaveBegun(session, jobId))) && (await giveUpJob(session, jobId)))) {
    await endJob(session, chunk, jobId, { outcome: 'given up before it was closed' });
    return null;
  }
  const ended = await awaitJob(session, jobId);
  const intents = open.flatMap((item): ItemIntent[] => (item.record.sent === null ? [] : [{ item, beforeImage: item.record.beforeImage, sent: item.record.sent }]));
  return (await settleJob(session, chunk, jobId, ended, intents)).stop;
}

/** False for a job that was never closed. */
async function mayHaveBegun({ deps, never }: PushSession, jobId: string): Promise<boolean> {
  return (await deps.org.bulk.job(jobId, never))?.state !== 'Open';
}
