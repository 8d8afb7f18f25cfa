import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { maskWhere } from '../field-mask.ts';

/**
 * Adds what contradicts the business rules, found again from the properties without the views' own result.
 *
 * Shape:  `temp.member` is there. Joins follow the order of an index on both sides wherever a set is large.
 */
export function addBusinessHits(db: SqliteDatabase, mapping: Mapping): void {
  const flags = maskWhere(mapping, isAnyFlag);
  const flagsOf = (test: string): string => anyFlags(mapping, `CASE WHEN ${test} THEN on_mask ELSE 0 END`);
  db.exec(`
    INSERT INTO check_hit
    SELECT 'blocked-property', a.id, NULL, COALESCE(
      (SELECT 'Record ' || s.record_id || CASE WHEN s.key IS NULL OR s.key = '' THEN ', which has no key,' ELSE ' with key ' || s.key END || ' carries its production id ' || s.production_key
       FROM staging s WHERE s.is_live = 1 AND s.production_key = a.sfdc_key ORDER BY s.record_id LIMIT 1),
      (SELECT 'Its staging record ' || s.record_id || ' is no longer in the org'
       FROM staging s JOIN check_hit h ON h.check_id = 'gone-from-org' AND h.key = s.key WHERE s.is_live = 1 AND s.key = a.id LIMIT 1))
    FROM temp.member m CROSS JOIN property a ON a.id = m.id
    WHERE m.is_active = 1 AND NOT EXISTS (SELECT 1 FROM contribution c WHERE c.property_id = m.id AND c.is_contributor = 1);

    INSERT INTO check_hit
    SELECT 'sets-overlap', c.property_id, NULL, 'In create ' || MIN(k.key) || ' and update ' || (
      SELECT MIN(u.key) FROM contribution d JOIN candidate u ON u.position = d.position WHERE d.property_id = c.property_id AND d.is_contributor = 1 AND u.kind = 'update'
    ) AS detail
    FROM candidate k CROSS JOIN contribution c ON c.position = k.position
    WHERE k.kind = 'create' AND c.is_contributor = 1 GROUP BY c.property_id HAVING detail IS NOT NULL;

    INSERT INTO check_hit
    SELECT 'sets-overlap', k.key, NULL, 'Key of a create and of an update' FROM candidate k JOIN candidate u ON u.kind = 'update' AND u.key = k.key WHERE k.kind = 'create';

    CREATE TEMP TABLE group_flags AS
    SELECT sfdc_key, ${flagsOf('is_active = 1')} AS mask, ${flagsOf('is_active = 0')} AS ignored_mask
    FROM property WHERE sfdc_key IS NOT NULL GROUP BY sfdc_key;

    INSERT INTO check_hit
    SELECT 'union-rule', k.key, k.kind, NULL FROM temp.group_flags g CROSS JOIN candidate k ON k.group_key = g.sfdc_key
    WHERE (k.on_mask & ${flags}) <> g.mask ORDER BY k.position;

    INSERT INTO check_hit
    SELECT 'union-rule', k.key, k.kind, NULL FROM candidate k CROSS JOIN temp.member m ON m.id = k.key WHERE k.group_key IS NULL AND (k.on_mask & ${flags}) <> (m.on_mask & ${flags});

    INSERT INTO check_hit
    SELECT 'inactive-contributor', k.key, k.kind, MIN(detail) FROM (
      SELECT c.position, 'Property ' || m.id || ' is not ACTIVE' AS detail
      FROM temp.member m CROSS JOIN contribution c ON c.property_id = m.id WHERE m.is_active = 0 AND c.is_contributor = 1
      UNION ALL
      SELECT k.position, 'A feature that only an ignored member has is on' FROM temp.group_flags g CROSS JOIN candidate k ON k.group_key = g.sfdc_key
      WHERE (g.ignored_mask & ~g.mask) <> 0 AND (k.on_mask & g.ignored_mask & ~g.mask) <> 0
    ) f JOIN candidate k ON k.position = f.position GROUP BY k.position;

    INSERT INTO check_hit
    SELECT 'p1-accounted', m.id, NULL, NULL FROM temp.member m
    WHERE m.is_active = 1 AND (m.on_mask & ${flags}) <> 0
      AND m.id NOT IN (SELECT key FROM check_hit WHERE check_id = 'blocked-property') AND NOT EXISTS (
      SELECT 1 FROM contribution c JOIN candidate k ON k.position = c.position
      WHERE c.property_id = m.id AND c.is_contributor = 1
        AND (k.kind = 'update' OR EXISTS (SELECT 1 FROM pending p WHERE p.position = k.position AND p.priority = 'P1')));

    DROP TABLE temp.group_flags;
  `);
}

const isAnyFlag = ({ type, rule }: Mapping['fields'][number]): boolean => type === 'flag' && rule === 'any';

/** SQL of the flags that any row of a group has, by the largest value of each bit: an aggregate of our own would call back for every row. */
function anyFlags(mapping: Mapping, mask: string): string {
  const bits = mapping.fields.flatMap((field, position) => (isAnyFlag(field) ? [`MAX(${mask} & ${1 << position})`] : []));
  return bits.length === 0 ? '0' : `(${bits.join(' | ')})`;
}
