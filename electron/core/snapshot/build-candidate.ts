import { diffField, isEffective, type FieldChange } from '../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
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
  const before: FieldValue[] = [];
  const after: FieldValue[] = [];
  const changes: FieldChange[] = [];
  let isEffectiveAnywhere = false;
  let changesFlag = false;
  for (const [position, field] of mapping.fields.entries()) {
    const diff = diffField(field, record?.values[position], row[field.column], kind);
    before.push(diff.before);
    after.push(diff.after);
    changes.push(diff.change);
    if (!isEffective(diff.change)) continue;
    isEffectiveAnywhere = true;
    if (field.type === 'flag') changesFlag = true;
  }
  const contributors = idList(row, 'contributing_property_ids');
  const primaryId = textOf(row, 'primary_property_id');
  const groupKey = textOf(row, 'sfdc_key');
  const isPending = kind === 'create' || isEffectiveAnywhere;
  const proposed = (position: number): string | null => {
    const value = after[position];
    return typeof value === 'string' ? value : null;
  };
  return {
    key,
    kind,
    priority: kind === 'create' ? (row['priority'] === 'P1' ? 'P1' : 'P3') : changesFlag ? 'P2' : 'P3',
    name: proposed(shown.name),
    company: proposed(shown.company),
    state: proposed(shown.state),
    recordId: record?.id ?? null,
    productionId: record?.productionId ?? groupKey,
    groupKey,
    before,
    after,
    changes,
    winners: shape.winnerColumns.map((column) => (column === null ? primaryId : textOf(row, column))),
    contributors,
    ignored: idList(row, 'ignored_property_ids'),
    primaryId,
    isPending,
    contentHash: isPending ? contentHash(shape.hashed, { kind, key, before, after, contributors }) : '',
  };
}

/** The key of a row of the two pending sets. */
export function keyOf(row: WarehouseRow): string {
  const key = textOf(row, 'snappt_property_id');
  if (key === null) throw new Error('A row of the pending sets has no key.');
  return key;
}

/** What a content hash covers; values in the order of the fields that the layout was made for. */
export type HashedContent = Pick<CandidateChange, 'kind' | 'key' | 'before' | 'after' | 'contributors'>;

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
export function contentHash(layout: HashLayout, { kind, key, before, after, contributors }: HashedContent): string {
  let fields = '';
  for (const { position, head } of layout) {
    const old = before[position] ?? null;
    const proposed = after[position] ?? null;
    const proposedText = JSON.stringify(proposed);
    fields += `${fields === '' ? '' : ','}${head}${proposedText},"before":${old === proposed ? proposedText : JSON.stringify(old)}}`;
  }
  return sha256(`{"contributors":${JSON.stringify(contributors)},"fields":{${fields}},"key":${JSON.stringify(key)},"kind":"${kind}"}`);
}

function textOf(row: WarehouseRow, column: string): string | null {
  const value = row[column];
  if (value === undefined) throw new Error(`A row of the pending sets has no column ${column}.`);
  return value === null ? null : String(value);
}

function idList(row: WarehouseRow, column: string): string[] {
  return JSON.parse(textOf(row, column) ?? '[]') as string[];
}
