import { AppFailure, cancelled } from '../../core/app-failure.ts';
import { OrgCallError } from '../../core/org-ports.ts';
import { HttpFailure } from './http-failure.ts';

/** Codes with which Salesforce says that a name does not exist or that the user may not see it; it tells the two not apart. */
const hiddenOrMissing: ReadonlySet<string> = new Set(['INVALID_FIELD', 'INVALID_TYPE', 'NOT_FOUND', 'INSUFFICIENT_ACCESS']);

/** Our own reasons not to send a call; waiting changes nothing about them. */
const neverSent: ReadonlySet<string> = new Set(['ABORTED', 'FOREIGN_ADDRESS']);

/** The failure of a call that nobody is signed in for; `code` is Salesforce's own, where it gave one. */
export function notSignedIn(message: string, code: string | null = null): AppFailure {
  return new AppFailure('not-signed-in', message, code === null ? {} : { code });
}

/** True when waiting and asking again may give an answer. */
export function isWorthRepeating(failure: HttpFailure): boolean {
  if (neverSent.has(failure.code)) return false;
  return failure.kind === 'not-sent' || failure.kind === 'lost' || failure.status === 429 || failure.status === 503;
}

/**
 * What a write call that failed as a whole means for the records in it.
 *
 * Source: what is surely not processed and what may have been: Salesforce status codes; connection failures by whether anything of
 *         the call can have left this computer.
 */
export function toCallError(error: unknown): OrgCallError {
  if (!(error instanceof HttpFailure)) {
    return new OrgCallError({ effect: 'unknown', code: 'UNREADABLE_ANSWER', message: 'The answer to a write cannot be read, so its effect is not known yet.' });
  }
  const { kind, code, status, retryAfterMs } = error;
  const isRefused = kind === 'status' && status !== null && ((status >= 400 && status < 500) || status === 503);
  const isLock = isRefused && code === 'UNABLE_TO_LOCK_ROW';
  return new OrgCallError({
    effect: isRefused || kind === 'not-sent' ? 'not-processed' : 'unknown',
    code,
    message: isRefused ? `Salesforce refused the call: ${error.message}` : error.message,
    status,
    retryable: (kind === 'not-sent' && !neverSent.has(code)) || status === 429 || status === 503 || isLock,
    retryAfterMs,
  });
}

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

/** The failure of a read, in the words that the rest of the app knows. */
export function toAppFailure(error: unknown): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const details = { code: error.code, status: error.status, ...(error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs }) };
  if (error.code === 'ABORTED') return cancelled('Reading from Salesforce');
  if (error.isExpired) return notSignedIn('Salesforce does not accept the sign-in. Sign in again.', error.code);
  if (error.code === 'REQUEST_LIMIT_EXCEEDED') {
    return new AppFailure('rate-limited', 'The org has used up its API calls for now. Wait until Salesforce allows calls again, then repeat.', details);
  }
  if (error.status === 429) return new AppFailure('rate-limited', 'Salesforce asks for fewer calls. Wait a little, then repeat.', details);
  if (hiddenOrMissing.has(error.code)) {
    return new AppFailure('permission-denied', `Salesforce does not show this to the signed-in user, or it does not exist: ${sentence(error.message)}`, details);
  }
  if (error.status === 403) return new AppFailure('permission-denied', `Salesforce does not allow this to the signed-in user: ${sentence(error.message)}`, details);
  return new AppFailure('org-unavailable', `Salesforce gave no usable answer: ${sentence(error.message)} Nothing was changed; try again.`, details);
}
