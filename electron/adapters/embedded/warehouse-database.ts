import { rmSync, statSync } from 'node:fs';
import type { WarehouseView } from '../../core/ports.ts';
import { viewNames, type ViewName } from '../../../shared/domain/warehouse.ts';
import { renderView } from '../../warehouse-views/read-views.ts';
import { viewColumns, viewOrder } from '../../warehouse-views/view-columns.ts';
import type { SqliteDatabase } from '../sqlite/open-database.ts';
import { readSourceTable, type SourceCell } from './csv-source.ts';
import { instantText } from './instant-text.ts';
import { openScratch } from './scratch-database.ts';
import { createTableSql, insertRowSql, sourceTables, type SourceTableName } from './source-tables.ts';
import { typedRows, type CellValue } from './typed-rows.ts';

/** A row of the mirror of the staging object: the columns of `product_property`. Instants in any ISO 8601 spelling. */
export type MirrorRow = Readonly<Record<string, string | boolean | null>>;

export interface ViewRows {
  columns: readonly string[];
  /** Values in the order of `columns`. */
  rows: Iterable<CellValue[]>;
}

/** What is indexed before the views that join on it are built. */
const indexes: Readonly<Record<string, readonly string[]>> = {
  properties: ['id'],
  property_features: ['property_id'],
  product_property: ['id', 'snappt_property_id_c'],
  rds_properties_enriched: ['property_id', 'sfdc_key'],
  properties_aggregated_by_sfdc_id: ['sfdc_key'],
  properties_to_create: ['snappt_property_id', 'sfdc_key'],
  properties_to_update: ['snappt_property_id', 'record_id', 'sfdc_key'],
};

const selectViews = viewNames.filter((name) => name !== 'property_sync_audit_log');
const progressEvery = 5_000;

/**
 * The embedded warehouse's SQLite side: source tables and the rows of each view.
 *
 * A sample's `properties` and `property_features` live in the warehouse file and are only read. All else (CSV files, the
 * mirror, the rows of the views) goes into a scratch file beside it, made anew each time and deleted in the end: whatever
 * happens during a refresh, nothing that is needed later can be damaged.
 */
export class WarehouseDatabase {
  readonly #file: string;
  readonly #source: string | undefined;
  readonly #auditFile: string | undefined;
  #db: SqliteDatabase | null = null;

  constructor(options: { file: string; source?: string | undefined; auditFile?: string | undefined }) {
    this.#file = options.file;
    this.#source = options.source;
    this.#auditFile = options.auditFile;
  }

  /**
   * Starts from an empty scratch file and loads the tables of RDS.
   *
   * Errors: throws `SourceFileError` for a CSV file that is not exactly as it should be.
   */
  loadSource(onProgress: (rows: number) => void): { properties: number; propertyFeatures: number; notices: string[] } {
    this.close();
    const db = openScratch(this.#scratchFile);
    this.#db = db;
    db.exec(createTableSql('product_property'));
    const notices: string[] = [];
    if (this.#source === undefined) {
      if (!statSync(this.#file, { throwIfNoEntry: false })?.isFile()) throw new Error(`No warehouse file at ${this.#file}`);
      db.prepare('ATTACH DATABASE ? AS sample').run(this.#file);
    } else {
      let done = 0;
      for (const table of ['properties', 'property_features'] as const) {
        db.exec(createTableSql(table));
        done += this.#loadTable(table, readSourceTable(this.#source, table, (notice) => notices.push(notice)), (rows) =>
          onProgress(done + rows),
        );
        this.#index(table);
      }
    }
    return { properties: this.#count('properties'), propertyFeatures: this.#count('property_features'), notices };
  }

  /** Loads the mirror from `product_property.csv`, as it is when the org is a real one. */
  loadMirrorFile(onProgress: (rows: number) => void): { productProperty: number; notices: string[] } {
    if (this.#source === undefined) throw new Error('Only a source folder has a file with the mirror.');
    const notices: string[] = [];
    const rows = readSourceTable(this.#source, 'product_property', (notice) => notices.push(notice));
    return { productProperty: this.#loadTable('product_property', rows, onProgress), notices };
  }

  /** Adds rows of the mirror as an org gives them. */
  addMirrorRows(rows: readonly MirrorRow[]): void {
    this.#loadTable('product_property', rows.map(mirrorCells), () => {});
  }

  /** Builds the rows of every view, each from the text in the repository, and returns the size of the mirror. */
  buildViews(): { productProperty: number; notices: string[] } {
    const db = this.#open();
    this.#index('product_property');
    const auditLog = this.#attachAuditLog(db);
    const names = { ...this.#names(), property_sync_audit_log: auditLog.name };
    for (const view of selectViews) {
      db.exec(`CREATE TABLE main.${view} AS ${renderView(view, names)}`);
      this.#index(view);
    }
    return { productProperty: this.#count('product_property'), notices: auditLog.notices };
  }

  count(view: WarehouseView): number {
    return this.#count(view);
  }

  /** The rows of one view in order of its key; the statement runs from the first row that is asked for until their end or `return`. */
  read(view: WarehouseView): ViewRows {
    const columns = viewColumns[view];
    const names = columns.map(({ name }) => name);
    const statement = this.#open()
      .prepare(`SELECT ${names.join(', ')} FROM ${this.#names()[view]} ORDER BY ${viewOrder[view].join(', ')}`)
      .raw();
    return { columns: names, rows: typedRows(() => statement.iterate() as Iterable<CellValue[]>, columns) };
  }

  /** Ends the scratch file; the warehouse can be loaded again. */
  close(): void {
    this.#db?.close();
    this.#db = null;
    removeScratch(this.#scratchFile);
  }

  get #scratchFile(): string {
    return `${this.#file}-views`;
  }

  /** The copy of the audit log, which is only read; an empty table as long as nothing was copied, or when its file is none of SQLite's. */
  #attachAuditLog(db: SqliteDatabase): { name: string; notices: string[] } {
    const notices: string[] = [];
    if (this.#auditFile !== undefined && statSync(this.#auditFile, { throwIfNoEntry: false })?.isFile()) {
      try {
        db.prepare('ATTACH DATABASE ? AS audit').run(this.#auditFile);
        if (db.prepare("SELECT 1 FROM audit.sqlite_schema WHERE type = 'table' AND name = 'property_sync_audit_log'").get() !== undefined) {
          return { name: 'audit.property_sync_audit_log', notices };
        }
      } catch (error) {
        notices.push(`The copy of the audit log cannot be read (${error instanceof Error ? error.message : String(error)}), so that the dashboard has no numbers of the last run.`);
      }
    }
    const name = 'main.property_sync_audit_log';
    db.exec(renderView('property_sync_audit_log', { property_sync_audit_log: name }));
    return { name, notices };
  }

  #open(): SqliteDatabase {
    if (this.#db === null) throw new Error('The embedded warehouse is read before it was prepared.');
    return this.#db;
  }

  #names(): Record<SourceTableName | ViewName, string> {
    const rds = this.#source === undefined ? 'sample' : 'main';
    const views = Object.fromEntries(viewNames.map((name) => [name, `main.${name}`])) as Record<ViewName, string>;
    return {
      ...views,
      properties: `${rds}.properties`,
      property_features: `${rds}.property_features`,
      product_property: 'main.product_property',
    };
  }

  #count(table: SourceTableName | ViewName): number {
    return this.#open().prepare(`SELECT COUNT(*) FROM ${this.#names()[table]}`).pluck().get() as number;
  }

  #index(table: string): void {
    for (const column of indexes[table] ?? []) {
      this.#open().exec(`CREATE INDEX main.${table}_by_${column} ON ${table} (${column})`);
    }
  }

  #loadTable(table: SourceTableName, rows: Iterable<SourceCell[]>, onProgress: (rows: number) => void): number {
    const db = this.#open();
    const insert = db.prepare(insertRowSql(table));
    let count = 0;
    db.exec('BEGIN');
    for (const row of rows) {
      insert.run(row);
      count += 1;
      if (count % progressEvery === 0) onProgress(count);
    }
    db.exec('COMMIT');
    onProgress(count);
    return count;
  }
}

function removeScratch(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function mirrorCells(row: MirrorRow): SourceCell[] {
  return sourceTables.product_property.map(({ name, kind }) => {
    const value = row[name] ?? null;
    if (value === null) return null;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (kind !== 'instant') return value;
    const instant = instantText(value, { compactOffset: true });
    if (instant === null) throw new Error(`The mirror has ${JSON.stringify(value)} where an instant belongs (${name}).`);
    return instant;
  });
}
