import { AppFailure } from '../app-failure.ts';
import { OrgCallError } from '../org-ports.ts';
import { StopRequest } from './active-runs.ts';
import type { StopReason } from './session.ts';

/** The org's own failures stop the run; a bug or a failing audit log goes on to the caller. */
export function stopOf(error: unknown): StopReason {
  if (error instanceof OrgCallError) return { code: error.code, message: error.message };
  if (!(error instanceof AppFailure) || error.error.code === 'audit-not-writable' || error.error.code === 'unexpected') throw error;
  return { code: error.error.code, message: error.error.message };
}

/** The reason of a run whose stop signal was raised: by whom, where a person did it. */
export function stopRequested(stop: AbortSignal): StopReason {
  const reason: unknown = stop.reason;
  return { code: 'stop-requested', message: reason instanceof StopRequest ? `The run was stopped by ${reason.actor}.` : 'The run was stopped on request.' };
}
