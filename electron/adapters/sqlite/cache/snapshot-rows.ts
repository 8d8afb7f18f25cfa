import { featurePairs, type FeaturePair } from '../../../../shared/domain/feature-pair.ts';
import { isEffective, type FieldChange } from '../../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { transitionOf, transitions } from '../../../../shared/domain/transition.ts';
import type { CandidateChange, WarehouseRow } from '../../../core/ports.ts';
import { foldText } from './fold-text.ts';
import { restColumns } from './rest-columns.ts';
import { firstRisk } from './rank-risk.ts';

export type Cell = string | number | null;

/** What the rows of one mapping have in common. */
export interface RowShape {
  mapping: Mapping;
  pairs: readonly FeaturePair[];
  /** Positions of the fields that `text:` searches, besides key, name, company and contributors; -1 where the mapping has none. */
  address: number;
  city: number;
  /** Columns of `rds_properties_enriched` that only trying other rules reads. */
  rest: readonly string[];
}

/** Reads the shape once, for all rows of a snapshot. */
export function rowShape(mapping: Mapping): RowShape {
  const positionOf = (column: string): number => mapping.fields.findIndex((field) => field.column === column);
  return { mapping, pairs: featurePairs(mapping), address: positionOf('address'), city: positionOf('city'), rest: restColumns(mapping) };
}

/** Row of table `property` from a row of view `rds_properties_enriched`: all cells but the last, and that one. */
export function propertyRow(shape: RowShape, row: WarehouseRow): { cells: Cell[]; values: string } {
  const values = shape.mapping.fields.map(({ column }) => row[column] ?? null);
  let latest: string | null = null;
  let undated = 0;
  for (const { flag, date } of shape.pairs) {
    if (values[flag] !== true) continue;
    const at = values[date];
    if (at === null) undated |= 1 << flag;
    if (typeof at === 'string' && (latest === null || at > latest)) latest = at;
  }
  const sfdcId = text(row['sfdc_id']);
  const cells = [
    text(row['property_id']) ?? '',
    text(row['name']),
    text(row['status']),
    row['is_active'] === true ? 1 : 0,
    text(row['updated_at']),
    sfdcId,
    text(row['sfdc_id_raw']),
    text(row['sfdc_key']),
    typeof row['source_row_count'] === 'number' ? row['source_row_count'] : 1,
    flagMask(values),
    undated,
    latest,
    sfdcId === null || suffixIsRight(sfdcId) ? 1 : 0,
    JSON.stringify(shape.rest.map((column) => row[column] ?? null)),
  ];
  return { cells, values: JSON.stringify(values) };
}

/** Row of table `staging` from a row of `product_property`. */
export function stagingRow(row: WarehouseRow): Cell[] {
  const productionId = text(row['sf_property_id_c']);
  const stripped = productionId?.replace(/^[ \t\r\n]+|[ \t\r\n]+$/gu, '') ?? '';
  const isValid = stripped.length === 15 || stripped.length === 18;
  return [text(row['id']) ?? '', text(row['snappt_property_id_c']), productionId, isValid ? stripped.slice(0, 15) : null, row['is_deleted'] === true ? 0 : 1];
}

/** Row of table `candidate` without its position. `kept`: what Salesforce has, where neither a pending change nor the proposal tells it. */
export function candidateRow(change: CandidateChange): Cell[] {
  const blanks = maskOf(change.changes, (kind) => kind === 'blank');
  const flagsChanged = change.after.filter((value, field) => typeof value === 'boolean' && value !== (change.before[field] === true)).length;
  return [
    change.kind,
    change.key,
    change.recordId,
    change.groupKey,
    change.primaryId,
    change.isPending ? 1 : 0,
    flagMask(change.after),
    flagsChanged,
    blanks,
    !change.isPending && blanks !== 0 ? JSON.stringify(change.before) : null,
  ];
}

/** Row of table `pending` without its position, in the order of its insert. */
export function pendingRow(shape: RowShape, change: CandidateChange): Cell[] {
  const changed = maskOf(change.changes, (kind) => isEffective(kind as FieldChange));
  return [
    change.kind,
    change.key,
    change.priority,
    firstRisk(change),
    changed,
    flagMask(change.after),
    countBits(changed),
    change.contributors.length,
    change.contributors.length + change.ignored.length,
    change.contentHash,
    change.state,
    change.company,
    change.name,
    foldText(change.name ?? ''),
    change.recordId,
    change.productionId,
    change.groupKey,
    change.primaryId,
    transitionDigits(shape.mapping, change),
  ];
}

/** What the columns of the review need besides: the text that is searched record by record, and the city. */
export function reviewRow(shape: RowShape, change: CandidateChange): Cell[] {
  const address = change.after[shape.address];
  const city = change.after[shape.city];
  const parts = [change.key, ...(typeof address === 'string' ? [address] : []), ...change.contributors.filter((id) => id !== change.key)];
  return [foldText(parts.join('\n')), typeof city === 'string' ? city : null];
}

/** One digit for each field of the mapping: 0 where nothing changes, else the place of its transition in `transitions`, from 1 on. */
function transitionDigits(mapping: Mapping, { changes, before, after }: CandidateChange): string {
  let digits = '';
  for (let position = 0; position < mapping.fields.length; position += 1) {
    const change = changes[position] as FieldChange;
    const field = mapping.fields[position];
    const transition = change === 'equal' || field === undefined ? null : transitionOf(field.type, change, before[position] ?? null, after[position] ?? null);
    digits += transition === null ? '0' : String(transitions.indexOf(transition) + 1);
  }
  return digits;
}

/** Row of table `pending_body` without its position. */
export function pendingBodyRow(change: CandidateChange): string[] {
  return [change.before, change.after, change.changes, change.winners, change.contributors, change.ignored].map((list) => JSON.stringify(list));
}

function flagMask(values: readonly (FieldValue | undefined)[]): number {
  return maskOf(values, (value) => value === true);
}

function maskOf<T>(values: readonly T[], test: (value: T) => boolean): number {
  let mask = 0;
  for (let position = 0; position < values.length; position += 1) if (test(values[position] as T)) mask |= 1 << position;
  return mask;
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function text(value: WarehouseRow[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

const suffixLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * True for a 15-character id, and for an 18-character id whose last three characters belong to the others.
 *
 * Source: Salesforce's 18-character ids: each suffix character encodes which of five characters are capital letters.
 */
export function suffixIsRight(id: string): boolean {
  if (id.length !== 18) return true;
  const suffix = [0, 5, 10].map((start) => {
    const bits = Array.from(id.slice(start, start + 5)).reduce((bits, letter, place) => (letter >= 'A' && letter <= 'Z' ? bits | (1 << place) : bits), 0);
    return suffixLetters[bits];
  });
  return suffix.join('') === id.slice(15).toUpperCase();
}
