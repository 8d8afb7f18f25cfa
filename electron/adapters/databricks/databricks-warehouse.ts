import { AppFailure, throwIfCancelled } from '../../core/app-failure.ts';
import type { SourceCounts, Warehouse, WarehouseRow, WarehouseView } from '../../core/ports.ts';
import { rowMaker, viewColumns } from '../../warehouse-views/view-columns.ts';
import { pullAhead } from '../threads/pull-ahead.ts';
import type { DatabricksThread } from './databricks-thread.ts';
import { countSql, fingerprintSql, selectRowsSql, sourceNames } from './statements.ts';

const what = 'The refresh';

/**
 * A warehouse in Databricks, over the driver in a thread of its own.
 *
 * Shape:  `names`: placeholder -> qualified name. Leaving a view in the middle, or an abort, cancels and closes its statement.
 * Errors: `AppFailure` with the warehouse's own words in `details.verbatim`; `cancelled`.
 */
export function databricksWarehouse(thread: DatabricksThread, names: Readonly<Record<string, string>>): Warehouse {
  const nameOf = (table: string): string => names[table] ?? table;
  const count = async (table: string, signal: AbortSignal): Promise<number> => {
    const [row] = await thread.call('read', { sql: countSql(nameOf(table)), parameters: {}, what }, { signal });
    return Number(row?.['n']);
  };
  /** Not every reader may look into the tables of RDS; what is not granted is told, and the views are read all the same. */
  const countIfGranted = (table: string, signal: AbortSignal): Promise<number | null> => count(table, signal).catch((error: unknown) => whenNotGranted(error));

  return {
    async prepare({ signal }): Promise<SourceCounts> {
      throwIfCancelled(signal, what);
      const [properties, propertyFeatures, productProperty] = await Promise.all(sourceNames.map((table) => countIfGranted(table, signal)));
      const missing = sourceNames.filter((_, at) => [properties, propertyFeatures, productProperty][at] === null);
      return {
        properties: properties ?? (await count('rds_properties_enriched', signal)),
        propertyFeatures: propertyFeatures ?? 0,
        productProperty: productProperty ?? 0,
        notices: missing.length === 0 ? [] : [`Not counted, since this user may not read them: ${missing.map(nameOf).join(', ')}.`],
      };
    },

    async *readView(view: WarehouseView, { signal }: { signal: AbortSignal }): AsyncGenerator<readonly WarehouseRow[]> {
      throwIfCancelled(signal, what);
      const columns = viewColumns[view];
      const toRow = rowMaker(view);
      const cursor = await thread.call('openRows', { sql: selectRowsSql(view, nameOf(view)), columns, from: nameOf(view), what });
      const leave = (): void => void thread.call('closeRows', cursor).catch(() => {});
      signal.addEventListener('abort', leave, { once: true });
      try {
        const batches = pullAhead(() => thread.call('nextRows', cursor), () => throwIfCancelled(signal, what));
        for await (const rows of batches) yield rows.map(toRow);
      } finally {
        signal.removeEventListener('abort', leave);
        await thread.call('closeRows', cursor).catch(() => null);
      }
    },

    countView: (view, signal) => count(view, signal),

    async fingerprint(signal) {
      const rows = await thread.call('read', { sql: fingerprintSql(names), parameters: {}, what: 'Looking for changes' }, { signal }).catch((error: unknown) => whenNotGranted(error));
      if (rows === null) return null;
      return rows.map((row) => `${row['t']} ${row['n']} ${row['s'] ?? 'none'}`).sort().join(', ');
    },

    close: () => thread.letGo(),
  };
}

function whenNotGranted(error: unknown): null {
  if (error instanceof AppFailure && error.error.code === 'permission-denied') return null;
  throw error;
}
