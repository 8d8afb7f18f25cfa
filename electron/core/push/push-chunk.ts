import type { OrgCallError } from '../org-ports.ts';
import { backoffMs } from './backoff.ts';
import { isRefusedAsWhole, mayTryAgain } from './call-failure.ts';
import { unsettledOf } from './look-ahead.ts';
import { waitFor } from './progress.ts';
import { pushByJob } from './push-by-job.ts';
import { recognizeOwn } from './read-back.ts';
import { reconcile } from './reconcile.ts';
import { sendOnce, type SendEnd } from './send-chunk.ts';
import { isHot, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { splitFinal } from './settled.ts';
import { reasonToStop, stopOf } from './stop-reason.ts';
import { storeStep, type ItemResult } from './store.ts';

/** Contended rows are retried in ever smaller calls, one after the other. */
const contendedPerCall = [50, 20, 10] as const;

/** So many records of one chunk refused alone mean that the fault is not in the records. */
const mostRefusedAlone = 10;

/** Records of one Collections call in a chunk that began as a job. */
const leftOverPerCall = 200;

/** Records that are sent in one call, and how often that call has failed. */
interface Group {
  items: WorkItem[];
  tries: number;
  waitMs: number;
}

/** How far a chunk has come. */
export interface ChunkEnd {
  /** Why the run stops; null when it can go on. Records not settled then keep their `isOpen`. */
  stop: StopReason | null;
  /** Unknown records that a lost call may still write, to be looked at again later. */
  hot: WorkItem[];
  tries: number;
}

/**
 * Works on one chunk until every record is settled or set aside, or the run must stop.
 *
 * Shape:  in a bulk run a job comes first, and what it leaves goes by calls. Before each call it is asked whether the run is to stop or pause. `tries` counts the calls of these records that were lost before.
 * Errors: `audit-not-writable`: nothing more may be sent.
 */
export async function pushChunk(session: PushSession, chunk: ChunkWork, tries = 0): Promise<ChunkEnd> {
  const end: ChunkEnd = { stop: null, hot: [], tries };
  let items = unsettledOf(chunk);
  // A job never stands over records that a lost call may still write.
  if (session.run.mode === 'bulk' && tries === 0 && !items.some((item) => isHot(session, item))) {
    const stop = await reasonToStop(session);
    if (stop !== null) return { ...end, stop };
    const job = await pushByJob(session, chunk, items);
    if (job.stop !== null) return { ...end, stop: job.stop };
    items = job.left;
  }
  const groups: Group[] = [];
  const size = session.run.mode === 'bulk' ? leftOverPerCall : Math.max(1, items.length);
  for (let start = 0; start < items.length; start += size) groups.push({ items: items.slice(start, start + size), tries, waitMs: 0 });
  let refusedAlone = 0;
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    await waitFor(session, group.waitMs);
    const reason = await reasonToStop(session);
    if (reason !== null) return { ...end, stop: reason };
    const sent = await sendOrStop(session, chunk, group.items);
    end.hot.push(...sent.hot);
    if (sent.stop !== null) return { ...end, stop: sent.stop };
    groups.unshift(...contendedGroups(sent.contended));
    if (sent.failure === null) continue;
    const { error, items: failed } = sent.failure;
    session.deps.logger.warn('push.call-failed', { runId: session.run.id, chunk: chunk.number, records: failed.length, effect: error.effect, code: error.code, status: error.status });
    if (isRefusedAsWhole(error)) {
      if (failed.length > 1) {
        groups.unshift(...halves(failed));
        continue;
      }
      const alone = await storeRefusedAlone(session, chunk, failed, error);
      if (alone.stop !== null) return { ...end, stop: alone.stop };
      end.hot.push(...alone.hot);
      refusedAlone += 1;
      if (refusedAlone >= mostRefusedAlone) return { ...end, stop: { code: error.code, message: `Salesforce refused one call after the other: ${error.message}` } };
      continue;
    }
    const again = await nextTry(session, chunk, { ...group, items: failed }, error);
    if ('code' in again) return { ...end, stop: again };
    end.tries = Math.max(end.tries, again.tries);
    groups.unshift(again);
  }
  await storeHot(session, chunk, end.hot);
  return end;
}

async function sendOrStop(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<SendEnd> {
  try {
    return await sendOnce(session, chunk, items);
  } catch (error) {
    return { contended: [], hot: [], failure: null, stop: stopOf(error) };
  }
}

async function nextTry(session: PushSession, chunk: ChunkWork, group: Group, error: OrgCallError): Promise<Group | StopReason> {
  const tries = group.tries + 1;
  if (mayTryAgain(error, tries)) return { ...group, tries, waitMs: backoffMs(tries, error.retryAfterMs) };
  if (error.effect === 'unknown') {
    try {
      await reconcile(session, chunk, group.items);
    } catch (failure) {
      return stopOf(failure);
    }
  }
  return { code: error.code, message: error.message };
}

/** Says in the ledger that the effect on these records is unknown for now. */
async function storeHot(session: PushSession, chunk: ChunkWork, hot: readonly WorkItem[]): Promise<void> {
  for (const item of hot) item.isOpen = true;
  const unsaid = hot.filter((item) => item.record.state !== 'unknown' && item.record.state !== 'planned');
  const message = 'The answer was lost, and Salesforce may still be working on the call. The record is looked at again when that can no longer be.';
  const results = unsaid.map((item): ItemResult => ({ item, result: { state: 'unknown', code: 'ANSWER_LOST', message, fields: [], salesforceId: item.record.recordId, now: null } }));
  await storeStep(session, chunk, { results });
}

function contendedGroups(items: readonly WorkItem[]): Group[] {
  const tries = items[0]?.contendedTries ?? 1;
  const size = contendedPerCall[tries - 1] ?? 1;
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

async function storeRefusedAlone(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[], error: OrgCallError): Promise<{ stop: StopReason | null; hot: WorkItem[] }> {
  const refused = items.map((item): ItemResult => ({ item, result: { state: 'failed', code: error.code, message: error.message, fields: [], salesforceId: item.record.recordId, now: null } }));
  try {
    const { final, hot } = splitFinal(session, await recognizeOwn(session, refused));
    await storeStep(session, chunk, { results: final });
    return { stop: null, hot };
  } catch (failure) {
    for (const item of items) item.isOpen = item.maybeOurs;
    return { stop: stopOf(failure), hot: [] };
  }
}
