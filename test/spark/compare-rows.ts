import type { WarehouseRow } from '../../electron/core/ports.ts';
import type { EmbeddedTables } from './tables.ts';
import { selectViews, type SelectView, type SparkView } from './spark-views.ts';

export interface Comparison {
  rows: number;
  /** The first rows that only one of them has, in words; empty when all are equal. */
  differences: string[];
}

const shownPerView = 3;

/** Compares every row of every view, in all columns, rows that are there twice included. Lists of ids are compared as lists. */
export function compareViews(embedded: EmbeddedTables, spark: Readonly<Record<SelectView, SparkView>>): Comparison {
  const all: Comparison = { rows: 0, differences: [] };
  for (const view of selectViews) {
    const expected = embedded.rows(view, spark[view].kinds).map(rowText).toSorted();
    const found = spark[view].rows.map(rowText).toSorted();
    all.rows += expected.length;
    const [onlySqlite, onlySpark] = [without(expected, found), without(found, expected)];
    all.differences.push(...onlySqlite.slice(0, shownPerView).map((row) => `${view}: only SQLite has ${row}`));
    all.differences.push(...onlySpark.slice(0, shownPerView).map((row) => `${view}: only Spark has ${row}`));
  }
  return all;
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
}

/** In a list of ids Spark escapes a control character as \u000B where JavaScript writes \u000b: the same list in another text. */
function rowText(row: WarehouseRow): string {
  const cells = Object.entries(row).map(([name, value]) => [name, name.endsWith('_property_ids') ? JSON.parse(String(value)) : value]);
  return JSON.stringify(cells.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
