import * as z from 'zod';
import { fieldValueSchema, normalizeValue, type FieldValue } from './field-value.ts';
import type { MappedField, Mapping } from './mapping.ts';

/**
 * `equal`: nothing to do. `filled`: blank becomes a value. `changed`: a value becomes another. `cleared`: a value becomes
 * blank because the mapping says `clear`. `blank`: blank is proposed over a value and not sent.
 */
export const fieldChanges = ['equal', 'filled', 'changed', 'cleared', 'blank'] as const;
export type FieldChange = (typeof fieldChanges)[number];

export const fieldDiffSchema = z.strictObject({
  field: z.string(),
  label: z.string(),
  before: fieldValueSchema,
  after: fieldValueSchema,
  change: z.enum(fieldChanges),
});
export type FieldDiff = z.infer<typeof fieldDiffSchema>;

/** True when the change is sent to Salesforce. */
export function isEffective(change: FieldChange): boolean {
  return change === 'filled' || change === 'changed' || change === 'cleared';
}

/**
 * Compares one field by its type.
 *
 * Shape: both values normalised as in `normalizeValue`; a create's `before` is null, and FALSE over null counts as equal.
 * Errors: never throws.
 */
export function diffField(field: MappedField, before: FieldValue | undefined, after: FieldValue | undefined, kind: 'create' | 'update'): FieldDiff {
  const proposed = normalizeValue(field.type, after);
  const base = { field: field.field, label: field.label };
  if (kind === 'create') {
    return { ...base, before: null, after: proposed, change: proposed === null || proposed === false ? 'equal' : 'filled' };
  }
  const current = normalizeValue(field.type, before);
  return { ...base, before: current, after: proposed, change: changeOf(field, current, proposed) };
}

function changeOf(field: MappedField, current: FieldValue, proposed: FieldValue): FieldChange {
  if (current === proposed) return 'equal';
  if (proposed === null) return field.clear === true ? 'cleared' : 'blank';
  return current === null ? 'filled' : 'changed';
}

/** Diffs every mapped field in the mapping's order. `before` is keyed by API name, `after` by view column. */
export function diffRecord(
  mapping: Mapping,
  kind: 'create' | 'update',
  before: Readonly<Record<string, FieldValue>> | null,
  after: Readonly<Record<string, FieldValue>>,
): FieldDiff[] {
  return mapping.fields.map((field) => diffField(field, before?.[field.field], after[field.column], kind));
}
