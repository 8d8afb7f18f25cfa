import type { Looked } from './look.ts';
import { isHot, isLost, type PushSession, type WorkItem } from './session.ts';
import type { ItemResult } from './store.ts';

/** What a lost call cannot change any more: the record is gone, or somebody else's create has taken the key. */
const finalCodes: ReadonlySet<string | null> = new Set(['ENTITY_IS_DELETED', 'ALREADY_EXISTS']);

/** Records that were looked at, by what has to be done about them. */
export interface Sorted {
  toSend: { looked: Looked; fields: readonly string[] }[];
  /** Already equal, stale, or written by our own lost call. */
  settled: ItemResult[];
  /** Cannot be told or sent yet, because a lost call may still write them. */
  hot: WorkItem[];
}

/** Sorts records by what Salesforce holds of them; while a lost call may still write one, nothing but success is final. */
export function sortLooked(session: Pick<PushSession, 'deps' | 'run'>, all: readonly Looked[]): Sorted {
  const sorted: Sorted = { toSend: [], settled: [], hot: [] };
  for (const looked of all) {
    const { item, verdict } = looked;
    if (verdict.verdict === 'send') {
      if (isHot(session, item)) sorted.hot.push(item);
      else sorted.toSend.push({ looked, fields: verdict.fields });
      continue;
    }
    const { state, code, fields, salesforceId, now } = verdict;
    const result: ItemResult = { item, result: { state, code, message: null, fields, salesforceId, now } };
    if (isFinal(session, result)) sorted.settled.push(result);
    else sorted.hot.push(item);
  }
  return sorted;
}

/** False for a failure or a foreign change of a record that our own lost call may still overwrite. */
function isFinal(session: Pick<PushSession, 'deps'>, { item, result }: ItemResult): boolean {
  if (result.state !== 'failed' && result.state !== 'stale') return true;
  return !isLost(session, item) || finalCodes.has(result.code);
}

/** Splits outcomes into those that stand and the records that have to be looked at again, because a lost call may still write them. */
export function splitFinal(session: Pick<PushSession, 'deps'>, results: readonly ItemResult[]): { final: ItemResult[]; hot: WorkItem[] } {
  const split: { final: ItemResult[]; hot: WorkItem[] } = { final: [], hot: [] };
  for (const each of results) {
    if (isFinal(session, each)) split.final.push(each);
    else split.hot.push(each.item);
  }
  return split;
}

/** Puts a record back that was certainly not written. */
export function plannedAgain(session: Pick<PushSession, 'deps'>, item: WorkItem): ItemResult {
  return { item, result: { state: 'planned', code: null, message: null, fields: [], salesforceId: null, now: null, isForgotten: !isLost(session, item) } };
}
