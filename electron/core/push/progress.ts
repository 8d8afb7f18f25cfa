import type { RunProgress, Run } from '../../../shared/domain/batch.ts';
import { waitUnlessStopped } from './backoff.ts';
import { countsOf, type PushSession } from './session.ts';

/** Shorter waits are not worth telling. */
const toldFromMs = 1_000;

/** Tells how far the run has come: counts, rate, time left, API calls, and what it is doing right now. */
export function tellProgress(session: PushSession, state: Run['state'] = 'running'): void {
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
    chunk: session.chunk,
    chunks: session.chunks.length,
    phase: state === 'running' ? session.phase : 'ended',
    waitsUntil: state === 'running' ? session.waitsUntil : null,
    waitsFor: state === 'running' ? session.waitsFor : null,
    recordsPerSecond: rate,
    secondsLeft: rate === null ? null : Math.ceil(left / rate),
    apiUsed: usage.dailyUsed,
    apiLimit: usage.dailyLimit,
  };
  deps.emit('run.progress', progress);
}

/** Says what the run does now. */
export function enterPhase(session: PushSession, phase: RunProgress['phase']): void {
  session.phase = phase;
  tellProgress(session);
}

/** Waits and tells until when and why, or returns early when the run is to stop. */
export async function waitFor(session: PushSession, ms: number, waitsFor: RunProgress['waitsFor'] = 'retry'): Promise<void> {
  const { clock } = session.deps;
  if (ms < toldFromMs) return waitUnlessStopped(clock, ms, session.stop);
  const { phase } = session;
  session.waitsUntil = new Date(Date.parse(clock.now()) + ms).toISOString();
  session.waitsFor = waitsFor;
  enterPhase(session, 'waiting');
  await waitUnlessStopped(clock, ms, session.stop);
  session.waitsUntil = null;
  session.waitsFor = null;
  enterPhase(session, phase);
}
