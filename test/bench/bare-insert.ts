import { openCacheForWriting } from '../../electron/adapters/sqlite/cache/cache-file.ts';
import { indexesSql, tableNames } from '../../electron/adapters/sqlite/cache/schema.ts';
import { fillingCache } from '../../electron/adapters/sqlite/cache/snapshot-writer.ts';
import { openDatabase, type SqliteDatabase } from '../../electron/adapters/sqlite/open-database.ts';

/** What inserting a cache's rows costs, by table and for all the indexes. */
export interface BareCost {
  totalMs: number;
  /** Of it, time of the processor. */
  cpuMs: number;
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
  const total = { ms: 0, cpuMs: 0 };
  const timed = (work: () => void): number => {
    const start = performance.now();
    const cpu = process.cpuUsage();
    work();
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    total.ms += ms;
    total.cpuMs += (user + system) / 1_000;
    return ms;
  };
  into.exec('BEGIN IMMEDIATE');
  for (const table of tableNames) parts.push({ name: table, ...copyTable(from, into, table, timed) });
  parts.push({ name: 'indexes', rows: 0, ms: timed(() => into.exec(indexesSql)) });
  const commit = (): void => {
    into.exec('COMMIT');
    into.pragma('wal_checkpoint(TRUNCATE)');
  };
  parts.push({ name: 'commit', rows: 0, ms: timed(commit) });
  from.close();
  into.close();
  return { totalMs: total.ms, cpuMs: total.cpuMs, parts };
}

function copyTable(from: SqliteDatabase, into: SqliteDatabase, table: string, timed: (work: () => void) => number): { rows: number; ms: number } {
  const select = from.prepare(`SELECT * FROM ${table}`).raw();
  const insert = into.prepare(`INSERT INTO ${table} VALUES (${select.columns().map(() => '?').join(', ')})`);
  let rows = 0;
  let ms = 0;
  let chunk: unknown[][] = [];
  const insertChunk = (): void => {
    ms += timed(() => {
      for (const row of chunk) insert.run(row);
    });
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
