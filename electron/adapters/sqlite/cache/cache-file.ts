import { existsSync, renameSync, rmSync } from 'node:fs';
import { ledgerVersion, readAsNewest } from '../ledger/old-ledger.ts';
import { openDatabase, type SqliteDatabase } from '../open-database.ts';
import { applicationId, indexesSql, schemaVersion, tablesSql } from './schema.ts';

const damageCodes = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT', 'SQLITE_IOERR_SHORT_READ']);

/** True for an error that says the file itself is broken, not the statement. */
export function isDamage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (damageCodes.has(code) || code.startsWith('SQLITE_CORRUPT_'));
}

/**
 * Opens the cache for writing and makes its tables when they are not there.
 *
 * Shape:  the cache can always be refilled, so a file that is no database, is damaged or was made by another version is
 *         moved aside as `cache.db.damaged-N` and made anew.
 */
export function openCacheForWriting(file: string): SqliteDatabase {
  try {
    const db = openDatabase(file, { durability: 'normal' });
    try {
      if (prepareTables(db)) return db;
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    db.close();
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  moveAside(file);
  const db = openDatabase(file, { durability: 'normal' });
  prepareTables(db);
  return db;
}

/** Moves a damaged cache out of the way; nothing is deleted but its shared-memory index. */
export function moveAside(file: string): void {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number += 1;
  renameSync(file, `${file}.damaged-${number}`);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${file}.damaged-${number}-wal`);
  rmSync(`${file}-shm`, { force: true });
}

/** A cache that is open for reading. */
export interface ReadableCache {
  db: SqliteDatabase;
  /** The name under which the ledger's tables are found. */
  ledger: 'ledger' | 'temp';
  /** The name under which the ledger's file is open; null where there is none. */
  attached: 'ledger' | null;
  /** True when another process has brought the ledger to a newer version since; then open anew. */
  isOutdated(): boolean;
}

/**
 * Opens the cache for reading, with the decisions of the ledger beside it.
 *
 * Shape:  a ledger of an older version reads as `readAsNewest` says. Where the cache does not exist it reads as empty.
 */
export function openCacheForReading(cacheFile: string, ledgerFile: string): ReadableCache {
  if (!existsSync(cacheFile)) {
    const empty = openDatabase(':memory:', { durability: 'off' });
    prepareTables(empty);
    return withLedger(empty, null);
  }
  const db = openDatabase(cacheFile, { durability: 'normal', readonly: true });
  try {
    if (!isOurs(db)) throw Object.assign(new Error('The cache was made by another version.'), { code: 'SQLITE_NOTADB' });
    db.pragma('cache_size = -65536');
    return withLedger(db, existsSync(ledgerFile) ? ledgerFile : null);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Attached files share the connection's read-only flag. */
function withLedger(db: SqliteDatabase, ledgerFile: string | null): ReadableCache {
  if (ledgerFile === null) return { db, ledger: readAsNewest<'ledger'>(db, null), attached: null, isOutdated: () => false };
  db.prepare('ATTACH DATABASE ? AS ledger').run(ledgerFile);
  const ledger = readAsNewest(db, 'ledger');
  const version = ledgerVersion(db, 'ledger');
  return { db, ledger, attached: 'ledger', isOutdated: () => ledger === 'temp' && ledgerVersion(db, 'ledger') !== version };
}

/** True for a file that this version of the cache has made. */
export function isOurs(db: SqliteDatabase): boolean {
  return db.pragma('application_id', { simple: true }) === applicationId && db.pragma('user_version', { simple: true }) === schemaVersion;
}

/** False when the file holds something else than this version of the cache. */
function prepareTables(db: SqliteDatabase): boolean {
  if (isOurs(db)) {
    db.prepare('SELECT facts FROM snapshot').all();
    return true;
  }
  const tables = db.prepare('SELECT COUNT(*) FROM sqlite_schema').pluck().get();
  if (tables !== 0) return false;
  db.transaction(() => {
    db.exec(tablesSql + indexesSql);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${schemaVersion}`);
  }).immediate();
  return true;
}
