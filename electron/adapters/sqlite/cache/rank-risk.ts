import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { CandidateChange } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';

/** From so many members on a group is large. */
const largeGroup = 5;
/** A flag's transition in fewer than this part of the updates is rare. */
const rareShare = 0.01;

/** The place of a change in the order of risk as long as only it itself is known. */
export function firstRisk({ priority, contributors, ignored }: Pick<CandidateChange, 'priority' | 'contributors' | 'ignored'>): number {
  if (contributors.length + ignored.length >= largeGroup) return 2;
  return priority === 'P1' ? 5 : priority === 'P2' ? 6 : 7;
}

/**
 * Gives every pending change its place in the order of risk.
 *
 * Shape:  0 blockers, 1 contributors that disagree in a flag, 2 large groups, 3 a blank over a value, 4 a rare transition of
 *         a flag, then 5 P1, 6 P2, 7 P3. Changes come with `firstRisk`; only those that other rows move up are written again.
 */
export function rankRisk(db: SqliteDatabase, mapping: Mapping): void {
  const rare = rareTransitions(db, mapping);
  const isRare = rare.length === 0 ? '0' : `p.kind = 'update' AND (${rare.map((transition) => `(${transition})`).join(' OR ')})`;
  const clears = mapping.fields.some(({ clear }) => clear === true)
    ? `OR EXISTS (SELECT 1 FROM pending_body b WHERE b.position = p.position AND instr(b.changes, '"cleared"') > 0)`
    : '';
  const isBlanked = `(instr(p.check_ids, '|blank-over-filled|') > 0 ${clears})`;
  db.exec(`
    UPDATE pending AS p SET risk = CASE
      WHEN p.blockers > 0 THEN 0
      WHEN p.contributor_count > 1 AND (
        SELECT COUNT(DISTINCT m.on_mask) FROM contribution c JOIN property m ON m.id = c.property_id WHERE c.position = p.position AND c.is_contributor = 1
      ) > 1 THEN 1
      WHEN p.risk = 2 THEN 2
      WHEN ${isBlanked} THEN 3
      WHEN ${isRare} THEN 4
      ELSE p.risk
    END
    WHERE p.blockers > 0 OR p.contributor_count > 1 OR ${isBlanked} OR (${isRare})
  `);
}

/** Conditions of the transitions of flags that few updates make. */
function rareTransitions(db: SqliteDatabase, mapping: Mapping): string[] {
  const flags = mapping.fields.flatMap(({ type }, position) => (type === 'flag' ? [1 << position] : []));
  const transitions = flags.flatMap((bit) => [`(p.changed_mask & ${bit}) <> 0 AND (p.on_mask & ${bit}) <> 0`, `(p.changed_mask & ${bit}) <> 0 AND (p.on_mask & ${bit}) = 0`]);
  const sums = transitions.map((transition) => `COALESCE(SUM(${transition}), 0)`);
  const [updates = 0, ...counts] = db
    .prepare(`SELECT ${['COUNT(*)', ...sums].join(', ')} FROM pending p WHERE p.kind = 'update'`)
    .raw()
    .get() as number[];
  return transitions.filter((_, at) => (counts[at] ?? 0) > 0 && (counts[at] ?? 0) < updates * rareShare);
}
