import { rmSync } from 'node:fs';
import { readSourceTable } from '../../electron/adapters/embedded/csv-source.ts';
import { addSparkFunctions } from '../../electron/adapters/embedded/spark-functions.ts';
import { addJsonRows } from '../../electron/adapters/embedded/spark-json.ts';
import { createTableSql, insertRowSql, type SourceTableName } from '../../electron/adapters/embedded/source-tables.ts';
import { openDatabase, type SqliteDatabase } from '../../electron/adapters/sqlite/open-database.ts';
import { auditLogColumns } from '../../electron/warehouse-views/audit-statements.ts';
import { addWarehouseFunctions } from './warehouse-functions.ts';

export type Value = string | number | bigint | null;

export interface Answer {
  columns: readonly string[];
  rows: Iterable<Value[]>;
  close(): void;
}

/** A refusal in the warehouse's own words. */
export class StatementRefused extends Error {}

interface DeployedView {
  text: string;
  comment: string;
  isBuilt: boolean;
}

interface DeployedTable {
  columns: { name: string; type: string; notNull: boolean }[];
  properties: Record<string, string>;
}

const joined: Readonly<Record<string, readonly string[]>> = {
  properties: ['id'],
  property_features: ['property_id'],
  product_property: ['id', 'snappt_property_id_c'],
  rds_properties_enriched: ['property_id', 'sfdc_key'],
  properties_aggregated_by_sfdc_id: ['sfdc_key'],
  properties_to_create: ['snappt_property_id', 'sfdc_key'],
  properties_to_update: ['snappt_property_id', 'record_id', 'sfdc_key'],
};

/**
 * The SQL side of the stand-in: SQLite with Spark's functions, taking the statements that the app sends to Databricks.
 *
 * Shape:  names have three parts. A view's rows are built from its deployed text when it is first read, as a warehouse would
 *         compute them; a change of a source table throws them away.
 */
export class StandInEngine {
  readonly #file: string;
  readonly #db: SqliteDatabase;
  readonly #views = new Map<string, DeployedView>();
  readonly #tables = new Map<string, DeployedTable>();
  /** Object -> privilege that this user does not have on it. */
  readonly denied = new Map<string, string>();
  timeZone = 'America/Los_Angeles';
  user = 'admin@example.com';

  constructor(file: string) {
    this.#file = file;
    this.#db = this.#open(false);
  }

  /** Fills the three source tables from a folder of CSV files, under the names that they have in Databricks. */
  load(folder: string, names: Readonly<Record<SourceTableName, string>>): void {
    for (const table of ['properties', 'property_features', 'product_property'] as const) this.loadTable(table, names[table], readSourceTable(folder, table));
  }

  loadTable(table: SourceTableName, name: string, rows: Iterable<readonly (string | number | null)[]>): void {
    this.#db.exec(`DROP TABLE IF EXISTS "${name}"; ${createTableSql(table).replace(`main.${table}`, `"${name}"`)}`);
    const insert = this.#db.prepare(insertRowSql(table).replace(`INTO ${table}`, `INTO "${name}"`));
    this.#db.transaction(() => {
      for (const row of rows) insert.run(...row);
    })();
    this.#index(name);
    this.#tables.set(name, { columns: [], properties: {} });
    for (const view of this.#views.values()) view.isBuilt = false;
  }

  /** Takes one statement. Errors: `StatementRefused` with the words that Databricks would use. */
  execute(sql: string, parameters: Readonly<Record<string, Value>>): Answer {
    const statement = sql.trim().replace(/;$/u, '');
    this.#refuseDenied(statement);
    return this.#special(statement) ?? this.#query(statement, parameters);
  }

  /** The deployed text of a view. */
  textOf(name: string): string {
    return this.#views.get(name)?.text ?? '';
  }

  /** Rows of the audit table, for a test to look at. */
  rowsOf(name: string): Record<string, Value>[] {
    return this.#db.prepare(`SELECT * FROM "${name}"`).all() as Record<string, Value>[];
  }

  close(): void {
    this.#db.close();
    for (const end of ['', '-wal', '-shm']) rmSync(this.#file + end, { force: true });
  }

  #open(readonly: boolean): SqliteDatabase {
    const db = openDatabase(this.#file, { durability: 'off', readonly });
    db.pragma('cache_size = -65536');
    addSparkFunctions(db);
    addJsonRows(db, Object.keys(auditLogColumns));
    addWarehouseFunctions(db, () => ({ user: this.user, timeZone: this.timeZone }));
    return db;
  }

  #special(sql: string): Answer | null {
    const zone = /^SET TIME ZONE '([^']+)'$/iu.exec(sql);
    if (zone) {
      this.timeZone = zone[1] ?? '';
      return answerOf([], []);
    }
    const view = /^CREATE OR REPLACE VIEW (\S+)(?:\s+COMMENT '([^']*)')?\s+AS\s+([\s\S]+)$/u.exec(sql);
    if (view) return this.#createView(view[1] ?? '', view[2] ?? '', view[3] ?? '');
    const table = /^(?:--[^\n]*\n)*\s*CREATE TABLE IF NOT EXISTS (\S+) \(([\s\S]+?)\n\)\s*(?:USING DELTA\s*)?(?:COMMENT '[^']*'\s*)?(?:TBLPROPERTIES \(([\s\S]*?)\))?$/u.exec(sql);
    if (table) return this.#createTable(table[1] ?? '', table[2] ?? '', table[3] ?? '');
    const constraint = /^ALTER TABLE (\S+) ADD CONSTRAINT (\w+) CHECK \(([\s\S]+)\)$/u.exec(sql);
    if (constraint) return this.#addConstraint(constraint[1] ?? '', constraint[2] ?? '', constraint[3] ?? '');
    const given = /^ALTER TABLE (\S+) SET TBLPROPERTIES \(([\s\S]+)\)$/u.exec(sql);
    if (given) {
      Object.assign(this.#table(given[1] ?? '').properties, propertiesIn(given[2] ?? ''));
      return answerOf([], []);
    }
    const properties = /^SHOW TBLPROPERTIES (\S+)$/u.exec(sql);
    if (properties) return answerOf(['key', 'value'], Object.entries(this.#table(properties[1] ?? '').properties));
    const described = /^DESCRIBE TABLE EXTENDED (\S+)$/u.exec(sql);
    if (described) return this.#describe(described[1] ?? '');
    const nullable = /^SELECT column_name, is_nullable FROM (\w+)\.information_schema\.columns WHERE table_schema = '(\w+)' AND table_name = '(\w+)'$/u.exec(sql);
    if (nullable) {
      const { columns } = this.#table(`${nullable[1]}.${nullable[2]}.${nullable[3]}`);
      return answerOf(['column_name', 'is_nullable'], columns.map(({ name, notNull }) => [name, notNull ? 'NO' : 'YES']));
    }
    return null;
  }

  #createView(name: string, comment: string, text: string): Answer {
    // What comes back of a view begins with its first token and ends with its last.
    const kept = text.replace(/^(?:\s*--[^\n]*(?:\n|$))*\s*/u, '').trimEnd();
    if (this.#tables.has(name)) throw new StatementRefused(`[EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE] ${name} is a table.`);
    for (const other of this.#namesIn(kept)) this.#assertKnown(other);
    this.#views.set(name, { text: kept, comment, isBuilt: false });
    for (const view of this.#views.values()) view.isBuilt = false;
    return answerOf([], []);
  }

  #createTable(name: string, body: string, properties: string): Answer {
    if (this.#tables.has(name)) return answerOf([], []);
    const columns = body
      .split('\n')
      .map((line) => /^\s+(\w+) ([A-Z]+(?:\(\d+\))?)( NOT NULL)?,?$/u.exec(line))
      .filter((match) => match !== null)
      .map(([, column = '', type = '', notNull]) => ({ name: column, type: type.toLowerCase(), notNull: notNull !== undefined }));
    this.#db.exec(`CREATE TABLE "${name}" (${columns.map((column) => `${column.name} ${/int/u.test(column.type) ? 'INTEGER' : 'TEXT'}${column.notNull ? ' NOT NULL' : ''}`).join(', ')})`);
    this.#tables.set(name, { columns, properties: { 'delta.minReaderVersion': '1', ...propertiesIn(properties) } });
    return answerOf([], []);
  }

  #addConstraint(name: string, constraint: string, condition: string): Answer {
    const table = this.#table(name);
    const key = `delta.constraints.${constraint.toLowerCase()}`;
    if (key in table.properties) throw new StatementRefused(`[DELTA_CONSTRAINT_ALREADY_EXISTS] Constraint '${constraint}' already exists.`);
    table.properties[key] = condition;
    this.#db.exec(`CREATE TRIGGER "${name} ${constraint}" BEFORE INSERT ON "${name}" WHEN NOT (${condition.replace(/\b(event_id|workspace_id|sequence|occurred_at|previous_hash|event_hash)\b/gu, 'NEW.$1')})
      BEGIN SELECT RAISE(ABORT, '[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint ${constraint} violated.'); END`);
    return answerOf([], []);
  }

  #describe(name: string): Answer {
    const columns = ['col_name', 'data_type', 'comment'];
    const view = this.#views.get(name);
    const heading = [['', '', ''], ['# Detailed Table Information', '', '']];
    if (view) return answerOf(columns, [['property_id', 'string', null], ...heading, ['Type', 'VIEW', ''], ['Comment', view.comment, ''], ['View Text', view.text, '']]);
    const table = this.#table(name);
    return answerOf(columns, [...table.columns.map((column): Value[] => [column.name, column.type, null]), ...heading, ['Type', 'MANAGED', '']]);
  }

  #table(name: string): DeployedTable {
    const table = this.#tables.get(name);
    if (!table) throw notFound(name);
    return table;
  }

  #query(sql: string, parameters: Readonly<Record<string, Value>>): Answer {
    for (const name of this.#namesIn(sql)) this.#build(name);
    const text = toSqlite(sql);
    const isRead = /^(?:SELECT|WITH)\b/iu.test(text);
    // A connection of its own, so that many results can be open at once.
    const db = isRead ? this.#open(true) : this.#db;
    try {
      const statement = db.prepare(text);
      if (!statement.reader) {
        statement.run(parameters);
        return answerOf([], []);
      }
      const rows = statement.raw().iterate(parameters) as IterableIterator<Value[]>;
      const close = (): void => {
        rows.return?.();
        if (isRead) db.close();
      };
      return { columns: statement.columns().map(({ name }) => name), rows, close };
    } catch (error) {
      if (isRead) db.close();
      const message = error instanceof Error ? error.message : String(error);
      throw new StatementRefused(/no such (?:table|view): (\S+)/u.test(message) ? `[TABLE_OR_VIEW_NOT_FOUND] ${message}` : message.startsWith('[') ? message : `[PARSE_SYNTAX_ERROR] ${message}`);
    }
  }

  /** Makes sure that the rows of a view are there, after those that it reads from. */
  #build(name: string): void {
    const view = this.#views.get(name);
    if (!view) {
      this.#assertKnown(name);
      return;
    }
    if (view.isBuilt) return;
    for (const other of this.#namesIn(view.text)) this.#build(other);
    this.#db.exec(`DROP TABLE IF EXISTS "${name}"; CREATE TABLE "${name}" AS ${toSqlite(view.text)}`);
    this.#index(name);
    view.isBuilt = true;
  }

  #index(name: string): void {
    for (const column of joined[name.split('.').at(-1) ?? ''] ?? []) this.#db.exec(`CREATE INDEX "${name} ${column}" ON "${name}" (${column})`);
  }

  #assertKnown(name: string): void {
    if (!this.#views.has(name) && !this.#tables.has(name)) throw notFound(name);
  }

  #namesIn(sql: string): Set<string> {
    return new Set([...withoutComments(sql).matchAll(qualified)].map(([name]) => name));
  }

  #refuseDenied(sql: string): void {
    for (const [object, privilege] of this.denied) {
      const isWrite = /^INSERT\b/iu.test(sql);
      const touches = object.includes('.') ? sql.includes(object) : new RegExp(`\\b${object}\\.`, 'u').test(sql);
      if (touches && (privilege !== 'MODIFY' || isWrite)) {
        const kind = privilege === 'USE CATALOG' ? 'Catalog' : privilege === 'USE SCHEMA' ? 'Schema' : 'Table';
        throw new StatementRefused(`[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have ${privilege} on ${kind} '${object}'. SQLSTATE: 42501`);
      }
    }
  }
}

const qualified = /\b[A-Za-z_]\w*\.[A-Za-z_]\w*\.[A-Za-z_]\w*\b/gu;

/** `'key' = 'value', …` as an object. */
function propertiesIn(list: string): Record<string, string> {
  return Object.fromEntries([...list.matchAll(/'([^']+)' = '([^']+)'/gu)].map(([, key = '', value = '']) => [key, value]));
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/gu, '');
}

/** Spark SQL that SQLite takes: names of three parts as one, and no type STRING, which means a number to SQLite. */
function toSqlite(sql: string): string {
  return withoutComments(sql).replace(qualified, '"$&"').replace(/\bAS STRING\)/giu, 'AS TEXT)');
}

function notFound(name: string): StatementRefused {
  return new StatementRefused(`[TABLE_OR_VIEW_NOT_FOUND] The table or view ${name.split('.').map((part) => `\`${part}\``).join('.')} cannot be found. Verify the spelling and correctness of the schema and catalog. SQLSTATE: 42P01`);
}

function answerOf(columns: readonly string[], rows: Iterable<Value[]>): Answer {
  return { columns, rows, close: () => {} };
}
