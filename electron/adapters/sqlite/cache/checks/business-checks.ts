import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { maskWhere } from '../filter-sql.ts';

/** Adds what contradicts the business rules, found again from the properties without the views' own result. */
export function addBusinessHits(db: SqliteDatabase, mapping: Mapping): void {
  const flags = maskWhere(mapping, ({ type, rule }) => type === 'flag' && rule === 'any');
  db.aggregate('or_mask', { start: 0, step: (mask: number, next: unknown) => mask | Number(next ?? 0), deterministic: true });
  db.exec(`
    INSERT INTO check_hit
    SELECT 'blocked-property', a.id, NULL, COALESCE(
      (SELECT 'Record ' || s.record_id || CASE WHEN s.key IS NULL OR s.key = '' THEN ', which has no key,' ELSE ' with key ' || s.key END || ' carries its production id ' || s.production_key
       FROM staging s WHERE s.is_live = 1 AND s.production_key = a.sfdc_key ORDER BY s.record_id LIMIT 1),
      (SELECT 'Its staging record ' || s.record_id || ' is no longer in the org'
       FROM staging s JOIN check_hit h ON h.check_id = 'gone-from-org' AND h.key = s.key WHERE s.is_live = 1 AND s.key = a.id LIMIT 1))
    FROM property a
    WHERE a.is_active = 1 AND NOT EXISTS (SELECT 1 FROM contribution c WHERE c.property_id = a.id AND c.is_contributor = 1);

    INSERT INTO check_hit
    SELECT 'sets-overlap', c.property_id, NULL, 'In create ' || MIN(CASE k.kind WHEN 'create' THEN k.key END) || ' and update ' || MIN(CASE k.kind WHEN 'update' THEN k.key END)
    FROM contribution c JOIN candidate k ON k.position = c.position
    WHERE c.is_contributor = 1 GROUP BY c.property_id HAVING COUNT(DISTINCT k.kind) > 1;

    INSERT INTO check_hit
    SELECT 'sets-overlap', k.key, NULL, 'Key of a create and of an update' FROM candidate k JOIN candidate u ON u.kind = 'update' AND u.key = k.key WHERE k.kind = 'create';

    CREATE TEMP TABLE group_flags AS
    SELECT sfdc_key, or_mask(CASE WHEN is_active = 1 THEN on_mask END) & ${flags} AS mask,
      or_mask(CASE WHEN is_active = 0 THEN on_mask END) & ${flags} AS ignored_mask
    FROM property WHERE sfdc_key IS NOT NULL GROUP BY sfdc_key;
    CREATE UNIQUE INDEX temp.group_flags_by_group ON group_flags (sfdc_key);

    INSERT INTO check_hit
    SELECT 'union-rule', k.key, k.kind, NULL FROM candidate k JOIN temp.group_flags g ON g.sfdc_key = k.group_key WHERE (k.on_mask & ${flags}) <> g.mask;

    INSERT INTO check_hit
    SELECT 'union-rule', k.key, k.kind, NULL FROM candidate k JOIN property p ON p.id = k.key WHERE k.group_key IS NULL AND (k.on_mask & ${flags}) <> (p.on_mask & ${flags});

    INSERT INTO check_hit
    SELECT 'inactive-contributor', k.key, k.kind, MIN(detail) FROM (
      SELECT c.position, 'Property ' || p.id || ' is not ACTIVE' AS detail
      FROM contribution c JOIN property p ON p.id = c.property_id WHERE c.is_contributor = 1 AND p.is_active = 0
      UNION ALL
      SELECT k.position, 'A feature that only an ignored member has is on' FROM candidate k JOIN temp.group_flags g ON g.sfdc_key = k.group_key
      WHERE (k.on_mask & g.ignored_mask & ~g.mask) <> 0
    ) f JOIN candidate k ON k.position = f.position GROUP BY k.position;

    INSERT INTO check_hit
    SELECT 'p1-accounted', a.id, NULL, NULL FROM property a
    WHERE a.is_active = 1 AND (a.on_mask & ${flags}) <> 0
      AND a.id NOT IN (SELECT key FROM check_hit WHERE check_id = 'blocked-property') AND NOT EXISTS (
      SELECT 1 FROM contribution c JOIN candidate k ON k.position = c.position LEFT JOIN pending p ON p.position = k.position
      WHERE c.property_id = a.id AND c.is_contributor = 1 AND (k.kind = 'update' OR p.priority = 'P1'));

    DROP TABLE temp.group_flags;
  `);
}
