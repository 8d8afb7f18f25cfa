import { diffField, isEffective, type FieldDiff } from '../../../shared/domain/field-diff.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { Kind } from '../../../shared/domain/pending-change.ts';
import { sha256 } from '../canonical.ts';
import type { CandidateChange, StoredOrgRecord, WarehouseRow } from '../ports.ts';

/**
 * Compares one row of `properties_to_create` or `properties_to_update` with what Salesforce has now.
 *
 * Shape:  record: the org's record of an update, null for a create. A create is always pending; an update only with at least
 *         one effective change. Winners are the view's: the primary for rule `primary`, else the column `<column>_winner_id`.
 * Errors: throws on a row without the columns of the view.
 */
export function buildCandidate(mapping: Mapping, kind: Kind, row: WarehouseRow, record: StoredOrgRecord | null): CandidateChange {
  const key = keyOf(row);
  const diffs = mapping.fields.map((field, position) => diffField(field, record?.values[position], row[field.column], kind));
  const contributors = idList(row, 'contributing_property_ids');
  const primaryId = textOf(row, 'primary_property_id');
  const isPending = kind === 'create' || diffs.some(({ change }) => isEffective(change));
  const proposed = (column: string): string | null => {
    const value = diffs[mapping.fields.findIndex((field) => field.column === column)]?.after;
    return typeof value === 'string' ? value : null;
  };
  return {
    key,
    kind,
    priority: priorityOf(mapping, kind, row, diffs),
    name: proposed('name'),
    company: proposed('company_name'),
    state: proposed('state'),
    recordId: record?.id ?? null,
    productionId: record?.productionId ?? textOf(row, 'sfdc_key'),
    groupKey: textOf(row, 'sfdc_key'),
    before: diffs.map(({ before }) => before),
    after: diffs.map(({ after }) => after),
    changes: diffs.map(({ change }) => change),
    winners: mapping.fields.map((field) => (field.rule === 'primary' ? primaryId : textOf(row, `${field.column}_winner_id`))),
    contributors,
    ignored: idList(row, 'ignored_property_ids'),
    primaryId,
    isPending,
    contentHash: isPending ? contentHash(kind, key, diffs, contributors) : '',
  };
}

/** The key of a row of the two pending sets. */
export function keyOf(row: WarehouseRow): string {
  const key = textOf(row, 'snappt_property_id');
  if (key === null) throw new Error('A row of the pending sets has no key.');
  return key;
}

/**
 * Names the content of a pending change: the same content has the same hash in any snapshot, workspace and org.
 *
 * Shape:  64 hexadecimal digits of SHA-256 over kind, key, before and after of every field, and contributors.
 */
export function contentHash(kind: Kind, key: string, diffs: readonly Pick<FieldDiff, 'field' | 'before' | 'after'>[], contributors: readonly string[]): string {
  const sorted = diffs.toSorted((a, b) => (a.field < b.field ? -1 : 1));
  const fields = Object.fromEntries(sorted.map(({ field, before, after }) => [field, { after, before }]));
  // Member names in order make this canonical JSON (RFC 8785), several times faster than sorting them at every level.
  return sha256(JSON.stringify({ contributors, fields, key, kind }));
}

function priorityOf(mapping: Mapping, kind: Kind, row: WarehouseRow, diffs: readonly FieldDiff[]): CandidateChange['priority'] {
  if (kind === 'create') return row['priority'] === 'P1' ? 'P1' : 'P3';
  return diffs.some(({ change }, position) => mapping.fields[position]?.type === 'flag' && isEffective(change)) ? 'P2' : 'P3';
}

function textOf(row: WarehouseRow, column: string): string | null {
  const value = row[column];
  if (value === undefined) throw new Error(`A row of the pending sets has no column ${column}.`);
  return value === null ? null : String(value);
}

function idList(row: WarehouseRow, column: string): string[] {
  return JSON.parse(textOf(row, column) ?? '[]') as string[];
}
