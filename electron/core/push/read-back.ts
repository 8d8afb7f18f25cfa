import { AppFailure } from '../app-failure.ts';
import { OrgCallError, type OrgRecord } from '../org-ports.ts';
import { differsAfterWrite, pickValues } from './compare.ts';
import { look, readRecords } from './look.ts';
import type { PushSession, StopReason } from './session.ts';
import type { ItemIntent, ItemResult } from './store.ts';

/** A record that Salesforce says it has written. */
export interface Written extends ItemIntent {
  salesforceId: string;
}

interface ReadBack {
  results: ItemResult[];
  /** Set when the read-back shows that the answer was not about these records: nothing of it may be believed. */
  untrusted: OrgCallError | null;
  stop: StopReason | null;
}

/**
 * Settles what a call has answered: written records are read back, and refused ones
 * that an earlier lost call may have written are looked up.
 *
 * Shape:  `refused` come back with the written ones; a written record that cannot be read back stays unknown.
 * Errors: never throws for the org's failures; they become `stop`.
 */
export async function settleWritten(session: PushSession, written: readonly Written[], refused: readonly ItemResult[]): Promise<ReadBack> {
  try {
    const found = await readWritten(session, written);
    if (isShuffled(session, written, found)) {
      const untrusted = new OrgCallError({ effect: 'unknown', code: 'UNREADABLE_ANSWER', message: 'The answer names other records than were sent.' });
      return { results: [], untrusted, stop: null };
    }
    const confirmed = written.map((each, index) => confirmedResult(session, each, found[index] ?? null));
    return { results: [...confirmed, ...(await recognizeOwn(session, refused))], untrusted: null, stop: null };
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const { code, message } = error.error;
    const results = [...written.map(unconfirmedResult), ...refused.map((each) => (each.item.maybeOurs ? unseenResult(each) : each))];
    return { results, untrusted: null, stop: { code, message } };
  }
}

async function readWritten(session: PushSession, written: readonly Written[]): Promise<(OrgRecord | null)[]> {
  if (written.length === 0) return [];
  const fields = [...new Set([session.mapping.keyField, ...written.flatMap(({ sent }) => Object.keys(sent))])];
  return readRecords(session, written.map(({ salesforceId }) => salesforceId), fields);
}

/** True when a record carries the key of another record of the same call. */
function isShuffled({ mapping }: PushSession, written: readonly Written[], found: readonly (OrgRecord | null)[]): boolean {
  const keys = new Set(written.map(({ item }) => item.record.key));
  return written.some(({ item }, index) => {
    const key = found[index]?.[mapping.keyField];
    return typeof key === 'string' && key !== item.record.key && keys.has(key);
  });
}

function confirmedResult({ mapping }: PushSession, { item, sent, salesforceId }: Written, found: OrgRecord | null): ItemResult {
  const fields = found === null ? Object.keys(sent) : differsAfterWrite(mapping, sent, found);
  if (fields.length === 0) return { item, result: { state: 'succeeded', code: null, message: null, fields: [], salesforceId, now: null } };
  const message = found === null ? 'The record was gone when it was read back.' : 'Salesforce took the write but holds other values: something in the org changed them.';
  const now = found === null ? null : pickValues(found, Object.keys(sent));
  return { item, result: { state: 'failed', code: 'READ_BACK_DIFFERS', message, fields, salesforceId, now } };
}

function unconfirmedResult({ item, salesforceId }: Written): ItemResult {
  return { item, result: { state: 'unknown', code: 'NOT_READ_BACK', message: 'Salesforce took the write, but the record could not be read back.', fields: [], salesforceId, now: null } };
}

function unseenResult({ item, result }: ItemResult): ItemResult {
  return { item, result: { ...result, state: 'unknown' } };
}

/**
 * Looks again at refused records that a lost call may have written meanwhile: Salesforce can work on a call long after its
 * connection is gone, and then refuses the next one as a duplicate or a locked row.
 *
 * Errors: the org's own failures; then nothing is known of those records.
 */
export async function recognizeOwn(session: PushSession, refused: readonly ItemResult[]): Promise<ItemResult[]> {
  const suspects = refused.filter(({ item }) => item.maybeOurs);
  if (suspects.length === 0) return [...refused];
  const looked = await look(session, suspects.map(({ item }) => item));
  const own = new Map(looked.flatMap(({ item, verdict }) => (verdict.verdict === 'settled' && verdict.state === 'succeeded' ? [[item, verdict] as const] : [])));
  return refused.map((each) => {
    const verdict = own.get(each.item);
    return verdict === undefined ? each : { item: each.item, result: { state: 'succeeded', code: null, message: null, fields: [], salesforceId: verdict.salesforceId, now: null } };
  });
}
