import { AppFailure } from '../app-failure.ts';
import { OrgCallError } from '../org-ports.ts';
import { longestRetryAfterMs, mostTries } from './backoff.ts';

/** Failures that Salesforce or the adapter reports before anything is processed. */
const refusedBeforeProcessing: readonly string[] = ['not-signed-in', 'permission-denied', 'rate-limited', 'limit-exceeded', 'not-available-here', 'invalid-input'];

/** True for a failure of this computer: the audit log or the workspace, not the org. */
export function isOurs({ error }: AppFailure): boolean {
  return error.code === 'audit-not-writable' || error.code === 'workspace-damaged' || error.code === 'unexpected';
}

/** What a failed write means for its records. Errors: anything that is no failure of the org goes on to the caller. */
export function toOrgCallError(error: unknown): OrgCallError {
  if (error instanceof OrgCallError) return error;
  if (!(error instanceof AppFailure) || isOurs(error)) throw error;
  const effect = refusedBeforeProcessing.includes(error.error.code) ? 'not-processed' : 'unknown';
  return new OrgCallError({ effect, code: error.error.code, message: error.error.message });
}

/** True when a call that failed as a whole may be sent again after a wait: not too often, and not when Salesforce wants a long one. */
export function mayTryAgain(error: OrgCallError, tries: number): boolean {
  const mayHelp = error.effect === 'unknown' || (error.retryable && error.code !== 'REQUEST_LIMIT_EXCEEDED');
  return mayHelp && (error.retryAfterMs ?? 0) <= longestRetryAfterMs && tries < mostTries;
}

/** 400 and 413 say that the request itself is at fault: one record of it, as a rule. */
export function isRefusedAsWhole(error: OrgCallError): boolean {
  return error.effect === 'not-processed' && !error.retryable && (error.status === 400 || error.status === 413);
}
