import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SqliteDatabase } from '../open-database.ts';

const kept = 3;
const nameForm = /^ledger-(\d{4,})\.db$/u;

/** A copy of a ledger. */
export interface LedgerBackup {
  file: string;
  /** SHA-256 of the file; it also stands beside it, as `sha256sum --check` reads it. */
  sha256: string;
}

/**
 * Copies a ledger into the folder `backups` beside it and keeps the newest three copies.
 *
 * Shape:  `ledger-0001.db`, numbered on. A copy gets its name when it is whole, on the disk, and its hash beside it. It may be made
 *         while others read and write; it cannot be made inside a transaction.
 * Errors: throws what SQLite and the disk say; then the older copies are as they were.
 */
export function backUpLedger(db: SqliteDatabase, file: string): LedgerBackup {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true });
  const numbers = backupNumbers(folder);
  const copy = join(folder, `ledger-${String((numbers.at(-1) ?? 0) + 1).padStart(4, '0')}.db`);
  const draft = `${copy}.new`;
  rmSync(draft, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(draft);
    sync(draft);
    const sha256 = hashOf(draft);
    writeFileSync(`${copy}.sha256`, `${sha256}  ${basename(copy)}\n`, { flush: true });
    renameSync(draft, copy);
    for (const number of numbers.toReversed().slice(kept - 1)) removeBackup(folder, number);
    return { file: copy, sha256 };
  } catch (error) {
    rmSync(draft, { force: true });
    if (!existsSync(copy)) rmSync(`${copy}.sha256`, { force: true });
    throw error;
  }
}

/**
 * The newest copy of a ledger that is still as it was made; null where there is none.
 *
 * Errors: never throws; a copy that cannot be read is passed over.
 */
export function newestBackup(file: string): string | null {
  const folder = join(dirname(file), 'backups');
  for (const number of backupNumbers(folder).toReversed()) {
    const copy = join(folder, `ledger-${String(number).padStart(4, '0')}.db`);
    try {
      if (readFileSync(`${copy}.sha256`, 'utf8').startsWith(`${hashOf(copy)}  `)) return copy;
    } catch {
      // A copy or a hash that cannot be read is no help.
    }
  }
  return null;
}

function backupNumbers(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (nameForm.exec(name)?.[1] ?? []) as string | []).map(Number).toSorted((one, other) => one - other);
}

function removeBackup(folder: string, number: number): void {
  const copy = join(folder, `ledger-${String(number).padStart(4, '0')}.db`);
  for (const end of ['', '.sha256']) rmSync(`${copy}${end}`, { force: true });
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function hashOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let size = readSync(handle, piece); size > 0; size = readSync(handle, piece)) hash.update(piece.subarray(0, size));
    return hash.digest('hex');
  } finally {
    closeSync(handle);
  }
}
