import { openCacheForWriting } from '../../electron/adapters/sqlite/cache/cache-file.ts';
import { indexesSql, tableNames } from '../../electron/adapters/sqlite/cache/schema.ts';
import { fillingCache } from '../../electron/adapters/sqlite/cache/snapshot-writer.ts';
import { openDatabase, type SqliteDatabase } from '../../electron/adapters/sqlite/open-database.ts';

/** What inserting a cache's rows costs, by table and for all the indexes. */
export interface BareCost {
  totalMs: number;
  parts: readonly { name: string; rows: number; ms: number }[];
}

const chunkRows = 5_000;

/**
 * Inserts every row of a cache into a fresh file by better-sqlite3 alone: the same tables, indexes and settings, prepared
 * statements, one transaction.
 *
 * Units:  only inserting, indexing and committing count; reading the rows does not.
 */
export function insertBare(cacheFile: string, freshFile: string): BareCost {
  const from = openDatabase(cacheFile, { durability: 'normal', readonly: true });
  const into = openCacheForWriting(freshFile);
  for (const index of indexNames(into)) into.exec(`DROP INDEX ${index}`);
  into.pragma(fillingCache);
  const parts: { name: string; rows: number; ms: number }[] = [];
  const timed = (name: string, work: () => void): void => {
    const start = performance.now();
    work();
    parts.push({ name, rows: 0, ms: performance.now() - start });
  };
  into.exec('BEGIN IMMEDIATE');
  for (const table of tableNames) parts.push({ name: table, ...copyTable(from, into, table) });
  timed('indexes', () => into.exec(indexesSql));
  timed('commit', () => {
    into.exec('COMMIT');
    into.pragma('wal_checkpoint(TRUNCATE)');
  });
  from.close();
  into.close();
  return { totalMs: parts.reduce((sum, { ms }) => sum + ms, 0), parts };
}

function copyTable(from: SqliteDatabase, into: SqliteDatabase, table: string): { rows: number; ms: number } {
  const select = from.prepare(`SELECT * FROM ${table}`).raw();
  const insert = into.prepare(`INSERT INTO ${table} VALUES (${select.columns().map(() => '?').join(', ')})`);
  let rows = 0;
  let ms = 0;
  let chunk: unknown[][] = [];
  const insertChunk = (): void => {
    const start = performance.now();
    for (const row of chunk) insert.run(row);
    ms += performance.now() - start;
    rows += chunk.length;
    chunk = [];
  };
  for (const row of select.iterate() as Iterable<unknown[]>) {
    chunk.push(row);
    if (chunk.length === chunkRows) insertChunk();
  }
  insertChunk();
  return { rows, ms };
}

function indexNames(db: SqliteDatabase): string[] {
  return db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").pluck().all() as string[];
}
