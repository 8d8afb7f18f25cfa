import type { WarehouseView } from '../../core/ports.ts';
import { viewColumns, viewOrder, type ViewColumn } from '../../warehouse-views/view-columns.ts';
import { sourceTables, type SourceTableName } from '../embedded/source-tables.ts';
import { cellSql } from './read-row.ts';

/** The tables that the rules read; none of them is ours. */
export const sourceNames = ['properties', 'property_features', 'product_property'] as const satisfies readonly SourceTableName[];

/**
 * Reads a view in order of its key.
 *
 * Shape:  one text column `r` a row, a JSON list of texts: one value instead of fifty for the driver to decode, and the same
 *         in every result format.
 */
export function selectRowsSql(view: WarehouseView, name: string): string {
  return `SELECT to_json(array(${viewColumns[view].map(cellSql).join(', ')})) AS r FROM ${name} ORDER BY ${viewOrder[view].join(', ')}`;
}

/** Counts rows, as text: the driver makes something else of a BIGINT in each result format. */
export function countSql(name: string): string {
  return `SELECT CAST(COUNT(*) AS STRING) AS n FROM ${name}`;
}

/**
 * Names the state of the three source tables: for each the number of rows and the sum of a hash of every row.
 *
 * Shape:  columns `t`, `n`, `s`, all text. The sum does not depend on the order of rows, and counts equal rows each.
 * Source: xxhash64 skips NULL arguments, so that a value moving to the next column would go unseen; hence one JSON list a row.
 */
export function fingerprintSql(names: Readonly<Record<string, string>>): string {
  const one = (table: SourceTableName): string => {
    const cells = sourceTables[table].map(({ name, kind }): string => cellSql({ name, kind } satisfies ViewColumn));
    return `SELECT '${table}' AS t, CAST(COUNT(*) AS STRING) AS n, CAST(SUM(CAST(xxhash64(to_json(array(${cells.join(', ')}))) AS DECIMAL(38, 0))) AS STRING) AS s FROM ${names[table]}`;
  };
  return sourceNames.map(one).join(' UNION ALL ');
}
