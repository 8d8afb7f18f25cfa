import { normalizeValue, type FieldValue } from '../../../shared/domain/field-value.ts';
import type { OrgRecord } from '../org-ports.ts';
import { pickValues } from './compare.ts';
import type { Looked } from './look.ts';
import type { PushSession } from './session.ts';
import type { ItemIntent } from './store.ts';

/** What goes to Salesforce for one record, and what is there now in its place. */
export function intentOf({ mapping }: Pick<PushSession, 'mapping'>, { item, found }: Looked, fields: readonly string[]): ItemIntent {
  const values: Record<string, FieldValue> = {};
  for (const field of fields) values[field] = item.record.fields[field]?.after ?? null;
  if (item.record.kind === 'create') return { item, beforeImage: null, sent: { [mapping.keyField]: item.record.key, ...values } };
  const stamps = Object.fromEntries(['SystemModstamp', 'LastModifiedDate'].map((field): [string, FieldValue] => [field, normalizeValue('instant', found?.[field])]));
  return { item, beforeImage: { ...pickValues(found ?? {}, fields), ...stamps }, sent: values };
}

/** A record as it is written by its Id. */
export function updateOf({ item, sent }: ItemIntent): OrgRecord {
  return { ...sent, Id: item.record.recordId ?? '' };
}
