import type { HistoryEntry, Kind, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { AppFailure } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Cache, CachedDetail, FallenDecision } from '../ports.ts';

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

/** Adds what only the ledger knows of a record: its events, newest first, with a decision that counts no more, and what was said about it. */
export async function withHistory(ledger: Ledger, { fallen, ...item }: CachedDetail): Promise<PendingDetail> {
  const [history, comments, fell] = await Promise.all([ledger.history(item.key, newestEvents), ledger.comments(item.key, item.contentHash), fallen === null ? [] : fallenEntry(ledger, fallen)]);
  return { ...item, history: [...history, ...fell].toSorted((one, other) => other.seq - one.seq), comments };
}

/** The event of a snapshot names no records; for one whose decision fell away it says so. */
async function fallenEntry(ledger: Ledger, fallen: FallenDecision): Promise<HistoryEntry[]> {
  const { events } = await ledger.events({ type: 'snapshot.loaded', limit: 1 });
  return events.map(({ seq, at, actor, type, data }) => ({ seq, at, actor, type, summary: summarizeFallen(fallen, String(data['id'] ?? '')) }));
}

const verbs = { approve: 'Approved', hold: 'Held', exclude: 'Excluded' } as const;

/** Says in one line which decision fell away, and why. */
export function summarizeFallen({ decision, by, at, reason, parts }: FallenDecision, snapshotId: string): string {
  const what = `${verbs[decision]} by ${by} on ${at.slice(0, 10)}${reason === null ? '' : ` (${reason})`}`;
  if (parts === null) return `${what} fell away in an earlier snapshot: the change is another one now`;
  const why = parts.includes('proposed') ? 'the proposal changed' : parts.includes('salesforce') ? 'Salesforce held other values' : 'other properties contributed';
  return `${what} fell away: ${why} in ${snapshotId}`;
}
