import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceTables, type SourceTableName } from '../../electron/adapters/embedded/source-tables.ts';
import { WarehouseDatabase, type MirrorRow } from '../../electron/adapters/embedded/warehouse-database.ts';
import { openDatabase } from '../../electron/adapters/sqlite/open-database.ts';
import { warehouseViews, type WarehouseRow, type WarehouseView } from '../../electron/core/ports.ts';
import { renderView } from '../../electron/warehouse-views/read-views.ts';
import { readTableDefinition } from '../../electron/warehouse-views/table-definition.ts';

export type SourceRow = Readonly<Record<string, string | null>>;

export interface Source {
  properties?: readonly SourceRow[];
  features?: readonly SourceRow[];
  staging?: readonly SourceRow[];
  /** Rows of the copy of the audit log. */
  auditLog?: readonly SourceRow[];
}

export type ViewResults = Readonly<Record<WarehouseView, WarehouseRow[]>>;

const cellOf = (value: string | null | undefined): string =>
  value === null || value === undefined ? '' : `"${value.replaceAll('"', '""')}"`;

/** The text of a CSV file with the columns of a source table; a missing cell is NULL. */
export function csvText(table: SourceTableName, rows: readonly SourceRow[]): string {
  const columns = sourceTables[table].map((column) => column.name);
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cellOf(row[column])).join(','))].join('\n') + '\n';
}

/** Writes the three CSV files of a source folder. */
export function writeSource(folder: string, source: Source): void {
  writeFileSync(join(folder, 'properties.csv'), csvText('properties', source.properties ?? []));
  writeFileSync(join(folder, 'property_features.csv'), csvText('property_features', source.features ?? []));
  writeFileSync(join(folder, 'product_property.csv'), csvText('product_property', source.staging ?? []));
}

/** Writes the copy of the audit log as SQLite holds it. */
export function writeAuditFile(file: string, rows: readonly SourceRow[]): void {
  const db = openDatabase(file, { durability: 'off' });
  db.exec(renderView('property_sync_audit_log', { property_sync_audit_log: 'property_sync_audit_log' }));
  const { columns } = readTableDefinition();
  const insert = db.prepare(`INSERT INTO property_sync_audit_log VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(columns.map(({ name }) => row[name] ?? null));
  db.close();
}

/** A source with its views built, in a folder of its own. */
export interface BuiltViews {
  database: WarehouseDatabase;
  /** The SQLite file with the source tables and the rows of the views. */
  file: string;
  /** The SQLite file with the copy of the audit log. */
  auditFile: string;
  close(): void;
}

/** Builds the views of a source. Without `mirror` the staging records are those of the source. */
export function buildViews(source: Source, mirror?: readonly MirrorRow[]): BuiltViews {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-views-'));
  const auditFile = join(folder, 'audit.db');
  const database = new WarehouseDatabase({ file: join(folder, 'warehouse.db'), source: folder, auditFile });
  const close = (): void => {
    database.close();
    rmSync(folder, { recursive: true });
  };
  try {
    writeSource(folder, source);
    writeAuditFile(auditFile, source.auditLog ?? []);
    database.loadSource(() => {});
    if (mirror === undefined) database.loadMirrorFile(() => {});
    else database.addMirrorRows(mirror);
    database.buildViews();
    return { database, file: join(folder, 'warehouse.db-views'), auditFile, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The rows that every view gives for a source, as the app reads them. */
export function runViews(source: Source): ViewResults {
  const { database, close } = buildViews(source);
  try {
    return Object.fromEntries(
      warehouseViews.map((view) => {
        const { columns, rows } = database.read(view);
        const read = [...rows].map((values) => Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])));
        return [view, read];
      }),
    ) as Record<WarehouseView, WarehouseRow[]>;
  } finally {
    close();
  }
}

/** An ACTIVE property without production id. */
export const property = (id: string, overrides: SourceRow = {}): SourceRow => ({
  id,
  name: `Property ${id}`,
  status: 'ACTIVE',
  updated_at: '2026-01-01 00:00:00',
  ...overrides,
});

/** An enabled feature row. */
export const feature = (propertyId: string, code: string, overrides: SourceRow = {}): SourceRow => ({
  property_id: propertyId,
  feature_code: code,
  enabled: 'true',
  ...overrides,
});

/** A live staging record. */
export const staged = (id: string, key: string | null, overrides: SourceRow = {}): SourceRow => ({
  id,
  snappt_property_id_c: key,
  name: `Record ${id}`,
  is_deleted: 'false',
  ...overrides,
});
