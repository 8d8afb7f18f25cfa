import { existsSync } from 'node:fs';
import { AppFailure } from '../../core/app-failure.ts';
import type { AuditEvidence, AuditLogRow } from '../../core/warehouse-ports.ts';
import { auditLogColumns, auditStatements, idsParameter, readEvidence, rowsParameter } from '../../warehouse-views/audit-statements.ts';
import { renderView } from '../../warehouse-views/read-views.ts';
import { openDatabase, type SqliteDatabase } from '../sqlite/open-database.ts';
import { addJsonRows } from './spark-json.ts';

const table = 'property_sync_audit_log';

export interface EmbeddedAuditInit {
  file: string;
  readOnly: boolean;
}

/** The port's methods without promises. */
export interface EmbeddedAuditStore {
  append(rows: readonly AuditLogRow[]): void;
  present(eventIds: readonly string[]): Set<string>;
  evidence(workspaceId: string): AuditEvidence;
  close(): void;
}

/**
 * The audit log's copy in a SQLite file: the table of the repository, append-only by triggers, durable at every append.
 *
 * Shape:  the file is opened, or made, at the first use. Opened to be read and missing, it is an empty table.
 * Errors: `source-unavailable` with `details.effect` = `not-processed` when the file cannot be used: a statement that fails has done nothing.
 */
export function createStore({ file, readOnly }: EmbeddedAuditInit): EmbeddedAuditStore {
  const statements = auditStatements(table);
  let db: SqliteDatabase | null = null;

  /** Null stands for a table that is not there and may not be made. */
  const withFile = <T>(work: (open: SqliteDatabase | null) => T): T => {
    try {
      db ??= readOnly ? openToRead(file) : openToWrite(file);
      return work(db);
    } catch (error) {
      throw translate(error, file);
    }
  };
  return {
    append: (rows) =>
      withFile((open) => {
        if (open === null) throw new Error('A copy that is only read is appended to.');
        open.prepare(statements.append).run({ rows: rowsParameter(rows) });
      }),
    present: (eventIds) => withFile((open) => new Set((open?.prepare(statements.present).pluck().all({ rows: idsParameter(eventIds) }) ?? []) as string[])),
    evidence: (workspaceId) => withFile((open) => readEvidence((open?.prepare(statements.evidence).all({ workspace_id: workspaceId }) ?? []) as Record<string, unknown>[])),
    close() {
      db?.close();
      db = null;
    },
  };
}

function openToWrite(file: string): SqliteDatabase {
  const db = openDatabase(file, { durability: 'full' });
  return closedOnError(db, () => {
    addJsonRows(db, Object.keys(auditLogColumns));
    db.transaction(() => makeTable(db)).immediate();
    return db;
  });
}

function openToRead(file: string): SqliteDatabase | null {
  if (!existsSync(file)) return null;
  const db = openDatabase(file, { readonly: true, durability: 'full' });
  return closedOnError(db, () => {
    addJsonRows(db, Object.keys(auditLogColumns));
    if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table) !== undefined) return db;
    db.close();
    return null;
  });
}

function closedOnError<T>(db: SqliteDatabase, work: () => T): T {
  try {
    return work();
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The indexes carry the questions of `append` and `evidence`; the unique one is the last guard against a second row of one event. */
function makeTable(db: SqliteDatabase): void {
  db.exec(renderView(table, { [table]: table }));
  db.exec(`CREATE UNIQUE INDEX IF NOT EXISTS ${table}_by_event ON ${table} (event_id)`);
  db.exec(`CREATE INDEX IF NOT EXISTS ${table}_by_sequence ON ${table} (workspace_id, sequence)`);
  for (const action of ['UPDATE', 'DELETE']) {
    db.exec(`CREATE TRIGGER IF NOT EXISTS ${table}_no_${action.toLowerCase()} BEFORE ${action} ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`);
  }
}

function translate(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!code.startsWith('SQLITE_') || code === 'SQLITE_ERROR') return error;
  return new AppFailure('source-unavailable', `The copy of the audit log in ${file} cannot be used (${code}). The audit log itself is whole; what waits is copied when the file can be used again.`, { file, sqlite: code, effect: 'not-processed' });
}
