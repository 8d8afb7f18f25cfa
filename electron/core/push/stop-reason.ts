import { AppFailure } from '../app-failure.ts';
import { OrgCallError } from '../org-ports.ts';
import { StopRequest } from './active-runs.ts';
import { isOurs } from './call-failure.ts';
import type { PushSession, StopReason } from './session.ts';

/** A re-read, a call, a read-back, and one to spare; a job is asked for many times until it ends. */
const callsPerChunk = { collections: 4, strict: 4, bulk: 100 } as const;

/** The org's own failures stop the run; a bug or a failing audit log goes on to the caller. */
export function stopOf(error: unknown): StopReason {
  if (error instanceof OrgCallError) return { code: error.code, message: error.message };
  if (!(error instanceof AppFailure) || isOurs(error)) throw error;
  return { code: error.error.code, message: error.error.message };
}

/** The reason of a run whose stop signal was raised: by whom, where a person did it. */
export function stopRequested(stop: AbortSignal): StopReason {
  const reason: unknown = stop.reason;
  return { code: 'stop-requested', message: reason instanceof StopRequest ? `The run was stopped by ${reason.actor}.` : 'The run was stopped on request.' };
}

/** Why nothing more may be sent right now: a stop, a pause, or the org's calls of the day; null when it may. */
export async function reasonToStop({ deps, stop, run }: PushSession): Promise<StopReason | null> {
  if (stop.aborted) return stopRequested(stop);
  const paused = await deps.ledger.paused();
  if (paused !== null) return { code: 'paused', message: `Pushes were paused by ${paused.by}: ${paused.reason}` };
  const { dailyUsed, dailyLimit } = deps.org.usage();
  if (dailyUsed !== null && dailyLimit !== null && dailyLimit - dailyUsed < callsPerChunk[run.mode]) {
    return { code: 'REQUEST_LIMIT_EXCEEDED', message: `The org has used ${dailyUsed} of its ${dailyLimit} API calls of the day.` };
  }
  return null;
}
