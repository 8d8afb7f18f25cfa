import type { WriteResult } from '../org-ports.ts';
import type { WorkItem } from './session.ts';
import type { ItemResult } from './store.ts';

/** A record that somebody else is at work on is tried again this often. */
const mostContendedTries = 3;

/** What Salesforce says of a record that another transaction holds, or that was changed since it was looked at. Certainly not written. */
const contendedCodes: ReadonlySet<string> = new Set(['UNABLE_TO_LOCK_ROW', 'PRECONDITION_FAILED']);

/** True for a refusal that may end by waiting, as long as the record was not tried too often. */
export function isContended(item: WorkItem, code: string): boolean {
  return contendedCodes.has(code) && item.contendedTries < mostContendedTries;
}

/** The outcome of a record that Salesforce refused. */
export function refusedResult(item: WorkItem, said: Omit<Extract<WriteResult, { ok: false }>, 'ok'>): ItemResult['result'] {
  const isStale = item.record.kind === 'update' && ['ENTITY_IS_DELETED', 'PRECONDITION_FAILED'].includes(said.code);
  return { state: isStale ? 'stale' : 'failed', code: said.code, message: said.message, fields: said.fields, salesforceId: item.record.recordId, now: null };
}

/** 15 and 18 characters are two spellings of one id; anything else is compared as it stands. */
export function isSameId(one: string, other: string | null | undefined): boolean {
  if (one === other) return true;
  const isId = (text: string): boolean => text.length === 15 || text.length === 18;
  return typeof other === 'string' && isId(one) && isId(other) && one.slice(0, 15) === other.slice(0, 15);
}
