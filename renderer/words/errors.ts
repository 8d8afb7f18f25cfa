import type { AppError, ErrorCode, RefusalRule } from '../../shared/errors.ts';
import { refusalRules } from '../../shared/errors.ts';

/** What a failure means for the data and what to do, beside the core's own sentence of what happened. */
export interface FailureWords {
  title: string;
  meaning: string;
}

const nothingChanged = 'Nothing was changed.';

const byCode: Record<Exclude<ErrorCode, 'refused'>, FailureWords> = {
  'invalid-input': { title: 'The input cannot be used', meaning: `${nothingChanged} Correct it and try again.` },
  'not-found': { title: 'Not found', meaning: 'It may be gone since the last refresh. What you see otherwise still holds.' },
  'not-signed-in': { title: 'Nobody is signed in to Salesforce', meaning: 'Nothing is lost. Sign in, then go on.' },
  'permission-denied': { title: 'Not allowed', meaning: `${nothingChanged} Ask for the permission in Salesforce or the warehouse.` },
  'rate-limited': { title: 'Salesforce allows no more calls now', meaning: 'Nothing is lost. The run waits after its last chunk.' },
  'source-unavailable': { title: 'The warehouse did not answer', meaning: 'You still see the last snapshot; nothing was changed.' },
  'source-invalid': { title: 'The source cannot be read', meaning: 'You still see the last snapshot; nothing was changed. Correct the source, then refresh.' },
  'org-unavailable': { title: 'Salesforce did not answer', meaning: 'What you see stays as it is; nothing was changed by this call.' },
  'limit-exceeded': { title: 'Too much at once', meaning: `${nothingChanged} Take a smaller part.` },
  'workspace-busy': { title: 'Another Countersign is writing to this workspace', meaning: `${nothingChanged} Close the other one or wait until it is done.` },
  'workspace-damaged': { title: 'A file of the workspace is damaged', meaning: 'Nothing was deleted. Restore the file from a copy.' },
  'audit-not-writable': { title: 'The audit log cannot be written', meaning: 'Deciding and pushing are off until it can. Reading works; nothing is lost.' },
  'verification-failed': { title: 'Verification failed', meaning: 'Something is not as it was recorded. Do not push before it is understood.' },
  cancelled: { title: 'Cancelled', meaning: nothingChanged },
  'not-available-here': { title: 'Not available here', meaning: nothingChanged },
  unexpected: { title: 'Something went wrong in Countersign', meaning: 'Nothing was sent.' },
};

const byRule: Record<RefusalRule, FailureWords> = {
  'wrong-state': { title: 'The batch is in another state', meaning: 'It has changed since you looked. Nothing was done.' },
  'not-approved': { title: 'Not everything is approved', meaning: 'Nothing was done. Approve what is missing first.' },
  'self-approval': { title: 'You proposed this batch', meaning: 'Another admin must approve it.' },
  'already-approved': { title: 'You have approved this plan already', meaning: 'The second approval must come from another admin.' },
  'may-still-write': { title: 'The run may still write', meaning: 'A job or a lost call of it may still be at work in Salesforce. Nothing was changed. Try again later, or resume the run.' },
  'plan-stale': { title: 'The plan is stale', meaning: 'Records changed in a newer snapshot. Nothing was sent. Withdraw it and plan again.' },
  'plan-changed': { title: 'The plan is not the one that was approved', meaning: 'Nothing was sent. Withdraw it and plan again.' },
  'plan-consumed': { title: 'This plan has been pushed already', meaning: 'A plan is pushed once. Retry what failed, or make a new batch.' },
  'approval-expired': { title: 'The approval has expired', meaning: 'Nothing was sent. Submit the batch again and ask for approval.' },
  'wrong-org': { title: 'This is another org', meaning: 'Nothing was sent. The plan belongs to the org it was made for.' },
  'wrong-user': { title: 'This is another Salesforce user', meaning: 'Nothing was sent. The plan belongs to the Salesforce user it was made for.' },
  'wrong-ledger': { title: 'This is for another workspace', meaning: 'Nothing was changed. The approval belongs to the workspace that exported the plan.' },
  'unknown-signer': { title: 'The signature is not from a key that is trusted here', meaning: 'Nothing was changed. Ask the approver for the fingerprint of the key, and compare it.' },
  paused: { title: 'Pushes are paused', meaning: 'Nothing was sent. Resume pushes first.' },
  blockers: { title: 'There are blockers', meaning: 'A blocker keeps a record out of every batch. Exclude these records or resolve what the check says.' },
  'pilot-gate': { title: 'The pilot gates are not green', meaning: 'The full batch stays locked until the pilot has shown that the changes arrive as planned, or until someone overrides with a reason.' },
  confirmation: { title: 'The confirmation does not match', meaning: 'Nothing was sent. Type it exactly as shown.' },
  'nothing-to-do': { title: 'Nothing to do', meaning: nothingChanged },
  'read-only': { title: 'Read only', meaning: 'This Countersign can look but not change anything.' },
  'run-active': { title: 'A run is active', meaning: 'Wait until it ends or stop it after its chunk.' },
  'selection-changed': { title: 'The selection holds other records by now', meaning: 'Nothing was decided. Look at the number again, then decide.' },
  'no-snapshot': { title: 'No snapshot yet', meaning: 'Refresh the snapshot first.' },
  'audit-backlog': { title: 'Too many audit events wait to be copied', meaning: 'Nothing was sent. Copy the audit log to the warehouse first.' },
  'audit-fork': { title: 'The warehouse holds another audit log', meaning: 'Nothing was sent. The ledger was cut back or copied; find out which one is right.' },
  preflight: { title: 'The org cannot hold the plan as it is', meaning: 'Nothing was sent. The org or the rights of this user changed since the last refresh; put right what is named, then push again.' },
  'api-budget': { title: 'Not enough API calls are left today', meaning: 'Nothing was sent. Wait until the org has calls again, or push a smaller batch.' },
};

const helpedByNothing = new Set<ErrorCode>(['refused', 'invalid-input', 'not-found', 'not-available-here']);

/** Whether the same call may go well another time. */
export function canBeTriedAgain(error: AppError): boolean {
  return !helpedByNothing.has(error.code);
}

/** The rule that refused a command, or null. */
export function refusalRule(error: AppError): RefusalRule | null {
  if (error.code !== 'refused') return null;
  return refusalRules.find((rule) => rule === error.details['rule']) ?? null;
}

/** Whether the page has lost its connection to the core, so that it cannot know how a call ended. */
export function isDisconnected(error: AppError): boolean {
  return error.details['reason'] === 'connection-closed';
}

/** Where the warehouse failed, not Salesforce, the same code has other words. */
const byWarehouse: Partial<Record<ErrorCode, FailureWords>> = {
  'not-signed-in': { title: 'Nobody is signed in to the warehouse', meaning: 'You still see the last snapshot; nothing was changed. Sign in under Settings, Connections, then try again.' },
  'permission-denied': { title: 'The warehouse does not allow it', meaning: `${nothingChanged} Test the connection under Settings, Connections: it names the missing grants.` },
  'rate-limited': { title: 'The warehouse takes no more calls now', meaning: 'You still see the last snapshot; nothing was changed. Try again later.' },
};

/** What Salesforce or Databricks said, word for word; null where the failure does not carry it. */
export function verbatimOf(error: AppError): string | null {
  const verbatim = error.details['verbatim'];
  return typeof verbatim === 'string' && verbatim.trim() !== '' ? verbatim : null;
}

/** Whether it was the warehouse that failed: it names its host, or the kind of problem that it had. */
export function isOfWarehouse(error: AppError): boolean {
  return error.code === 'source-unavailable' || error.code === 'source-invalid' || typeof error.details['problem'] === 'string' || typeof error.details['host'] === 'string';
}

/** The words for a failure: a title, and what it means for the data. `ofWarehouse`: where the caller knows who failed. */
export function failureWords(error: AppError, ofWarehouse = isOfWarehouse(error)): FailureWords {
  if (isDisconnected(error)) return { title: 'Disconnected', meaning: 'Work that had begun may have gone on: what became of it is in its batch and in the audit log.' };
  if (error.code !== 'refused') return (ofWarehouse ? byWarehouse[error.code] : undefined) ?? byCode[error.code];
  const rule = refusalRule(error);
  return rule ? byRule[rule] : { title: 'Refused', meaning: nothingChanged };
}
