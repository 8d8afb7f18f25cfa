import { diffField, isEffective, type FieldDiff } from '../../../shared/domain/field-diff.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { Kind } from '../../../shared/domain/pending-change.ts';
import { sha256 } from '../canonical.ts';
import type { CandidateChange, StoredOrgRecord, WarehouseRow } from '../ports.ts';

/** What the rows of one mapping have in common. */
export interface CandidateShape {
  mapping: Mapping;
  hashed: HashLayout;
  /** Columns of the winners in the mapping's order; null where the primary wins. */
  winnerColumns: readonly (string | null)[];
  /** Positions of the fields that the grid shows; -1 where the mapping has none. */
  shown: { name: number; company: number; state: number };
}

/** Reads the shape once, for all rows of a refresh. */
export function candidateShape(mapping: Mapping): CandidateShape {
  const positionOf = (column: string): number => mapping.fields.findIndex((field) => field.column === column);
  return {
    mapping,
    hashed: hashLayout(mapping.fields.map(({ field }) => field)),
    winnerColumns: mapping.fields.map(({ column, rule }) => (rule === 'primary' ? null : `${column}_winner_id`)),
    shown: { name: positionOf('name'), company: positionOf('company_name'), state: positionOf('state') },
  };
}

/**
 * Compares one row of `properties_to_create` or `properties_to_update` with what Salesforce has now.
 *
 * Shape:  record: the org's record of an update, null for a create. A create is always pending; an update only with at least
 *         one effective change. Winners are the view's: the primary for rule `primary`, else the column `<column>_winner_id`.
 * Errors: throws on a row without the columns of the view.
 */
export function buildCandidate(shape: CandidateShape, kind: Kind, row: WarehouseRow, record: StoredOrgRecord | null): CandidateChange {
  const { mapping, shown } = shape;
  const key = keyOf(row);
  const diffs = mapping.fields.map((field, position) => diffField(field, record?.values[position], row[field.column], kind));
  const contributors = idList(row, 'contributing_property_ids');
  const primaryId = textOf(row, 'primary_property_id');
  const groupKey = textOf(row, 'sfdc_key');
  const isPending = kind === 'create' || diffs.some(({ change }) => isEffective(change));
  const proposed = (position: number): string | null => {
    const value = diffs[position]?.after;
    return typeof value === 'string' ? value : null;
  };
  return {
    key,
    kind,
    priority: priorityOf(mapping, kind, row, diffs),
    name: proposed(shown.name),
    company: proposed(shown.company),
    state: proposed(shown.state),
    recordId: record?.id ?? null,
    productionId: record?.productionId ?? groupKey,
    groupKey,
    before: diffs.map(({ before }) => before),
    after: diffs.map(({ after }) => after),
    changes: diffs.map(({ change }) => change),
    winners: shape.winnerColumns.map((column) => (column === null ? primaryId : textOf(row, column))),
    contributors,
    ignored: idList(row, 'ignored_property_ids'),
    primaryId,
    isPending,
    contentHash: isPending ? contentHash(shape.hashed, kind, key, diffs, contributors) : '',
  };
}

/** The key of a row of the two pending sets. */
export function keyOf(row: WarehouseRow): string {
  const key = textOf(row, 'snappt_property_id');
  if (key === null) throw new Error('A row of the pending sets has no key.');
  return key;
}

/** Where the values of each field stand in the text that is hashed. */
export type HashLayout = readonly { position: number; head: string }[];

/** Puts the fields into the order of their names, once for all changes. */
export function hashLayout(fields: readonly string[]): HashLayout {
  const positions = fields.map((field, position) => ({ field, position })).sort((a, b) => (a.field < b.field ? -1 : 1));
  return positions.map(({ field, position }) => ({ position, head: `${JSON.stringify(field)}:{"after":` }));
}

/**
 * Names the content of a pending change: the same content has the same hash in any snapshot, workspace and org.
 *
 * Shape:  64 hexadecimal digits of SHA-256 over the canonical JSON of kind, key, before and after of every field, and contributors.
 * Source: RFC 8785: members in order of their names, texts as `JSON.stringify` writes them. Written here member by member,
 *         which takes a fifth of the time.
 */
export function contentHash(layout: HashLayout, kind: Kind, key: string, diffs: readonly Pick<FieldDiff, 'before' | 'after'>[], contributors: readonly string[]): string {
  let fields = '';
  for (const { position, head } of layout) {
    const { before = null, after = null } = diffs[position] ?? {};
    const afterText = JSON.stringify(after);
    fields += `${fields === '' ? '' : ','}${head}${afterText},"before":${before === after ? afterText : JSON.stringify(before)}}`;
  }
  return sha256(`{"contributors":${JSON.stringify(contributors)},"fields":{${fields}},"key":${JSON.stringify(key)},"kind":"${kind}"}`);
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
