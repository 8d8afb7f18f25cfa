import { readChunks } from './chunks.ts';
import { look, type Looked } from './look.ts';
import type { ChunkWork, PushSession, StopReason, WorkItem } from './session.ts';
import { stopOf } from './stop-reason.ts';
import { storeStep, type ItemResult } from './store.ts';

/** The results of the records that need no call: already equal, stale, or written by our own lost call. */
export function settledResults(looked: readonly Looked[]): ItemResult[] {
  return looked.flatMap(({ item, verdict }) => {
    if (verdict.verdict === 'send') return [];
    const { state, code, fields, salesforceId, now } = verdict;
    return [{ item, result: { state, code, message: null, fields, salesforceId, now } }];
  });
}

/**
 * Settles records whose effect is not known by looking at Salesforce, without sending anything.
 *
 * Shape:  written as sent: succeeded; untouched: planned again, and safe to send since an update writes absolute values
 *         and a create carries its unique key; anything else: stale.
 * Errors: the org's own failures; then the records stay unknown.
 */
export async function reconcile(session: PushSession, chunk: ChunkWork, open: readonly WorkItem[]): Promise<void> {
  const looked = await look(session, open);
  const untouched = looked.filter(({ verdict }) => verdict.verdict === 'send');
  for (const { item } of untouched) item.isOpen = false;
  await storeStep(session, chunk, { results: [...settledResults(looked), ...untouched.map(({ item }) => plannedAgain(item))] });
}

/**
 * Resolves every open intent that an earlier process or a stopped run has left, before anything is sent.
 *
 * Shape:  null when all have been looked at; otherwise the chunk at which the org could not be asked, and why.
 * Errors: `audit-not-writable`.
 */
export async function resolveOpenIntents(session: PushSession): Promise<{ chunk: ChunkWork; reason: StopReason } | null> {
  if ((session.tally.get('unknown') ?? 0) === 0) return null;
  for await (const chunk of readChunks(session.deps.ledger, session.run.id, session.chunks)) {
    const open = chunk.items.filter((item) => item.isOpen);
    if (open.length === 0) continue;
    try {
      await reconcile(session, chunk, open);
    } catch (error) {
      return { chunk, reason: stopOf(error) };
    }
  }
  return null;
}

/** Puts a record back that was certainly not written. */
export function plannedAgain(item: WorkItem): ItemResult {
  return { item, result: { state: 'planned', code: null, message: null, fields: [], salesforceId: null, now: null } };
}
