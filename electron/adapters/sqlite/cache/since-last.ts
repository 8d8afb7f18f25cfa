import type { CallOutput, CallParsed } from '../../../../shared/contract.ts';
import type { SinceLast } from '../../../../shared/domain/snapshot.ts';
import type { FallenDecision } from '../../../core/ports.ts';
import { readKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import type { SqliteDatabase } from '../open-database.ts';

type Fallen = NonNullable<SinceLast['fallen']>;
type SinceLastRow = Omit<SinceLast, 'fields' | 'fallen'> & { fields: string } & (Fallen | { decision: null; by: null; at: null; reason: null });

/** A page of what the last refresh added, changed or took away. Errors: `invalid-input` for a foreign cursor. */
export function readSinceLast(db: SqliteDatabase, input: CallParsed<'snapshot.sinceLast'>): CallOutput<'snapshot.sinceLast'> {
  const ofState = input.state === undefined ? { sql: '1', values: [] } : { sql: 'state = ?', values: [input.state] };
  const total = db.prepare(`SELECT COUNT(*) FROM since_last WHERE ${ofState.sql}`).pluck().get(...ofState.values) as number;
  const after = input.after === undefined ? { sql: '1', values: [] } : { sql: '(kind, key) > (?, ?)', values: readKeyCursor(input.after, 'changes since the last snapshot') };
  const rows = db
    .prepare(`SELECT kind, key, state, name, fields, fallen AS decision, fallen_by AS "by", fallen_at AS at, fallen_reason AS reason FROM since_last WHERE ${ofState.sql} AND ${after.sql} ORDER BY kind, key LIMIT ?`)
    .all(...ofState.values, ...after.values, input.limit + 1) as SinceLastRow[];
  const items = rows.slice(0, input.limit).map(({ fields, decision, by, at, reason, ...row }) => ({ ...row, fields: JSON.parse(fields) as SinceLast['fields'], fallen: decision === null ? null : { decision, by, at, reason } }));
  const last = items.at(-1);
  return { total, items, next: rows.length > input.limit && last ? writeKeyCursor(last.kind, last.key) : null };
}

/** Finds the decision on a record that counts no more: the one that fell away with this snapshot, else one that stands on older content. */
export function fallenReader(db: SqliteDatabase, ledger: string): (record: { kind: string; key: string; contentHash: string }) => FallenDecision | null {
  const select = db.prepare(`
    SELECT iif(s.fallen IS NULL, d.decision, s.fallen) AS decision, iif(s.fallen IS NULL, d.actor, s.fallen_by) AS "by", iif(s.fallen IS NULL, d.at, s.fallen_at) AS at,
      iif(s.fallen IS NULL, d.reason, s.fallen_reason) AS reason, iif(s.fallen IS NULL, NULL, s.fields) AS fields
    FROM (SELECT @kind AS kind, @key AS key) r LEFT JOIN since_last s ON s.kind = r.kind AND s.key = r.key
      LEFT JOIN ${ledger}.decision d ON d.kind = r.kind AND d.key = r.key AND d.content_hash <> @contentHash`);
  return (record) => {
    const { fields, decision, by, at, reason } = select.get(record) as (Fallen | { decision: null; by: null; at: null; reason: null }) & { fields: string | null };
    if (decision === null) return null;
    return { decision, by, at, reason, parts: fields === null ? null : (JSON.parse(fields) as SinceLast['fields']).map(({ part }) => part) };
  };
}
