import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { checkCatalog, checkIds, type CheckDefinition } from '../../../../core/checks/catalog.ts';
import type { SqliteDatabase } from '../../open-database.ts';

/**
 * Brings every hit to the pending changes that it concerns and counts them there.
 *
 * Shape:  a property's hit goes to the changes of its group (a blocker only where the property contributes or is the key), a record's
 *         to the update of its key, a field's to the changes that would send the field (a field that is not sent: to all creates).
 */
export function attachHitsToChanges(db: SqliteDatabase, mapping: Mapping): void {
  db.exec('CREATE INDEX check_hit_of_change ON check_hit (check_id)');
  for (const id of checkIds) attach(db, mapping, id, checkCatalog[id]);
  db.exec('DROP INDEX check_hit_of_change');
  const blockers = checkIds.filter((id) => checkCatalog[id].severity === 'blocker').map((id) => `'${id}'`).join(', ');
  db.exec(`
    UPDATE pending SET check_ids = found.ids, blockers = found.blockers, warnings = found.warnings
    FROM (
      SELECT position, '|' || group_concat(check_id, '|') || '|' AS ids,
        SUM(check_id IN (${blockers})) AS blockers, SUM(check_id NOT IN (${blockers})) AS warnings
      FROM pending_check GROUP BY position
    ) AS found
    WHERE found.position = pending.position
  `);
}

function attach(db: SqliteDatabase, mapping: Mapping, id: string, { subject, severity }: CheckDefinition): void {
  const insert = (from: string, ...params: unknown[]): void => {
    db.prepare(`INSERT OR IGNORE INTO pending_check SELECT p.position, h.check_id, h.detail ${from} WHERE h.check_id = ?`).run(...params, id);
  };
  switch (subject) {
    case 'pending':
      return insert('FROM check_hit h JOIN pending p ON p.key = h.key AND p.kind = h.kind');
    case 'record':
      return insert("FROM check_hit h JOIN pending p ON p.key = h.key AND p.kind = 'update'");
    case 'property': {
      const role = severity === 'blocker' ? 'AND c.is_contributor = 1' : '';
      insert('FROM check_hit h JOIN pending p ON p.key = h.key');
      return insert(`FROM check_hit h JOIN contribution c ON c.property_id = h.key ${role} JOIN pending p ON p.position = c.position`);
    }
    case 'field': {
      const bits = mapping.fields.map((field, position) => `WHEN '${field.field.replaceAll("'", "''")}' THEN ${1 << position}`).join(' ');
      return insert(`FROM check_hit h JOIN pending p ON (p.changed_mask & CASE h.key ${bits} ELSE 0 END) <> 0 OR (p.kind = 'create' AND CASE h.key ${bits} ELSE 0 END = 0)`);
    }
  }
}
