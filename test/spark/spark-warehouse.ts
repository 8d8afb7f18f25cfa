import { readRow } from '../../electron/adapters/databricks/read-row.ts';
import { countSql, selectRowsSql } from '../../electron/adapters/databricks/statements.ts';
import type { Warehouse } from '../../electron/core/ports.ts';
import { rowMaker, viewColumns } from '../../electron/warehouse-views/view-columns.ts';
import type { SparkLane } from './spark-session.ts';

const batchRows = 1_000;

/** The views of a lane as a warehouse gives them to the core: read by the very statements that go to Databricks. */
export function sparkWarehouse(spark: SparkLane): Warehouse {
  const texts = async (sql: string): Promise<string[]> => (await spark.call('run', { sql, args: {} })).map(([text]) => String(text));
  const count = async (table: string): Promise<number> => Number((await texts(countSql(table)))[0]);
  return {
    prepare: async () => ({
      properties: await count('properties'),
      propertyFeatures: await count('property_features'),
      productProperty: await count('product_property'),
      notices: [],
    }),
    async *readView(view) {
      const rowOf = rowMaker(view);
      const rows = (await texts(selectRowsSql(view, view))).map((text) => rowOf(readRow(text, viewColumns[view], view)));
      for (let at = 0; at < rows.length; at += batchRows) yield rows.slice(at, at + batchRows);
    },
    countView: count,
    fingerprint: async () => null,
    close: async () => {},
  };
}
