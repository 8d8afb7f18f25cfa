import { readRow } from '../../electron/adapters/databricks/read-row.ts';
import { selectRowsSql } from '../../electron/adapters/databricks/statements.ts';
import type { Warehouse, WarehouseRow, WarehouseView } from '../../electron/core/ports.ts';
import { rowMaker, viewColumns } from '../../electron/warehouse-views/view-columns.ts';
import type { SparkLane } from './spark-session.ts';

const batchRows = 1_000;

/**
 * The views of a lane as a warehouse gives them to the core: read by the very statements that go to Databricks.
 *
 * Shape:  each view is read once; the number of feature rows, which no snapshot shows, is not told.
 */
export function sparkWarehouse(spark: SparkLane): Warehouse {
  const known = new Map<WarehouseView, Promise<WarehouseRow[]>>();
  const query = async (view: WarehouseView): Promise<WarehouseRow[]> => {
    const rowOf = rowMaker(view);
    const rows = await spark.call('run', { sql: selectRowsSql(view, view), args: {} });
    return rows.map(([text]) => rowOf(readRow(String(text), viewColumns[view], view)));
  };
  const read = (view: WarehouseView): Promise<WarehouseRow[]> => {
    const rows = known.get(view) ?? query(view);
    known.set(view, rows);
    return rows;
  };
  const count = async (view: WarehouseView): Promise<number> => (await read(view)).length;
  return {
    prepare: async () => ({ properties: await count('properties'), propertyFeatures: 0, productProperty: await count('product_property'), notices: [] }),
    async *readView(view) {
      const rows = await read(view);
      for (let at = 0; at < rows.length; at += batchRows) yield rows.slice(at, at + batchRows);
    },
    countView: count,
    fingerprint: async () => null,
    close: async () => {},
  };
}
