import type { OrgCallError } from '../org-ports.ts';
import { backoffMs, longestRetryAfterMs, mostTries, waitUnlessStopped } from './backoff.ts';
import { recognizeOwn } from './read-back.ts';
import { reconcile } from './reconcile.ts';
import { sendOnce, type SendEnd } from './send-chunk.ts';
import { isUnsettled, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { stopOf, stopRequested } from './stop-reason.ts';
import { storeStep, type ItemResult } from './store.ts';

/** Locked rows are retried in ever smaller calls, one after the other. */
const lockedPerCall = [50, 20, 10] as const;

/** So many records of one chunk refused alone mean that the fault is not in the records. */
const mostRefusedAlone = 10;

/** Records that are sent in one call, and how often that call has failed. */
interface Group {
  items: WorkItem[];
  tries: number;
  waitMs: number;
}

/**
 * Works on one chunk until every record is settled or the run must stop.
 *
 * Shape:  null when the chunk is done; otherwise why the run stops. Records not settled then keep their `isOpen`.
 * Errors: `audit-not-writable`: nothing more may be sent.
 */
export async function pushChunk(session: PushSession, chunk: ChunkWork): Promise<StopReason | null> {
  const groups: Group[] = [{ items: chunk.items.filter((item) => isUnsettled(item.record.state)), tries: 0, waitMs: 0 }];
  let refusedAlone = 0;
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    if (group.waitMs > 0) {
      await waitUnlessStopped(session.deps.clock, group.waitMs, session.stop);
      if (session.stop.aborted) return stopRequested(session.stop);
    }
    const end = await sendOrStop(session, chunk, group.items);
    if (end.stop !== null) return end.stop;
    groups.unshift(...lockedGroups(end.locked));
    if (end.failure === null) continue;
    const { error, items } = end.failure;
    session.deps.logger.warn('push.call-failed', { runId: session.run.id, chunk: chunk.number, records: items.length, effect: error.effect, code: error.code, status: error.status });
    if (isRefusedAsWhole(error)) {
      if (items.length > 1) {
        groups.unshift(...halves(items));
        continue;
      }
      const stop = await storeRefusedAlone(session, chunk, items, error);
      if (stop !== null) return stop;
      refusedAlone += 1;
      if (refusedAlone >= mostRefusedAlone) return { code: error.code, message: `Salesforce refused one call after the other: ${error.message}` };
      continue;
    }
    const again = await nextTry(session, chunk, { ...group, items }, error);
    if ('code' in again) return again;
    groups.unshift(again);
  }
  return null;
}

async function sendOrStop(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<SendEnd> {
  try {
    return await sendOnce(session, chunk, items);
  } catch (error) {
    return { locked: [], failure: null, stop: stopOf(error) };
  }
}

/** 400 and 413 say that the request itself is at fault: one record of it, as a rule. */
function isRefusedAsWhole(error: OrgCallError): boolean {
  return error.effect === 'not-processed' && !error.retryable && (error.status === 400 || error.status === 413);
}

async function nextTry(session: PushSession, chunk: ChunkWork, group: Group, error: OrgCallError): Promise<Group | StopReason> {
  const reason: StopReason = { code: error.code, message: error.message };
  const mayHelp = error.effect === 'unknown' || (error.retryable && error.code !== 'REQUEST_LIMIT_EXCEEDED');
  if (!mayHelp || (error.retryAfterMs ?? 0) > longestRetryAfterMs) return reason;
  const tries = group.tries + 1;
  if (tries < mostTries) return { ...group, tries, waitMs: backoffMs(tries, error.retryAfterMs) };
  if (error.effect === 'unknown') {
    try {
      await reconcile(session, chunk, group.items);
    } catch (failure) {
      return stopOf(failure);
    }
  }
  return reason;
}

function lockedGroups(items: readonly WorkItem[]): Group[] {
  const tries = items[0]?.lockTries ?? 1;
  const size = lockedPerCall[tries - 1] ?? 1;
  const groups: Group[] = [];
  for (let start = 0; start < items.length; start += size) {
    groups.push({ items: items.slice(start, start + size), tries: 0, waitMs: start === 0 ? backoffMs(tries + 1, null) : 0 });
  }
  return groups;
}

function halves(items: readonly WorkItem[]): Group[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].map((half) => ({ items: half, tries: 0, waitMs: 0 }));
}

async function storeRefusedAlone(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[], error: OrgCallError): Promise<StopReason | null> {
  const refused = items.map((item): ItemResult => ({ item, result: { state: 'failed', code: error.code, message: error.message, fields: [], salesforceId: item.record.recordId, now: null } }));
  try {
    await storeStep(session, chunk, { results: await recognizeOwn(session, refused) });
    return null;
  } catch (failure) {
    for (const item of items) item.isOpen = item.maybeOurs;
    return stopOf(failure);
  }
}
