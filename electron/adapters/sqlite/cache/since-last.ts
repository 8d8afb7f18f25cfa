import type { CallOutput, CallParsed } from '../../../../shared/contract.ts';
import type { SinceLast } from '../../../../shared/domain/snapshot.ts';
import { readKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import type { SqliteDatabase } from '../open-database.ts';

/** A page of what the last refresh added, changed or took away. Errors: `invalid-input` for a foreign cursor. */
export function readSinceLast(db: SqliteDatabase, input: CallParsed<'snapshot.sinceLast'>): CallOutput<'snapshot.sinceLast'> {
  const ofState = input.state === undefined ? { sql: '1', values: [] } : { sql: 'state = ?', values: [input.state] };
  const total = db.prepare(`SELECT COUNT(*) FROM since_last WHERE ${ofState.sql}`).pluck().get(...ofState.values) as number;
  const after = input.after === undefined ? { sql: '1', values: [] } : { sql: '(kind, key) > (?, ?)', values: readKeyCursor(input.after, 'changes since the last snapshot') };
  const rows = db
    .prepare(`SELECT kind, key, state, name FROM since_last WHERE ${ofState.sql} AND ${after.sql} ORDER BY kind, key LIMIT ?`)
    .all(...ofState.values, ...after.values, input.limit + 1) as Omit<SinceLast, 'fields' | 'fallen'>[];
  const items = rows.slice(0, input.limit).map((row) => ({ ...row, fields: [], fallen: null }));
  const last = items.at(-1);
  return { total, items, next: rows.length > input.limit && last ? writeKeyCursor(last.kind, last.key) : null };
}
