import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { AppFailure } from '../../../core/app-failure.ts';
import { openDatabase, type SqliteDatabase } from '../open-database.ts';
import { backUpLedger } from './ledger-backup.ts';
import { isDiskFull, ledgerDamaged, ledgerMissing, ledgerTooNew, translateSqliteError } from './ledger-failure.ts';
import { ledgerApplicationId, ledgerMigrations } from './ledger-schema.ts';

/** Bytes. A larger ledger would hold up the start: reading it takes 1 s for each 100 MB from a cold disk. `audit verify` reads it whole at any size. */
const mostCheckedAtOpening = 64 * 1024 * 1024;

/**
 * Opens a ledger file, or makes it when there is none.
 *
 * Shape:  a new ledger is built beside its place and moved there when it is whole, so that a file that exists is always a
 *         complete ledger; `fill` writes its first rows in the same transaction as the schema. A ledger of an older version is
 *         backed up, then brought to this version in one transaction.
 * Errors: `workspace-damaged` for a file that is no ledger, is damaged, or comes from a newer version. It is never
 *         deleted, replaced or moved. The same for a missing ledger of a workspace in use. `not-found` when it is opened
 *         read-only and does not exist.
 */
export function openLedgerFile(file: string, options: { cacheFile: string; readonly: boolean; fill(db: SqliteDatabase): void }): SqliteDatabase {
  if (!existsSync(file)) {
    if (existsSync(`${file}-wal`) || hasSnapshot(options.cacheFile)) throw ledgerMissing(file);
    if (options.readonly) throw new AppFailure('not-found', 'This workspace has no ledger yet.', { file });
    createLedgerFile(file, options.fill);
  }
  // Looked at without the right to write, because opening for writing already changes a file that is no ledger.
  const seen = openChecked(file, true, (db) => requireLedger(db, file));
  if (options.readonly) return seen;
  try {
    if (statSync(file).size <= mostCheckedAtOpening) requireWhole(seen, file, 'quick_check');
  } catch (error) {
    throw translateSqliteError(error, file);
  } finally {
    seen.close();
  }
  return openChecked(file, false, (db) => {
    requireLedger(db, file);
    emptyLog(db);
    if (versionOf(db) < ledgerMigrations.length) backUpLedger(db, file);
    migrate(db);
  });
}

/**
 * Reads all pages of a ledger: their form, order and constraints.
 *
 * Errors: `workspace-damaged`. A changed value in a well-formed page is found by the chain and the plan's hash, not here.
 */
export function requireWhole(db: SqliteDatabase, file: string, check: 'quick_check' | 'integrity_check'): void {
  const said: unknown = db.pragma(`${check}(1)`, { simple: true });
  if (said !== 'ok') throw ledgerDamaged(file, `its pages do not hold together (${String(said)})`);
}

/**
 * Moves what the log holds into the file. A dead process may have left steps there whose disk had reported an error, and nothing
 * may rest on those: the next power failure could take them, with all that came after them.
 */
function emptyLog(db: SqliteDatabase): void {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    // Without room nothing can be written on top either; what is there can be read.
    if (!isDiskFull(error)) throw error;
  }
}

/** True when a snapshot was loaded beside the ledger; each one has left its event there. */
function hasSnapshot(cacheFile: string): boolean {
  if (!existsSync(cacheFile)) return false;
  let cache: SqliteDatabase | null = null;
  try {
    cache = openDatabase(cacheFile, { readonly: true, durability: 'normal' });
    return cache.prepare('SELECT 1 FROM snapshot').get() !== undefined;
  } catch {
    // A cache that cannot be read says nothing; it is made anew by the next refresh.
    return false;
  } finally {
    cache?.close();
  }
}

function openChecked(file: string, readonly: boolean, prepare: (db: SqliteDatabase) => void): SqliteDatabase {
  let db: SqliteDatabase | null = null;
  try {
    db = openDatabase(file, { readonly, durability: 'full' });
    db.pragma('cache_size = -16384');
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw translateSqliteError(error, file);
  }
}

function createLedgerFile(file: string, fill: (db: SqliteDatabase) => void): void {
  const draft = `${file}.new-${process.pid}`;
  removeDraft(draft);
  try {
    const db = openDatabase(draft, { durability: 'full' });
    try {
      migrate(db);
      db.transaction(() => fill(db)).immediate();
    } finally {
      db.close();
    }
    renameSync(draft, file);
  } catch (error) {
    removeDraft(draft);
    throw translateSqliteError(error, file);
  }
}

function removeDraft(draft: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${draft}${end}`, { force: true });
}

function requireLedger(db: SqliteDatabase, file: string): void {
  if (db.pragma('application_id', { simple: true }) !== ledgerApplicationId) throw ledgerDamaged(file, 'the file is not a ledger');
  const version = versionOf(db);
  if (version > ledgerMigrations.length) throw ledgerTooNew(file);
  if (version < 1) throw ledgerDamaged(file, 'it has no content');
  const found = db.prepare(`SELECT COUNT(*) AS n FROM meta WHERE name IN ('lineage', 'public_key', 'private_key')`).get() as { n: number };
  if (found.n !== 3) throw ledgerDamaged(file, 'its identity is missing');
}

function versionOf(db: SqliteDatabase): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function migrate(db: SqliteDatabase): void {
  const from = versionOf(db);
  if (from === ledgerMigrations.length) return;
  db.transaction(() => {
    for (const sql of ledgerMigrations.slice(from)) db.exec(sql);
    db.pragma(`application_id = ${ledgerApplicationId}`);
    db.pragma(`user_version = ${ledgerMigrations.length}`);
  }).immediate();
}
