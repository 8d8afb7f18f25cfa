import { settleJob } from './job-results.ts';
import { awaitJob, endJob, giveUpJob, jobStep } from './job-steps.ts';
import { enterPhase } from './progress.ts';
import type { ChunkWork, PushSession, StopReason } from './session.ts';
import { plannedAgain } from './settled.ts';
import { storeStep, type ItemIntent } from './store.ts';

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
  // Whatever the job has done shows once it has ended; nothing of it comes later.
  for (const item of chunk.items) item.hotUntil = 0;
  const { jobId } = stored;
  if (jobId === null || (stored.state === 'open' && (await giveUpJob(session, jobId)))) {
    await endJob(session, chunk, jobId, { outcome: 'given up before it was closed' });
    return null;
  }
  enterPhase(session, 'job');
  const found = await session.deps.org.bulk.job(jobId, session.never);
  if (found?.state === 'Open' && (await giveUpJob(session, jobId))) {
    await endJob(session, chunk, jobId, { outcome: 'given up before it was closed' });
    return null;
  }
  const ended = await awaitJob(session, jobId);
  const intents = chunk.items.flatMap(({ isOpen, record }, index): ItemIntent[] => {
    const item = chunk.items[index];
    return isOpen && item !== undefined && record.sent !== null ? [{ item, beforeImage: record.beforeImage, sent: record.sent }] : [];
  });
  const { stop, left } = await settleJob(session, chunk, jobId, ended, intents);
  const untouched = left.filter((item) => !item.isOpen);
  await storeStep(session, chunk, { results: untouched.map(plannedAgain), ...jobStep(session, chunk, { jobId, state: 'ended' }, { outcome: 'recovered', untouched: untouched.length }) });
  return stop;
}
