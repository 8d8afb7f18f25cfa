import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { SqliteDatabase } from '../open-database.ts';

/** From so many members on a group is large. */
const largeGroup = 5;
/** A flag's transition in fewer than this part of the updates is rare. */
const rareShare = 0.01;

/**
 * Gives every pending change its place in the order of risk.
 *
 * Shape:  0 blockers, 1 contributors that disagree in a flag, 2 large groups, 3 a blank over a value, 4 a rare transition of
 *         a flag, then 5 P1, 6 P2, 7 P3.
 */
export function rankRisk(db: SqliteDatabase, mapping: Mapping): void {
  const flags = mapping.fields.flatMap(({ type }, position) => (type === 'flag' ? [1 << position] : []));
  const updates = db.prepare("SELECT COUNT(*) FROM pending WHERE kind = 'update'").pluck().get() as number;
  const rare = flags.flatMap((bit) => {
    const condition = (state: 'on' | 'off'): string => `(p.changed_mask & ${bit}) <> 0 AND (p.on_mask & ${bit}) ${state === 'on' ? '<>' : '='} 0`;
    return [condition('on'), condition('off')].filter((transition) => {
      const count = db.prepare(`SELECT COUNT(*) FROM pending p WHERE p.kind = 'update' AND ${transition}`).pluck().get() as number;
      return count > 0 && count < updates * rareShare;
    });
  });
  const isRare = rare.length === 0 ? '0' : `p.kind = 'update' AND (${rare.map((transition) => `(${transition})`).join(' OR ')})`;
  const clears = mapping.fields.some(({ clear }) => clear === true)
    ? `OR EXISTS (SELECT 1 FROM pending_body b WHERE b.position = p.position AND instr(b.changes, '"cleared"') > 0)`
    : '';
  const isBlanked = `instr(p.check_ids, '|blank-over-filled|') > 0 ${clears}`;
  db.exec(`
    UPDATE pending AS p SET risk = CASE
      WHEN p.blockers > 0 THEN 0
      WHEN p.contributor_count > 1 AND (
        SELECT COUNT(DISTINCT m.on_mask) FROM contribution c JOIN property m ON m.id = c.property_id WHERE c.position = p.position AND c.is_contributor = 1
      ) > 1 THEN 1
      WHEN p.member_count >= ${largeGroup} THEN 2
      WHEN ${isBlanked} THEN 3
      WHEN ${isRare} THEN 4
      WHEN p.priority = 'P1' THEN 5
      WHEN p.priority = 'P2' THEN 6
      ELSE 7
    END
  `);
}
