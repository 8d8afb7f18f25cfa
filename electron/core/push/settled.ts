import type { Looked } from './look.ts';
import type { WorkItem } from './session.ts';
import type { ItemResult } from './store.ts';

/** The results of the records that need no call: already equal, stale, or written by our own lost call. */
export function settledResults(looked: readonly Looked[]): ItemResult[] {
  return looked.flatMap(({ item, verdict }) => {
    if (verdict.verdict === 'send') return [];
    const { state, code, fields, salesforceId, now } = verdict;
    return [{ item, result: { state, code, message: null, fields, salesforceId, now } }];
  });
}

/** Puts a record back that was certainly not written. */
export function plannedAgain(item: WorkItem): ItemResult {
  return { item, result: { state: 'planned', code: null, message: null, fields: [], salesforceId: null, now: null } };
}
