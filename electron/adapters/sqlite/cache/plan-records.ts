import { decisionStates, type DecisionState, type PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import type { DrawableChange, PlannableChange } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { plannableChange, type PendingReader } from './pending-rows.ts';
import { selectedRecords } from './review/choose-records.ts';
import type { Review } from './review/review.ts';

/** A part of a selection: the next `limit` records after one of them, also when that one is gone. */
export interface SelectionPart {
  selection: Selection;
  after: PendingKey | null;
  limit: number;
}

/** The next records of a selection as drawing a batch looks at them, in order of kind, then key. */
export function readDrawable(db: SqliteDatabase, review: Review, part: SelectionPart): DrawableChange[] {
  const { decision } = review.state();
  const rows = db
    .prepare('SELECT p.position, p.key, p.kind, p.priority, p.member_count AS memberCount, p.blockers FROM json_each(?) e CROSS JOIN pending p ON p.position = e.value ORDER BY p.position')
    .all(JSON.stringify(nextPositions(db, review, part))) as (Omit<DrawableChange, 'decision'> & { position: number })[];
  return rows.map(({ position, ...row }) => ({ ...row, decision: decisionStates[decision[review.index.placeOf[position] as number] as number] as DecisionState }));
}

/** The same records as a plan needs them. */
export function readPlannable({ db, reader }: { db: SqliteDatabase; reader: PendingReader }, review: Review, part: SelectionPart): PlannableChange[] {
  return reader.rows(nextPositions(db, review, part), review.state().bulk).map((row) => plannableChange(review.mapping, row));
}

function nextPositions(db: SqliteDatabase, review: Review, { selection, after, limit }: SelectionPart): number[] {
  const mask = selectedRecords(db, review, selection);
  const start = after === null ? 0 : lastPositionUpTo(db, after);
  const positions: number[] = [];
  for (let place = 0; place < mask.length && positions.length < limit; place += 1) {
    const position = review.index.position[place] as number;
    if (mask[place] === 1 && position > start) positions.push(position);
  }
  return positions;
}

/** The last position at or before a change, also when that change is gone. */
function lastPositionUpTo(db: SqliteDatabase, { key, kind }: PendingKey): number {
  const found = db.prepare('SELECT position FROM pending WHERE key = ? AND kind = ?').pluck().get(key, kind);
  if (typeof found === 'number') return found;
  return db.prepare('SELECT COALESCE(MAX(position), 0) FROM pending WHERE kind < ? OR (kind = ? AND key <= ?)').pluck().get(kind, kind, key) as number;
}
