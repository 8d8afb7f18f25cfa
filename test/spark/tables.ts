import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoInstant } from '../../electron/adapters/embedded/instant-text.ts';
import { sourceTables } from '../../electron/adapters/embedded/source-tables.ts';
import { openDatabase, type SqliteDatabase } from '../../electron/adapters/sqlite/open-database.ts';
import type { WarehouseRow } from '../../electron/core/ports.ts';
import { readTableDefinition } from '../../electron/warehouse-views/table-definition.ts';
import type { ColumnKind, SparkLane } from './spark-session.ts';

type Cell = string | number | null;
export interface TypedColumn {
  name: string;
  kind: ColumnKind;
}

/** The tables that the views read, with the types they have in the warehouse. */
const tables: Readonly<Record<string, readonly TypedColumn[]>> = {
  ...sourceTables,
  property_sync_audit_log: readTableDefinition().columns.map(({ name, type }) => ({ name, kind: type === 'BIGINT' ? 'number' : 'text' })),
};

/** The SQLite file with the source tables and the rows of the views, and the files it was filled from. */
export interface EmbeddedFiles {
  views: string;
  /** A sample's file with the tables of RDS. */
  sample?: string;
  auditLog?: string;
}

/** The rows of the embedded warehouse, read past the adapter: every column of every table and view. */
export class EmbeddedTables {
  readonly #db: SqliteDatabase;

  constructor(files: EmbeddedFiles) {
    this.#db = openDatabase(files.views, { readonly: true, durability: 'off' });
    if (files.sample !== undefined) this.#db.prepare('ATTACH DATABASE ? AS sample').run(files.sample);
    if (files.auditLog !== undefined) this.#db.prepare('ATTACH DATABASE ? AS audit').run(files.auditLog);
  }

  /** Puts the very rows of the source tables into Spark, with the warehouse's types. One partition needs no shuffle: faster for a few rows. */
  async copyToSpark(spark: SparkLane, partitions = 1): Promise<void> {
    for (const [table, columns] of Object.entries(tables)) {
      const file = join(spark.folder, `${table}.jsonl`);
      const rows = this.#db.prepare(`SELECT ${columns.map(({ name }) => name).join(', ')} FROM ${table}`).all() as Record<string, Cell>[];
      writeFileSync(file, rows.map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name, kind }) => [name, sparkCell(row[name] ?? null, kind)])))}\n`).join(''));
      await spark.call('load', { name: table, file, columns, partitions });
    }
  }

  /** All rows of a view. Columns and their kinds are Spark's: SQLite has no booleans and instants of its own. */
  rows(view: string, kinds: Readonly<Record<string, ColumnKind>>): WarehouseRow[] {
    const rows = this.#db.prepare(`SELECT * FROM ${view}`).all() as Record<string, Cell>[];
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value, kinds[name])])));
  }

  close(): void {
    this.#db.close();
  }
}

function sparkCell(value: Cell, kind: ColumnKind): string | number | boolean | null {
  if (value === null || kind === 'text' || kind === 'number') return value;
  return kind === 'boolean' ? value === 1 : microseconds(String(value));
}

function cell(value: Cell, kind: ColumnKind | undefined): Cell | boolean {
  if (value === null) return null;
  if (kind === 'boolean') return value === 1;
  return kind === 'instant' ? isoInstant(String(value)) : value;
}

/** Microseconds since 1970, as digits: a JavaScript number would round those of the year 9999. */
function microseconds(fixedWidth: string): string {
  const seconds = BigInt(Date.parse(`${fixedWidth.slice(0, 10)}T${fixedWidth.slice(11, 19)}Z`) / 1_000);
  return String(seconds * 1_000_000n + BigInt(fixedWidth.slice(20)));
}
