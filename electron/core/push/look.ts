import type { OrgRecord } from '../org-ports.ts';
import { compareCreate, compareUpdate, type Verdict } from './compare.ts';
import type { PushSession, WorkItem } from './session.ts';

/** Ids that one call can read. Source: sObject Collections, Salesforce REST API Developer Guide. */
const mostPerRead = 2_000;

/** One item with what Salesforce holds now and what follows from it. */
export interface Looked {
  item: WorkItem;
  found: OrgRecord | null;
  verdict: Verdict;
}

/**
 * Reads the records as they are now and judges each against its plan: updates by Id, creates by key.
 *
 * Errors: the org's own failures (`org-unavailable`, `not-signed-in`…); nothing has been written then.
 */
export async function look(session: PushSession, items: readonly WorkItem[]): Promise<Looked[]> {
  const creates = items.filter((item) => item.record.kind === 'create');
  const updates = items.filter((item) => item.record.kind === 'update');
  return [...(await lookAtCreates(session, creates)), ...(await lookAtUpdates(session, updates))];
}

/** Reads records by their ids, null where one is gone, in calls of as many as one can carry. */
export async function readRecords({ deps, mapping, never }: PushSession, ids: readonly string[], fields: readonly string[]): Promise<(OrgRecord | null)[]> {
  const found: (OrgRecord | null)[] = [];
  for (let start = 0; start < ids.length; start += mostPerRead) {
    found.push(...(await deps.org.readByIds({ object: mapping.object, ids: ids.slice(start, start + mostPerRead), fields }, never)));
  }
  return found;
}

async function lookAtUpdates(session: PushSession, items: readonly WorkItem[]): Promise<Looked[]> {
  if (items.length === 0) return [];
  const { mapping } = session;
  const fields = [...new Set([mapping.keyField, 'SystemModstamp', 'LastModifiedDate', ...items.flatMap((item) => Object.keys(item.record.fields))])];
  const found = await readRecords(session, items.map((item) => item.record.recordId ?? ''), fields);
  return items.map((item, index) => {
    const record = found[index] ?? null;
    return { item, found: record, verdict: compareUpdate(mapping, item.record, record, { maybeOurs: item.maybeOurs, sent: item.record.sent }) };
  });
}

async function lookAtCreates({ deps, mapping, never }: PushSession, items: readonly WorkItem[]): Promise<Looked[]> {
  if (items.length === 0) return [];
  const fields = [...new Set([mapping.keyField, ...mapping.fields.map((each) => each.field), ...items.flatMap((item) => Object.keys(item.record.fields))])];
  const found = await deps.org.readByKeys({ object: mapping.object, keyField: mapping.keyField, keys: items.map((item) => item.record.key), fields }, never);
  const byKey = new Map(found.map((record) => [record[mapping.keyField], record]));
  return items.map((item) => {
    const record = byKey.get(item.record.key) ?? null;
    return { item, found: record, verdict: compareCreate(mapping, item.record, record, { maybeOurs: item.maybeOurs, sent: item.record.sent }) };
  });
}
