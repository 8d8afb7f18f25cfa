import { existsSync } from 'node:fs';
import { mappingSchema, type Mapping } from '../../../../shared/domain/mapping.ts';
import { snapshotSchema, type Snapshot } from '../../../../shared/domain/snapshot.ts';
import { refusal } from '../../../core/app-failure.ts';
import { viewColumns } from '../../../warehouse-views/view-columns.ts';
import { isOurs } from '../../sqlite/cache/cache-file.ts';
import { restColumns } from '../../sqlite/cache/rest-columns.ts';
import { openDatabase, type SqliteDatabase } from '../../sqlite/open-database.ts';

/** The cached snapshot that a trial runs on, in one state for as long as it is open. */
export interface CachedSource {
  db: SqliteDatabase;
  snapshot: Snapshot;
  mapping: Mapping;
}

/** Scratch tables that stand for the views' sources, by placeholder. */
export const sourceNames = { rds_properties_enriched: 'source_property', product_property: 'source_record' } as const;

const properties = viewColumns.rds_properties_enriched;

/**
 * Opens the cache to be read, in one state whatever a refresh does meanwhile.
 *
 * Errors: `refused` with rule `no-snapshot` where there is none that this version has made.
 */
export function openSource(cacheFile: string): CachedSource {
  const none = () => refusal('no-snapshot', 'There is no snapshot yet, so there are no rows to try rules on. Refresh first.');
  if (!existsSync(cacheFile)) throw none();
  const db = openDatabase(cacheFile, { durability: 'normal', readonly: true });
  try {
    if (!isOurs(db)) throw none();
    db.exec('BEGIN');
    const row = db.prepare('SELECT facts, mapping FROM snapshot').get() as { facts: string; mapping: string } | undefined;
    if (row === undefined) throw none();
    return { db, snapshot: snapshotSchema.parse(JSON.parse(row.facts)), mapping: mappingSchema.parse(JSON.parse(row.mapping)) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes the scratch tables, without rows. */
export function createSourceTables(scratch: SqliteDatabase): void {
  scratch.exec(`
    CREATE TABLE source_property (${properties.map(({ name, kind }) => `${name} ${kind === 'boolean' || kind === 'number' ? 'INTEGER' : 'TEXT'}`).join(', ')});
    CREATE TABLE source_record (id TEXT, snappt_property_id_c TEXT, sf_property_id_c TEXT, is_deleted INTEGER);
  `);
}

/** Fills the scratch tables from the cached rows. */
export function loadSource(scratch: SqliteDatabase, source: CachedSource, onRows: (count: number) => void): void {
  createSourceTables(scratch);
  scratch.exec('BEGIN');
  loadProperties(scratch, source, onRows);
  const insert = scratch.prepare('INSERT INTO source_record VALUES (?, ?, ?, ?)');
  for (const row of source.db.prepare("SELECT NULLIF(record_id, ''), key, production_id, 1 - is_live FROM staging").raw().iterate()) {
    insert.run(row as unknown[]);
    onRows(1);
  }
  scratch.exec(`
    COMMIT;
    CREATE INDEX source_property_by_property_id ON source_property (property_id);
    CREATE INDEX source_property_by_sfdc_key ON source_property (sfdc_key);
    CREATE INDEX source_record_by_key ON source_record (snappt_property_id_c);
  `);
}

interface PropertyRow {
  [column: string]: string | number | null;
  rest: string;
  cells: string;
}

function loadProperties(scratch: SqliteDatabase, { db, mapping }: CachedSource, onRows: (count: number) => void): void {
  const rest = restColumns(mapping);
  const readers = properties.map(({ name, kind }) => {
    const mapped = mapping.fields.findIndex(({ column }) => column === name);
    const other = rest.indexOf(name);
    const own = name === 'property_id' ? 'id' : name;
    const value = (row: PropertyRow, cells: unknown[], others: unknown[]): unknown => (other >= 0 ? others[other] : mapped >= 0 ? cells[mapped] : row[own]);
    if (kind === 'boolean') return (...from: Parameters<typeof value>) => Number(value(...from));
    if (kind === 'instant') return (...from: Parameters<typeof value>) => fixedWidth(value(...from));
    return value;
  });
  const insert = scratch.prepare(`INSERT INTO source_property VALUES (${properties.map(() => '?').join(', ')})`);
  for (const row of db.prepare('SELECT * FROM property').iterate() as IterableIterator<PropertyRow>) {
    const cells = JSON.parse(row.cells) as unknown[];
    const others = JSON.parse(row.rest) as unknown[];
    insert.run(readers.map((read) => read(row, cells, others) ?? null));
    onRows(1);
  }
}

/** An instant of the cache as the views compare it; the inverse of `isoInstant`. */
function fixedWidth(value: unknown): unknown {
  return typeof value === 'string' ? `${value.slice(0, 10)} ${value.slice(11, -1)}` : value;
}
