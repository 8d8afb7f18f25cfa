import { normalizeValue, type FieldValue } from '../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import type { OrgRecord } from '../org-ports.ts';

/** Field values by API name. */
export type Values = Readonly<Record<string, FieldValue>>;

/** What must happen to one record, judged from what Salesforce holds now. */
export type Verdict =
  | { verdict: 'send'; fields: readonly string[] }
  | {
      verdict: 'settled';
      state: 'succeeded' | 'skipped' | 'stale';
      code: string | null;
      fields: readonly string[];
      salesforceId: string | null;
      now: Values | null;
    };

/** What is known of earlier tries of the same record. */
export interface EarlierTry {
  /** True when an earlier call may have written this record: its answer was lost. */
  maybeOurs: boolean;
  /** The values of that call. */
  sent: Values | null;
}

const settled = (state: 'succeeded' | 'skipped' | 'stale', code: string | null, facts: { fields?: readonly string[]; salesforceId?: string | null; now?: Values | null } = {}): Verdict => ({
  verdict: 'settled',
  state,
  code,
  fields: facts.fields ?? [],
  salesforceId: facts.salesforceId ?? null,
  now: facts.now ?? null,
});

/** True when both values are the same once brought to the field's form; fields outside the mapping compare as text. */
export function isSameValue(mapping: Mapping, field: string, left: FieldValue | undefined, right: FieldValue | undefined): boolean {
  const type = mapping.fields.find((each) => each.field === field)?.type ?? 'text';
  return normalizeValue(type, left) === normalizeValue(type, right);
}

/** The named fields of a record as it stands in Salesforce; blank where it has none. */
export function pickValues(record: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, record[field] ?? null]));
}

/**
 * Three-way compare of an update: what was reviewed, what is there now, what is proposed.
 *
 * Shape:  `found` is the record read by its Id, null when it is gone. Fields that already hold the proposed value are
 *         left out of `send`. After a call whose answer was lost the record must be either wholly written or wholly as
 *         before that call; anything between is somebody else's doing and stale.
 * Errors: never throws.
 */
export function compareUpdate(mapping: Mapping, plan: PlanRecord, found: OrgRecord | null, earlier: EarlierTry): Verdict {
  if (found === null) return settled('stale', 'ENTITY_IS_DELETED');
  const salesforceId = found.Id;
  if (found[mapping.keyField] !== plan.key) {
    return settled('stale', 'KEY_CHANGED', { fields: [mapping.keyField], salesforceId, now: pickValues(found, [mapping.keyField]) });
  }
  const fields = Object.keys(plan.fields);
  const toWrite = fields.filter((field) => !isSameValue(mapping, field, found[field], plan.fields[field]?.after));
  if (toWrite.length === 0) {
    return earlier.maybeOurs ? settled('succeeded', null, { salesforceId }) : settled('skipped', 'ALREADY_EQUAL', { salesforceId });
  }
  const now = pickValues(found, fields);
  const changed = toWrite.filter((field) => !isSameValue(mapping, field, found[field], plan.fields[field]?.before));
  if (changed.length > 0) return settled('stale', 'CHANGED_SINCE_REVIEW', { fields: changed, salesforceId, now });
  if (earlier.maybeOurs && earlier.sent !== null && !hasSameNames(toWrite, Object.keys(earlier.sent))) {
    return settled('stale', 'CHANGED_SINCE_REVIEW', { fields: toWrite, salesforceId, now });
  }
  return { verdict: 'send', fields: toWrite };
}

/**
 * Decides on a create by the record that already carries its key, if any. A create never turns into an update.
 *
 * Shape:  a record of our own lost call must hold what was sent; anybody else's must equal the proposal in every mapped
 *         field (what the plan leaves out is blank or FALSE) to count as already equal.
 * Errors: never throws.
 */
export function compareCreate(mapping: Mapping, plan: PlanRecord, found: OrgRecord | null, earlier: EarlierTry): Verdict {
  const planned = Object.keys(plan.fields);
  if (found === null) return { verdict: 'send', fields: planned };
  const salesforceId = found.Id;
  const fields = earlier.maybeOurs ? planned : [...new Set([...planned, ...mapping.fields.map((each) => each.field)])];
  const differing = fields.filter((field) => !isSameValue(mapping, field, found[field], plan.fields[field]?.after));
  if (differing.length > 0) return settled('stale', 'ALREADY_EXISTS', { fields: differing, salesforceId, now: pickValues(found, fields) });
  return earlier.maybeOurs ? settled('succeeded', null, { salesforceId }) : settled('skipped', 'ALREADY_EQUAL', { salesforceId });
}

/** Names the sent fields that Salesforce does not hold after the write. */
export function differsAfterWrite(mapping: Mapping, sent: Values, found: Values): string[] {
  return Object.keys(sent).filter((field) =>
    field === mapping.keyField ? found[field] !== sent[field] : !isSameValue(mapping, field, found[field], sent[field]),
  );
}

function hasSameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}
