import { AppFailure } from '../../../core/app-failure.ts';
import { newestBackup } from './ledger-backup.ts';

const notDurable = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_NOMEM'];
const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];
const otherTables = /no such (?:column|table)|has no column named/u;

/** The refusal for a ledger file that cannot be trusted. The file is left exactly as it is; the newest whole backup is named. */
export function ledgerDamaged(file: string, why: string): AppFailure {
  return new AppFailure(
    'workspace-damaged',
    `The ledger cannot be used: ${why}. Nothing was changed, replaced or sent. ${howToRestore(file)}`,
    { file, why, backup: newestBackup(file) },
  );
}

/** The refusal for a ledger that a newer version of the app has written on. There is no way back. */
export function ledgerTooNew(file: string): AppFailure {
  return new AppFailure('workspace-damaged', 'The ledger cannot be used: it was written by a newer version of the app. Nothing was changed. Open this workspace with that version or a later one.', { file, why: 'newer version' });
}

function howToRestore(file: string): string {
  const backup = newestBackup(file);
  if (backup === null) return 'There is no backup in the folder backups. Restore ledger.db from a copy of your own; it holds the decisions, plans and the audit log.';
  return `The newest backup is ${backup}. To restore it: close Countersign, move ledger.db (with ledger.db-wal and ledger.db-shm, where they are) to another folder, and copy the backup to ledger.db. What was pushed after it was made is found by looking at Salesforce: a push compares every record first and creates none twice. Where the warehouse holds newer events of the audit log, the restored ledger can be read and exported, but pushes nothing: go on in a new workspace.`;
}

/** The refusal for a workspace whose ledger is gone. A new one would begin another audit log as if nothing had happened. */
export function ledgerMissing(file: string): AppFailure {
  return new AppFailure(
    'workspace-damaged',
    `ledger.db is missing from this workspace, though it has been in use. Nothing was changed or replaced. ${howToRestore(file)} Where there is no copy at all, make a new workspace with init in another folder.`,
    { file, why: 'missing', backup: newestBackup(file) },
  );
}

/** True when the disk itself reported an error. Then it is not known what of the last step is on it. */
export function isDiskError(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_IOERR');
}

/** True when there is no room for a write; nothing of it was made then. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_FULL');
}

/** Turns what SQLite throws into an expected failure where it is one; anything else comes back as it is. */
export function translateSqliteError(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (damaged.some((known) => code.startsWith(known))) return ledgerDamaged(file, 'its content is damaged');
  // What is asked of the ledger is the same for every ledger, so it is the tables that are others.
  if (code === 'SQLITE_ERROR' && otherTables.test(messageOf(error))) return ledgerDamaged(file, `its tables are not those of a ledger (${messageOf(error)})`);
  if (notDurable.some((known) => code.startsWith(known))) {
    return new AppFailure('audit-not-writable', `The audit log cannot be written: ${whyNot(code)} (${code}). Nothing is sent or decided until it can. Then try again; a run that was at work is resumed.`, { file, sqlite: code });
  }
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function whyNot(code: string): string {
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_SHMSIZE') return 'there is no room on the disk that holds the workspace';
  if (code.startsWith('SQLITE_IOERR')) return 'the disk that holds the workspace reported an error';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'another program holds the workspace';
  if (code.startsWith('SQLITE_NOMEM')) return 'this computer has run out of memory';
  return 'this user may not write to the workspace';
}
