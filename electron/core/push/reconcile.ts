import { readChunks } from './chunks.ts';
import { look } from './look.ts';
import { recoverJob } from './recover-job.ts';
import type { ChunkWork, PushSession, StopReason, WorkItem } from './session.ts';
import { plannedAgain, sortLooked } from './settled.ts';
import { stopOf } from './stop-reason.ts';
import { storeStep } from './store.ts';

/**
 * Settles records whose effect is not known by looking at Salesforce, without sending anything.
 *
 * Shape:  written as sent: succeeded; untouched: planned again, and safe to send since an update writes absolute values
 *         and a create carries its unique key; anything else: stale. What a lost call may still change stays unknown.
 * Errors: the org's own failures; then the records stay unknown.
 */
export async function reconcile(session: PushSession, chunk: ChunkWork, open: readonly WorkItem[]): Promise<void> {
  if (open.length === 0) return;
  const { toSend, settled } = sortLooked(session, await look(session, open));
  const untouched = toSend.map(({ looked }) => looked);
  for (const { item } of untouched) item.isOpen = false;
  const written = settled.filter(({ result }) => result.state === 'succeeded').length;
  const facts = { chunk: chunk.number, looked: open.length, written, untouched: untouched.length, stale: settled.filter(({ result }) => result.state === 'stale').length };
  await storeStep(session, chunk, {
    results: [...settled, ...untouched.map(({ item }) => plannedAgain(session, item))],
    events: [{ type: 'chunk.resolved', actor: session.actor, batchId: session.batch.id, runId: session.run.id, keys: untouched.map(({ item }) => item.record.key), data: facts }],
  });
}

/**
 * Resolves every open intent that an earlier process or a stopped run has left, before anything is sent.
 *
 * Shape:  null when all have been looked at; otherwise the chunk at which the org could not be asked, and why.
 * Errors: `audit-not-writable`.
 */
export async function resolveOpenIntents(session: PushSession): Promise<{ chunk: ChunkWork; reason: StopReason } | null> {
  if ((session.tally.get('unknown') ?? 0) === 0) return null;
  for await (const chunk of readChunks(session)) {
    const open = chunk.items.filter((item) => item.isOpen);
    if (open.length === 0) continue;
    try {
      const stop = await recoverJob(session, chunk);
      if (stop !== null) return { chunk, reason: stop };
      await reconcile(session, chunk, open.filter((item) => item.isOpen));
    } catch (error) {
      return { chunk, reason: stopOf(error) };
    }
  }
  return null;
}
