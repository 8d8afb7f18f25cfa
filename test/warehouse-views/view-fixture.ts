import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceTables, type SourceTableName } from '../../electron/adapters/embedded/source-tables.ts';
import { WarehouseDatabase } from '../../electron/adapters/embedded/warehouse-database.ts';
import { warehouseViews, type WarehouseRow, type WarehouseView } from '../../electron/core/ports.ts';

export type SourceRow = Readonly<Record<string, string | null>>;

export interface Source {
  properties?: readonly SourceRow[];
  features?: readonly SourceRow[];
  staging?: readonly SourceRow[];
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

/** The rows that every view gives for a source. */
export function runViews(source: Source): ViewResults {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-views-'));
  const database = new WarehouseDatabase({ file: join(folder, 'warehouse.db'), source: folder });
  try {
    writeSource(folder, source);
    database.loadSource(() => {});
    database.loadMirrorFile(() => {});
    database.buildViews();
    return Object.fromEntries(
      warehouseViews.map((view) => {
        const { columns, rows } = database.read(view);
        const read = [...rows].map((values) => Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])));
        return [view, read];
      }),
    ) as Record<WarehouseView, WarehouseRow[]>;
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
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
