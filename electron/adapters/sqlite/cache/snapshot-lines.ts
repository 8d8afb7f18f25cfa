/**
 * How rows travel to the threads that store them: as one text of lines, each line a JSON text. Structured clones of the
 * rows cost both threads several times as much, and what is stored as JSON anyway is not taken apart on the way.
 */
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { CandidateChange, StoredOrgRecord, WarehouseRow } from '../../../core/ports.ts';
import { findValueHits, type ValueHit, type ValueLimits } from './checks/value-checks.ts';
import { candidateRow, pendingBodyRow, pendingRow, propertyRow, reviewRow, stagingRow, type Cell, type RowShape } from './snapshot-rows.ts';

/** A candidate as the writer stores it. Rows come without their position, which the writer gives. */
export interface CandidateRows {
  candidate: Cell[];
  /** Null for a change that is not pending. */
  pending: Cell[] | null;
  /** Text to search and city. */
  review: readonly Cell[];
  body: readonly string[];
  contributors: readonly string[];
  ignored: readonly string[];
  hits: readonly ValueHit[];
}

const candidateCells = 10;
const reviewCells = 2;
const linesOfChange = 8;

/** Rows of table `property`, two lines each: the values of the fields are a JSON text of their own. */
export function propertyLines(shape: RowShape, rows: readonly WarehouseRow[]): string {
  return joinLines(rows, (row) => {
    const { cells, values } = propertyRow(shape, row);
    return `${JSON.stringify(cells)}\n${values}`;
  });
}

export function readPropertyLines(text: string): Cell[][] {
  return readGroups(text, 2, ([cells = '', values = '']) => [...(JSON.parse(cells) as Cell[]), values]);
}

/** Rows of table `staging`, a line each. */
export function stagingLines(rows: readonly WarehouseRow[]): string {
  return joinLines(rows, (row) => JSON.stringify(stagingRow(row)));
}

export function readStagingLines(text: string): Cell[][] {
  return readGroups(text, 1, ([cells = '']) => JSON.parse(cells) as Cell[]);
}

/** Rows of a candidate in all its tables, with what its values are found guilty of. */
export function candidateLines(shape: RowShape, limits: ValueLimits, changes: readonly CandidateChange[]): string {
  return joinLines(changes, (change) => {
    const candidate = candidateRow(change);
    if (!change.isPending) return [JSON.stringify(candidate), '', '', '', '', JSON.stringify(change.contributors), JSON.stringify(change.ignored), '[]'].join('\n');
    return [JSON.stringify([...candidate, ...pendingRow(shape, change), ...reviewRow(shape, change)]), ...pendingBodyRow(change), JSON.stringify(findValueHits(limits, change))].join('\n');
  });
}

export function readCandidateLines(text: string): CandidateRows[] {
  return readGroups(text, linesOfChange, (lines) => {
    const cells = JSON.parse(lines[0] ?? '') as Cell[];
    const isPending = cells.length > candidateCells;
    return {
      candidate: cells.slice(0, candidateCells),
      pending: isPending ? cells.slice(candidateCells, -reviewCells) : null,
      review: isPending ? cells.slice(-reviewCells) : [],
      body: lines.slice(1, 7),
      contributors: JSON.parse(lines[5] ?? '') as string[],
      ignored: JSON.parse(lines[6] ?? '') as string[],
      hits: JSON.parse(lines[7] ?? '') as ValueHit[],
    };
  });
}

/** Records of the org, two lines each: key, id and production id, then the values. */
export function orgRecordLines(records: readonly StoredOrgRecord[]): string {
  return joinLines(records, ({ key, id, productionId, values }) => `${JSON.stringify([key, id, productionId])}\n${JSON.stringify(values)}`);
}

/** The same records as texts, with the key that they are found by. */
export function readOrgRecordTexts(text: string): { key: string; ids: string; values: string }[] {
  return readGroups(text, 2, ([ids = '', values = '']) => ({ key: (JSON.parse(ids) as string[])[0] ?? '', ids, values }));
}

export function readOrgRecordLines(text: string): StoredOrgRecord[] {
  return readGroups(text, 2, ([cells = '', values = '']) => {
    const [key, id, productionId] = JSON.parse(cells) as [string, string, string | null];
    return { key, id, productionId, values: JSON.parse(values) as FieldValue[] };
  });
}

function joinLines<T>(rows: readonly T[], linesOf: (row: T) => string): string {
  return rows.map(linesOf).join('\n');
}

/** JSON has no line end inside a text, so that every line end is one of ours. */
function readGroups<T>(text: string, size: number, read: (lines: readonly string[]) => T): T[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const groups: T[] = [];
  for (let at = 0; at < lines.length; at += size) groups.push(read(lines.slice(at, at + size)));
  return groups;
}
