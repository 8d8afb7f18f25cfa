import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WarehouseRow } from '../../electron/core/ports.ts';
import { renderView } from '../../electron/warehouse-views/read-views.ts';
import { viewNames, type ViewName } from '../../shared/domain/warehouse.ts';
import type { ColumnKind, SparkLane } from './spark-session.ts';

export type SelectView = Exclude<ViewName, 'property_sync_audit_log'>;
export type ViewTexts = Readonly<Record<SelectView, string>>;

/** The views in their order; the audit log is a table. */
export const selectViews = viewNames.filter((name): name is SelectView => name !== 'property_sync_audit_log');

const names = Object.fromEntries([...viewNames, 'properties', 'property_features', 'product_property'].map((name) => [name, name]));

/** The texts of the repository, with plain names. */
export const viewTexts = Object.fromEntries(selectViews.map((view) => [view, renderView(view, names)])) as ViewTexts;

export interface SparkView {
  kinds: Readonly<Record<string, ColumnKind>>;
  rows: readonly WarehouseRow[];
}

/**
 * Runs the views over the tables that are in the session.
 *
 * Shape:  kept: the rows of each view are computed once, as SQLite does it. expanded: each view becomes a part of the query
 *         of the next, as Databricks does it.
 */
export async function runOnSpark(spark: SparkLane, texts: ViewTexts, how: 'kept' | 'expanded'): Promise<Record<SelectView, SparkView>> {
  for (const view of selectViews) await spark.call('define', { name: view, sql: texts[view], partitions: how === 'kept' ? 1 : 0 });
  const result: Partial<Record<SelectView, SparkView>> = {};
  for (const view of selectViews) result[view] = await readFromSpark(spark, view);
  return result as Record<SelectView, SparkView>;
}

/** All rows of one table or view of the session. */
export async function readFromSpark(spark: SparkLane, name: string): Promise<SparkView> {
  const file = join(spark.folder, 'rows.jsonl');
  const kinds = await spark.call('write', { sql: `SELECT * FROM ${name}`, file });
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return { kinds, rows: lines.map((line) => JSON.parse(line) as WarehouseRow) };
}
