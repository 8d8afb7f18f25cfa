import { AppFailure } from '../../../core/app-failure.ts';

const notDurable = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_NOMEM'];
const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB'];

/** The refusal for a ledger file that cannot be trusted. The file is left exactly as it is. */
export function ledgerDamaged(file: string, why: string): AppFailure {
  return new AppFailure(
    'workspace-damaged',
    `The ledger cannot be used: ${why}. Nothing was changed or replaced. Restore ledger.db from a backup; it holds the decisions, plans and the audit log.`,
    { file, why },
  );
}

/** The refusal for a workspace whose ledger is gone. A new one would begin another audit log as if nothing had happened. */
export function ledgerMissing(file: string): AppFailure {
  return new AppFailure(
    'workspace-damaged',
    'ledger.db is missing from this workspace, though it has been in use. Nothing was changed or replaced. Restore ledger.db from a backup; where there is none, make a new workspace with init in another folder.',
    { file, why: 'missing' },
  );
}

/** Turns what SQLite throws into an expected failure where it is one; anything else comes back as it is. */
export function translateSqliteError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (damaged.some((known) => code.startsWith(known))) return ledgerDamaged(file, 'its content is damaged');
  if (notDurable.some((known) => code.startsWith(known))) {
    return new AppFailure('audit-not-writable', `The audit log cannot be written (${code}). Nothing was sent or decided. Check the disk and that no other program holds the workspace.`, { file, sqlite: code });
  }
  return error;
}
