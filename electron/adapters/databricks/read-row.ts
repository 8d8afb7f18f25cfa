import type { WarehouseRow } from '../../core/ports.ts';
import type { ViewColumn, ViewColumnKind } from '../../warehouse-views/view-columns.ts';
import { instantText, isoInstant } from '../embedded/instant-text.ts';
import { SqlProblem } from './problem.ts';

export type Cell = WarehouseRow[string];

/** The cell of a SELECT that carries a column's value as text, exactly, whatever the driver makes of its type. */
export function cellSql({ name, kind }: ViewColumn): string {
  // A driver cuts TIMESTAMP to milliseconds, rounds DECIMAL and large BIGINT, and does each in another way in each result format.
  return kind === 'instant' ? `date_format(${name}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')` : `CAST(${name} AS STRING)`;
}

/**
 * Reads one row that was carried as a JSON list of texts: the one boundary at which the warehouse's values become ours.
 *
 * Shape:  instants as ISO 8601 UTC with six digits and `Z`, as `WarehouseRow` wants them; the session's time zone is UTC.
 * Errors: throws `SqlProblem` naming the column whose value cannot be read.
 */
export function readRow(text: string, columns: readonly ViewColumn[], from: string): Cell[] {
  const cells = JSON.parse(text) as Cell[];
  if (cells.length !== columns.length) throw new SqlProblem('unreadable', `A row of ${from} has ${cells.length} values instead of ${columns.length}. Deploy the views of this version.`);
  for (let at = 0; at < cells.length; at += 1) {
    const column = columns[at] as ViewColumn;
    const value = cells[at];
    if (value !== null && column.kind !== 'text') cells[at] = readers[column.kind](String(value), column.name, from);
  }
  return cells;
}

const readers: Readonly<Record<Exclude<ViewColumnKind, 'text'>, (text: string, column: string, from: string) => Cell>> = {
  boolean(text, column, from) {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw unreadable(text, 'a boolean', column, from);
  },
  instant(text, column, from) {
    const instant = instantText(text);
    if (instant === null) throw unreadable(text, 'an instant between the years 1 and 9999', column, from);
    return isoInstant(instant);
  },
  number(text, column, from) {
    const value = Number(text);
    const isWhole = /^-?\d+$/u.test(text);
    if (text.trim() === '' || !Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) throw unreadable(text, 'a number that can be kept exactly', column, from);
    return value;
  },
};

function unreadable(text: string, wanted: string, column: string, from: string): SqlProblem {
  return new SqlProblem('unreadable', `The column ${column} of ${from} holds ${JSON.stringify(text)}, which is not ${wanted}. Nothing was changed; correct it at its source.`);
}
