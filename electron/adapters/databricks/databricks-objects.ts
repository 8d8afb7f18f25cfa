import { viewNames, type ViewName } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../../core/app-failure.ts';
import type { DeployedColumn, DeployedObject, WarehouseObjects } from '../../core/warehouse-ports.ts';
import type { DatabricksThread } from './databricks-thread.ts';

type Row = Readonly<Record<string, string | null>>;

/**
 * What is deployed under our six names in a catalog and schema.
 *
 * Shape:  a view's text comes back from its first to its last token, letter by letter; comments before it are dropped.
 * Errors: as the driver's calls; an object that is not there has no entry.
 * Source: DESCRIBE TABLE EXTENDED and SHOW TBLPROPERTIES (tried on Spark 4.2); information_schema.columns for NOT NULL, which
 *         DESCRIBE does not tell.
 */
export function databricksObjects(thread: DatabricksThread, place: { catalog: string; schema: string }, names: Readonly<Record<string, string>>): WarehouseObjects {
  const read = (sql: string, what: string, signal: AbortSignal): Promise<Row[]> => thread.call('read', { sql, parameters: {}, what }, { signal });

  const describe = async (name: ViewName, signal: AbortSignal): Promise<DeployedObject | null> => {
    const qualified = names[name] ?? name;
    const what = `Looking at ${qualified}`;
    const rows = await read(`DESCRIBE TABLE EXTENDED ${qualified}`, what, signal).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (rows === null) return null;
    const { columns, details } = splitDescription(rows);
    if (details.get('Type') === 'VIEW') return { kind: 'view', text: details.get('View Text') ?? null, properties: {}, columns: [] };
    const properties = await read(`SHOW TBLPROPERTIES ${qualified}`, what, signal);
    const nullable = await read(
      `SELECT column_name, is_nullable FROM ${place.catalog}.information_schema.columns WHERE table_schema = '${place.schema.toLowerCase()}' AND table_name = '${name}'`,
      what,
      signal,
    );
    return {
      kind: 'table',
      text: null,
      properties: Object.fromEntries(properties.map(({ key, value }) => [String(key), String(value)])),
      columns: columns.map((column) => ({ ...column, isNullable: isNullable(nullable, column.name) })),
    };
  };

  return {
    place,
    names,
    async deployed(signal, only = viewNames) {
      const found = new Map<ViewName, DeployedObject>();
      for (const name of only) {
        const object = await describe(name, signal);
        if (object !== null) found.set(name, object);
      }
      return found;
    },
    async execute(sql, signal) {
      await thread.call('write', { sql, parameters: {}, what: 'The deployment' }, { signal });
    },
  };
}

/** The columns come first; what is told of the object follows behind a heading, under names that a column may have too. */
function splitDescription(rows: readonly Row[]): { columns: Omit<DeployedColumn, 'isNullable'>[]; details: Map<string, string> } {
  const heading = rows.findIndex((row) => row['col_name'] === '# Detailed Table Information');
  const isColumn = (row: Row): boolean => Boolean(row['col_name']) && !row['col_name']?.startsWith('#');
  const before = heading < 0 ? rows : rows.slice(0, heading);
  // Behind a blank line a partition section may repeat columns.
  const blank = before.findIndex((row) => !row['col_name']);
  return {
    columns: (blank < 0 ? before : before.slice(0, blank)).filter(isColumn).map((row) => ({ name: String(row['col_name']), type: String(row['data_type']) })),
    details: new Map(heading < 0 ? [] : rows.slice(heading + 1).map((row) => [String(row['col_name']), String(row['data_type'] ?? '')])),
  };
}

function isNullable(rows: readonly Row[], column: string): boolean | null {
  const found = rows.find((row) => row['column_name'] === column);
  return found === undefined ? null : found['is_nullable'] === 'YES';
}

function isMissing(error: unknown): boolean {
  return error instanceof AppFailure && error.error.details['problem'] === 'missing';
}
