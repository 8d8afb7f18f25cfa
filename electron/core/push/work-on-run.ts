import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Run, RunProgress } from '../../../shared/domain/batch.ts';
import { AppFailure } from '../app-failure.ts';
import { requireBatch } from './begin.ts';
import { readChunks } from './chunks.ts';
import { pushChunk } from './push-chunk.ts';
import { plannedAgain, resolveOpenIntents } from './reconcile.ts';
import { countsOf, isUnsettled, runNow, type ChunkWork, type PushSession, type StopReason } from './session.ts';
import { stopRequested } from './stop-reason.ts';
import { storeStep, type ItemResult } from './store.ts';

/** A re-read, a call, a read-back, and one to spare. */
const callsPerChunk = 4;

/**
 * Works through the chunks of a run, one at a time, and ends it.
 *
 * Shape:  the run as it stands in the ledger afterwards.
 * Errors: `audit-not-writable` leaves the run as it is, to be resumed; a bug marks it interrupted first.
 */
export async function workOnRun(session: PushSession): Promise<Run> {
  let chunk: ChunkWork | null = null;
  try {
    tellProgress(session, 0, 'running');
    const unresolved = await resolveOpenIntents(session);
    if (unresolved !== null) return await stopWork(session, unresolved.chunk, unresolved.reason, 'stopped');
    for await (chunk of readChunks(session.deps.ledger, session.run.id, session.chunks)) {
      if (!chunk.items.some((item) => isUnsettled(item.record.state))) continue;
      const reason = (await reasonToStop(session)) ?? (await pushChunk(session, chunk));
      if (reason !== null) return await stopWork(session, chunk, reason, 'stopped');
      tellProgress(session, chunk.number, 'running');
    }
    return await finishWork(session);
  } catch (error) {
    const { ledger, logger } = session.deps;
    logger.error('push.broke-off', { runId: session.run.id, error: String(error) });
    const isAuditLost = error instanceof AppFailure && error.error.code === 'audit-not-writable';
    if (chunk !== null && !isAuditLost && (await ledger.run(session.run.id))?.state === 'running') {
      await stopWork(session, chunk, { code: 'unexpected', message: 'The run broke off because of a fault in the app.' }, 'interrupted');
    }
    throw error;
  }
}

async function reasonToStop({ deps, stop }: PushSession): Promise<StopReason | null> {
  if (stop.aborted) return stopRequested(stop);
  const paused = await deps.ledger.paused();
  if (paused !== null) return { code: 'paused', message: `Pushes were paused by ${paused.by}: ${paused.reason}` };
  const { dailyUsed, dailyLimit } = deps.org.usage();
  if (dailyUsed !== null && dailyLimit !== null && dailyLimit - dailyUsed < callsPerChunk) {
    return { code: 'REQUEST_LIMIT_EXCEEDED', message: `The org has used ${dailyUsed} of its ${dailyLimit} API calls of the day.` };
  }
  return null;
}

/** Ends the work for now: what was certainly not written is planned again, what may have been is unknown. */
async function stopWork(session: PushSession, chunk: ChunkWork, reason: StopReason, state: 'stopped' | 'interrupted'): Promise<Run> {
  const results = chunk.items.flatMap((item): ItemResult[] => {
    if (item.record.state === 'planned' || !isUnsettled(item.record.state)) return [];
    if (!item.isOpen) return [plannedAgain(item)];
    if (item.record.state === 'unknown') return [];
    const { salesforceId } = item.record;
    return [{ item, result: { state: 'unknown', code: reason.code, message: reason.message, fields: [], salesforceId, now: null } }];
  });
  const run = { ...runNow(session), state, endedAt: session.deps.clock.now(), stopReason: { code: reason.code, message: reason.message } };
  await storeStep(session, chunk, { results, events: [runEvent(session, 'run.stopped', { code: reason.code, reason: reason.message })], writes: [{ write: 'run.put', run }] });
  session.deps.logger.warn('push.stopped', { runId: run.id, code: reason.code });
  return tellEnd(session, chunk.number, state);
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
  return tellEnd(session, session.chunks.length, state);
}

function runEvent(session: PushSession, type: 'run.stopped' | 'run.finished', data: NewAuditEvent['data']): NewAuditEvent {
  return { type, actor: session.actor, batchId: session.batch.id, runId: session.run.id, keys: [], data };
}

async function tellEnd(session: PushSession, chunk: number, state: Run['state']): Promise<Run> {
  tellProgress(session, chunk, state);
  session.deps.emit('batches.changed', { id: session.batch.id });
  const run = await session.deps.ledger.run(session.run.id);
  if (run === null) throw new Error(`Run ${session.run.id} is not in the ledger.`);
  return run;
}

function tellProgress(session: PushSession, chunk: number, state: Run['state']): void {
  const { deps, began } = session;
  const counts = countsOf(session);
  const left = counts.notSent + counts.unknown;
  const seconds = (deps.clock.elapsedMs() - began.elapsedMs) / 1000;
  const rate = seconds > 0 && began.left > left ? (began.left - left) / seconds : null;
  const usage = deps.org.usage();
  const progress: RunProgress = {
    runId: session.run.id,
    batchId: session.batch.id,
    state,
    counts,
    chunk,
    chunks: session.chunks.length,
    phase: state === 'running' ? 'writing' : 'ended',
    waitsUntil: null,
    recordsPerSecond: rate,
    secondsLeft: rate === null ? null : Math.ceil(left / rate),
    apiUsed: usage.dailyUsed,
    apiLimit: usage.dailyLimit,
  };
  deps.emit('run.progress', progress);
}
