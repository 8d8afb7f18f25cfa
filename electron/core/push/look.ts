import type { OrgRecord } from '../org-ports.ts';
import { compareCreate, compareUpdate, type Verdict } from './compare.ts';
import type { PushSession, WorkItem } from './session.ts';

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

async function lookAtUpdates({ deps, mapping, never }: PushSession, items: readonly WorkItem[]): Promise<Looked[]> {
  if (items.length === 0) return [];
  const fields = [...new Set([mapping.keyField, 'SystemModstamp', ...items.flatMap((item) => Object.keys(item.record.fields))])];
  const found = await deps.org.readByIds({ object: mapping.object, ids: items.map((item) => item.record.recordId ?? ''), fields }, never);
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
