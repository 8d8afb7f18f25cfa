import { recordStates } from '../../../../shared/domain/outcome.ts';
import type { SqliteDatabase } from '../open-database.ts';

/** Columns of the tables that reading needs. One that a ledger does not have yet reads as empty. */
const columnsOf: Readonly<Record<string, string>> = {
  decision: 'key, kind, content_hash, decision, reason, actor, at, undo_id',
  decision_step: 'position, undo_id, label, actor, at, undoes, undone',
  decision_undo: 'undo_id, key, kind, previous, left_by',
  review_mark: 'key, kind, content_hash, mark, actor, at, change',
  comment: 'seq, key, kind, content_hash, actor, at, text',
  field_exclusion: 'key, kind, field, content_hash, reason, actor, at, undo_id',
  field_exclusion_undo: 'undo_id, key, kind, field, previous, left_by',
  bulk_approval: 'undo_id, seq, snapshot_id, reason, actor, at, total, written, last_position, bits',
  sample: 'position, id, filter, seed, size, snapshot_id, actor, at',
  saved_view: 'name, address, actor, at',
};

/**
 * Lets a ledger of an older version, or none at all, be read like one of this version, without changing it.
 *
 * Shape:  `schema` is the name under which the ledger's file is open on this connection; null where there is none. Answers with
 *         the name under which the tables are found: that of the file, or `temp` where temporary tables and views had to
 *         stand in. What an older version kept in another form is shown in the new one. Nothing can be written through them.
 */
export function readAsNewest<S extends 'main' | 'ledger'>(db: SqliteDatabase, schema: S | null): S | 'temp' {
  const found = new Set(schema === null ? [] : (db.prepare(`SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table'`).pluck().all() as string[]));
  if (schema !== null && Object.keys(columnsOf).every((table) => found.has(table))) return schema;
  for (const [table, columns] of Object.entries(columnsOf)) {
    if (found.has(table)) db.exec(`CREATE TEMP VIEW ${table} AS SELECT * FROM ${schema}.${table}`);
    else if (table === 'review_mark' && found.has('viewed')) db.exec(`CREATE TEMP VIEW review_mark AS SELECT key, kind, content_hash, 'viewed' AS mark, '' AS actor, '' AS at, 0 AS change FROM ${schema}.viewed`);
    else db.exec(`CREATE TEMP TABLE ${table} (${columns})`);
  }
  return 'temp';
}

/** The version that a ledger's file has now; another process may bring it to the newest at any time. */
export function ledgerVersion(db: SqliteDatabase, schema: 'main' | 'ledger'): number {
  return Number(db.pragma(`${schema}.user_version`, { simple: true }));
}

/** As `readAsNewest`, for all that the ledger's own store reads of a file that it must not change. */
export function readWholeAsNewest(db: SqliteDatabase): void {
  if (ledgerVersion(db, 'main') < 2) {
    db.exec(`
      CREATE TEMP TABLE job (run_id, chunk, job_id, state);
      CREATE TEMP VIEW run_record AS SELECT *, NULL AS sent_at FROM main.run_record;
      CREATE TEMP TRIGGER run_record_is_read INSTEAD OF UPDATE ON run_record BEGIN SELECT RAISE(ABORT, 'this ledger is open for reading'); END;
      CREATE TEMP VIEW run_tally AS SELECT run_id, COUNT(*) AS total, ${recordStates.map((state) => `SUM(state = '${state}') AS ${state}`).join(', ')} FROM main.run_record GROUP BY run_id;
    `);
  }
  readAsNewest(db, 'main');
}
