import { normalizeValue, type FieldValue } from '../../../shared/domain/field-value.ts';
import { AppFailure } from '../app-failure.ts';
import { OrgCallError, type WriteResult } from '../org-ports.ts';
import { pickValues } from './compare.ts';
import { look, type Looked } from './look.ts';
import { settleWritten, type Written } from './read-back.ts';
import { settledResults } from './reconcile.ts';
import type { ChunkWork, PushSession, StopReason, WorkItem } from './session.ts';
import { storeStep, type ItemIntent, type ItemResult } from './store.ts';

/** A row that another transaction holds is tried again this often. */
const mostLockTries = 3;

/** Failures that Salesforce or the adapter reports before anything is processed. */
const refusedBeforeProcessing: readonly string[] = ['not-signed-in', 'permission-denied', 'rate-limited', 'limit-exceeded', 'not-available-here', 'invalid-input'];

/** What is left of one call. */
export interface SendEnd {
  /** Rows that were locked: certainly not written, to be tried again alone. */
  locked: WorkItem[];
  /** The call failed as a whole, or its answer cannot be trusted. */
  failure: { error: OrgCallError; items: WorkItem[] } | null;
  /** The org went away after the call. */
  stop: StopReason | null;
}

/**
 * Deals with records once: re-read, compare, before-image and intents made durable, one call, outcomes, read-back.
 *
 * Errors: what reading before the call throws (nothing was written then), and `audit-not-writable`.
 */
export async function sendOnce(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<SendEnd> {
  const looked = await look(session, items);
  const toSend = looked.flatMap((each) => (each.verdict.verdict === 'send' ? [intentOf(session, each, each.verdict.fields)] : []));
  for (const { item } of toSend) item.isOpen = false;
  await storeStep(session, chunk, { results: settledResults(looked), intents: toSend });
  const end: SendEnd = { locked: [], failure: null, stop: null };
  if (toSend.length === 0) return end;

  for (const { item } of toSend) item.isOpen = true;
  const answer = await callOrg(session, chunk, toSend);
  if (answer instanceof OrgCallError) {
    end.failure = { error: answer, items: toSend.map(({ item }) => item) };
    for (const { item } of toSend) {
      item.isOpen = answer.effect === 'unknown';
      item.maybeOurs ||= item.isOpen;
    }
    return end;
  }
  return storeAnswer(session, chunk, toSend, answer, end);
}

async function storeAnswer(session: PushSession, chunk: ChunkWork, sent: readonly ItemIntent[], answer: readonly WriteResult[], end: SendEnd): Promise<SendEnd> {
  const written: Written[] = [];
  const results: ItemResult[] = [];
  for (const [index, intent] of sent.entries()) {
    const said = answer[index];
    if (said === undefined) continue;
    if (said.ok) written.push({ ...intent, salesforceId: said.id });
    else if (said.code === 'UNABLE_TO_LOCK_ROW' && intent.item.lockTries < mostLockTries) end.locked.push(intent.item);
    else results.push({ item: intent.item, result: refusedResult(intent.item, said) });
  }
  for (const item of end.locked) {
    item.lockTries += 1;
    item.isOpen = false;
  }
  const readBack = await settleWritten(session, written, results);
  if (readBack.untrusted !== null) {
    for (const { item } of sent) {
      item.isOpen = true;
      item.maybeOurs = true;
    }
    return { locked: [], failure: { error: readBack.untrusted, items: sent.map(({ item }) => item) }, stop: null };
  }
  // Only once it is durable: until then the call may have written what the ledger knows nothing of.
  await storeStep(session, chunk, { results: readBack.results });
  for (const { item, result } of readBack.results) item.isOpen = result.state === 'unknown';
  return { ...end, stop: readBack.stop };
}

function intentOf({ mapping }: PushSession, { item, found }: Looked, fields: readonly string[]): ItemIntent {
  const values: Record<string, FieldValue> = {};
  for (const field of fields) values[field] = item.record.fields[field]?.after ?? null;
  if (item.record.kind === 'create') return { item, beforeImage: null, sent: { [mapping.keyField]: item.record.key, ...values } };
  const modstamp: FieldValue = normalizeValue('instant', found?.['SystemModstamp']);
  return { item, beforeImage: { ...pickValues(found ?? {}, fields), SystemModstamp: modstamp }, sent: values };
}

async function callOrg({ deps, mapping, never }: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<WriteResult[] | OrgCallError> {
  const object = mapping.object;
  try {
    const answer =
      chunk.operation === 'create'
        ? await deps.org.insert({ object, records: intents.map(({ sent }) => sent) }, never)
        : await deps.org.update({ object, records: intents.map(({ item, sent }) => ({ ...sent, Id: item.record.recordId ?? '' })) }, never);
    return isFor(answer, chunk, intents) ? answer : new OrgCallError({ effect: 'unknown', code: 'UNREADABLE_ANSWER', message: 'The answer does not belong to the records that were sent.' });
  } catch (error) {
    if (error instanceof OrgCallError) return error;
    if (!(error instanceof AppFailure)) throw error;
    const effect = refusedBeforeProcessing.includes(error.error.code) ? 'not-processed' : 'unknown';
    return new OrgCallError({ effect, code: error.error.code, message: error.error.message });
  }
}

/** An answer counts only when it has one entry per record, names the records that were updated, and creates none twice. */
function isFor(answer: readonly WriteResult[], chunk: ChunkWork, intents: readonly ItemIntent[]): boolean {
  if (answer.length !== intents.length) return false;
  if (chunk.operation === 'update') return answer.every((said, index) => !said.ok || isSameId(said.id, intents[index]?.item.record.recordId));
  const ids = answer.flatMap((said) => (said.ok ? [said.id] : []));
  return new Set(ids).size === ids.length;
}

/** 15 and 18 characters are two spellings of one id; anything else is compared as it stands. */
function isSameId(one: string, other: string | null | undefined): boolean {
  if (one === other) return true;
  const isId = (text: string): boolean => text.length === 15 || text.length === 18;
  return typeof other === 'string' && isId(one) && isId(other) && one.slice(0, 15) === other.slice(0, 15);
}

function refusedResult(item: WorkItem, said: Extract<WriteResult, { ok: false }>): ItemResult['result'] {
  return {
    state: item.record.kind === 'update' && said.code === 'ENTITY_IS_DELETED' ? 'stale' : 'failed',
    code: said.code,
    message: said.message,
    fields: said.fields,
    salesforceId: item.record.recordId,
    now: null,
  };
}
