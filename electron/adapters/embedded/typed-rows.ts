import type { WarehouseRow } from '../../core/ports.ts';
import type { ViewColumn, ViewColumnKind } from '../../warehouse-views/view-columns.ts';
import { isoInstant } from './instant-text.ts';

export type CellValue = WarehouseRow[string];

/**
 * Rows of a view as the app reads them, from rows as SQLite holds them: 1 and 0 as booleans, instants as ISO 8601.
 *
 * Shape:  cells in the order of `columns`. `run` is called with the first row: the `return` of a generator that has not begun would leave its
 *         statement running.
 */
export function* typedRows(run: () => Iterable<CellValue[]>, columns: readonly ViewColumn[]): Generator<CellValue[]> {
  const booleans = positionsOf(columns, 'boolean');
  const instants = positionsOf(columns, 'instant');
  for (const row of run()) {
    for (const position of booleans) if (typeof row[position] === 'number') row[position] = row[position] === 1;
    for (const position of instants) {
      const value = row[position];
      if (typeof value === 'string') row[position] = isoInstant(value);
    }
    yield row;
  }
}

function positionsOf(columns: readonly ViewColumn[], kind: ViewColumnKind): number[] {
  return columns.flatMap((column, position) => (column.kind === kind ? [position] : []));
}
