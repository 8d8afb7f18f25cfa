import type { HistoryEntry, Kind, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { AppFailure } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Cache, CachedDetail } from '../ports.ts';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';

const newestEvents = 200;

/**
 * Shows everything about one pending change.
 *
 * Shape:  without a kind, the create of the key comes before its update.
 * Errors: throws `not-found` when nothing is pending under the key.
 */
export async function showPending({ cache, ledger }: { cache: Cache; ledger: Ledger }, { key, kind }: { key: string; kind?: Kind | undefined }): Promise<PendingDetail> {
  const item = await cache.show(key, kind);
  if (item === null) throw new AppFailure('not-found', `Nothing is pending for ${key}${kind === undefined ? '' : ` as ${kind}`}.`, { key });
  return withHistory(ledger, item);
}

/** Adds what only the ledger knows of a record: its events, newest first, and what was said about it. */
export async function withHistory(ledger: Ledger, item: CachedDetail): Promise<PendingDetail> {
  const [{ events }, comments] = await Promise.all([ledger.events({ key: item.key, limit: newestEvents }), ledger.comments(item.key, item.contentHash)]);
  const history = events.map((event): HistoryEntry => ({ seq: event.seq, at: event.at, actor: event.actor, type: event.type, summary: summarizeEvent(event) }));
  return { ...item, history, comments };
}
