import type { SqliteDatabase } from '../open-database.ts';
import { decided, rowAsJson } from './step-rows.ts';

/** A decision on all that stands in `selected`, with its step and its event. */
export interface Decided {
  decision: 'approve' | 'hold' | 'exclude';
  reason: string | null;
  actor: string;
  at: string;
  undoId: string;
  seq: number | undefined;
}

/** Writes the decision in force, what stood before, and by which records the event is found; empties `selected`. */
export function writeDecided(db: SqliteDatabase, { decision, reason, actor, at, undoId, seq }: Decided): void {
  db.prepare(`INSERT INTO decision_undo (undo_id, key, kind, previous, left_by)
    SELECT ?, s.key, s.kind, ${rowAsJson(decided)}, ? FROM selected s LEFT JOIN decision d ON d.key = s.key AND d.kind = s.kind`).run(undoId, undoId);
  db.prepare(`INSERT OR REPLACE INTO decision (key, kind, content_hash, decision, reason, actor, at, undo_id)
    SELECT key, kind, content_hash, ?, ?, ?, ?, ? FROM selected`).run(decision, reason, actor, at, undoId);
  db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) SELECT key, ? FROM selected').run(seq);
  db.exec('DELETE FROM selected');
}
