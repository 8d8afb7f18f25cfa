import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { AppFailure } from '../app-failure.ts';
import { requireBatch } from './begin.ts';
import { readChunks } from './chunks.ts';
import { unsettledOf } from './look-ahead.ts';
import { enterPhase, tellProgress, waitFor } from './progress.ts';
import { pushChunk } from './push-chunk.ts';
import { resolveOpenIntents } from './reconcile.ts';
import { countsOf, isUnsettled, runNow, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { plannedAgain } from './settled.ts';
import { storeStep, type ItemResult } from './store.ts';

/** So many chunks whose answers were lost mean that the fault is not with one call. */
const mostSetAside = 10;

/** A chunk whose effect is partly unknown and that is looked at again when no lost call can write any more. */
interface SetAside {
  chunk: ChunkWork;
  hot: readonly WorkItem[];
  tries: number;
}

/**
 * Works through the chunks of a run, one at a time, then through what was set aside, and ends it.
 *
 * Shape:  the run as it stands in the ledger afterwards.
 * Errors: `audit-not-writable` leaves the run as it is, to be resumed; a bug marks it interrupted first.
 */
export async function workOnRun(session: PushSession): Promise<Run> {
  const place: { chunk: ChunkWork | null } = { chunk: null };
  try {
    const reason = await workThrough(session, place);
    if (reason !== null) return await stopWork(session, place.chunk, reason, 'stopped');
    return await finishWork(session);
  } catch (error) {
    const { ledger, logger } = session.deps;
    logger.error('push.broke-off', { runId: session.run.id, error: String(error) });
    const isAuditLost = error instanceof AppFailure && error.error.code === 'audit-not-writable';
    if (!isAuditLost && (await ledger.run(session.run.id))?.state === 'running') {
      await stopWork(session, place.chunk, { code: 'unexpected', message: 'The run broke off because of a fault in the app.' }, 'interrupted');
    }
    throw error;
  }
}

/** Why the run has to stop, at the chunk that `place` then holds; null when everything was dealt with. */
async function workThrough(session: PushSession, place: { chunk: ChunkWork | null }): Promise<StopReason | null> {
  enterPhase(session, 'reading');
  const unresolved = await resolveOpenIntents(session);
  if (unresolved !== null) {
    place.chunk = unresolved.chunk;
    return unresolved.reason;
  }
  const aside: SetAside[] = [];
  const work = async (chunk: ChunkWork, tries: number): Promise<StopReason | null> => {
    place.chunk = chunk;
    session.chunk = chunk.number;
    session.phase = 'writing';
    const end = await pushChunk(session, chunk, tries);
    if (end.stop === null && end.hot.length > 0) aside.push({ chunk, hot: end.hot, tries: Math.max(1, end.tries) });
    if (aside.length > mostSetAside) return { code: 'ANSWER_LOST', message: 'The answers of many calls were lost. Nothing more is sent until you resume the run.' };
    tellProgress(session);
    return end.stop;
  };

  for await (const chunk of openChunks(session)) {
    const stop = await work(chunk, 0);
    if (stop !== null) return stop;
  }
  session.next = null;
  for (let again = aside.shift(); again !== undefined; again = aside.shift()) {
    place.chunk = again.chunk;
    await waitFor(session, Math.max(0, ...again.hot.map(({ lostUntil }) => lostUntil)) - session.deps.clock.elapsedMs(), 'late-effect');
    const stop = await work(again.chunk, again.tries);
    if (stop !== null) return stop;
  }
  return null;
}

/** The chunks that still have something to do, each once the one before is done; the session knows the one that follows. */
async function* openChunks(session: PushSession): AsyncGenerator<ChunkWork> {
  const chunks = readChunks(session);
  const nextOpen = async (): Promise<ChunkWork | null> => {
    for (let read = await chunks.next(); read.done !== true; read = await chunks.next()) {
      if (unsettledOf(read.value).length > 0) return read.value;
    }
    return null;
  };
  let chunk = await nextOpen();
  while (chunk !== null) {
    session.next = session.run.mode === 'bulk' ? null : await nextOpen();
    yield chunk;
    chunk = session.run.mode === 'bulk' ? await nextOpen() : session.next;
  }
}

/** Ends the work for now: what was certainly not written is planned again, what may have been is unknown. */
async function stopWork(session: PushSession, chunk: ChunkWork | null, reason: StopReason, state: 'stopped' | 'interrupted'): Promise<Run> {
  const results = (chunk?.items ?? []).flatMap((item): ItemResult[] => {
    if (item.record.state === 'planned' || !isUnsettled(item.record.state)) return [];
    if (!item.isOpen) return [plannedAgain(session, item)];
    if (item.record.state === 'unknown') return [];
    const { salesforceId } = item.record;
    return [{ item, result: { state: 'unknown', code: reason.code, message: reason.message, fields: [], salesforceId, now: null } }];
  });
  const run = { ...runNow(session), state, endedAt: session.deps.clock.now(), stopReason: { code: reason.code, message: reason.message } };
  const events = [runEvent(session, 'run.stopped', { code: reason.code, reason: reason.message })];
  if (chunk === null) await session.deps.ledger.commit({ events, writes: [{ write: 'run.put', run }] });
  else await storeStep(session, chunk, { results, events, run });
  session.deps.logger.warn('push.stopped', { runId: run.id, code: reason.code });
  return tellEnd(session, state);
}

async function finishWork(session: PushSession): Promise<Run> {
  const { ledger, clock } = session.deps;
  const counts = countsOf(session);
  const isClean = counts.failed + counts.stale + counts.unknown + counts.notSent === 0;
  const state = isClean ? 'completed' : 'completed-with-errors';
  const batch = await requireBatch(session.deps, session.batch.id);
  const whole = batch.outcomes ?? counts;
  const isBatchClean = isClean && whole.failed + whole.stale + whole.unknown + whole.notSent === 0;
  const run = { ...runNow(session), state, endedAt: clock.now() } as const;
  const { apiCalls, writeCalls, seconds } = run;
  await ledger.commit({
    events: [runEvent(session, 'run.finished', { state, ...counts, apiCalls, writeCalls, seconds })],
    writes: [
      { write: 'run.put', run },
      { write: 'batch.change', batchId: batch.id, change: { state: isBatchClean ? 'completed' : 'completed-with-errors' } },
    ],
  });
  return tellEnd(session, state);
}

function runEvent(session: PushSession, type: 'run.stopped' | 'run.finished', data: NewAuditEvent['data']): NewAuditEvent {
  return { type, actor: session.actor, batchId: session.batch.id, runId: session.run.id, keys: [], data };
}

async function tellEnd(session: PushSession, state: Run['state']): Promise<Run> {
  tellProgress(session, state);
  session.deps.emit('batches.changed', { id: session.batch.id });
  const run = await session.deps.ledger.run(session.run.id);
  if (run === null) throw new Error(`Run ${session.run.id} is not in the ledger.`);
  return run;
}
