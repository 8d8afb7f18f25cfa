import type { SqliteDatabase } from '../../open-database.ts';
import { foldText } from '../fold-text.ts';

/** SQLite's own `lower` knows ASCII only, and is much faster where that is enough. */
const foldedId = "CASE WHEN id GLOB '*[^ -~]*' THEN fold(id) ELSE lower(id) END";

/**
 * Adds what the source itself is found guilty of: properties, staging records and their ids.
 *
 * Shape:  leaves `temp.member` behind, for this and the other checks: the few columns of `property` that are looked up by id.
 *         The table itself is too wide to be jumped about in.
 */
export function addSourceHits(db: SqliteDatabase, now: string): void {
  db.function('fold', { deterministic: true }, (text) => (typeof text === 'string' ? foldText(text) : null));
  db.function('is_blank', { deterministic: true }, (text) => (typeof text === 'string' && text.trim() !== '' ? 0 : 1));
  db.exec(`
    CREATE TEMP TABLE member (id TEXT NOT NULL PRIMARY KEY, is_active INTEGER NOT NULL, on_mask INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO temp.member SELECT id, is_active, on_mask FROM property ORDER BY id;

    INSERT INTO check_hit
    SELECT 'duplicate-key', id, NULL, 'In ' || source_row_count || ' rows' FROM property WHERE source_row_count > 1;

    INSERT INTO check_hit
    SELECT 'malformed-production-id', id, NULL, '"' || sfdc_id_raw || '"' FROM property WHERE sfdc_key IS NULL AND sfdc_id_raw <> '';

    INSERT INTO check_hit
    SELECT 'malformed-staging-production-id', COALESCE(key, record_id), NULL, '"' || production_id || '" in record ' || record_id
    FROM staging WHERE is_live = 1 AND production_key IS NULL AND production_id <> '';

    INSERT INTO check_hit
    SELECT 'key-collision', id, NULL, MIN(detail) FROM (
      SELECT id, 'Another id differs only in letter case' AS detail FROM temp.member
      WHERE ${foldedId} IN (SELECT ${foldedId} FROM temp.member GROUP BY 1 HAVING COUNT(*) > 1)
      UNION ALL
      SELECT id, 'Another production id differs only in letter case from ' || sfdc_key FROM property
      WHERE sfdc_key IS NOT NULL AND lower(sfdc_key) IN (SELECT lower(sfdc_key) FROM property WHERE sfdc_key IS NOT NULL GROUP BY 1 HAVING COUNT(DISTINCT sfdc_key) > 1)
      UNION ALL
      SELECT id, 'The last three characters of ' || sfdc_id || ' do not belong to it' FROM property WHERE suffix_is_right = 0
    ) GROUP BY id;

    INSERT INTO check_hit
    SELECT 'enabled-without-date', id, NULL, labels(undated_mask) FROM property WHERE undated_mask <> 0;

    INSERT INTO check_hit
    SELECT 'unknown-status', id, NULL, COALESCE('"' || status || '"', 'No status') FROM property WHERE status IS NULL OR status NOT IN ('ACTIVE', 'DISABLED');

    INSERT INTO check_hit
    SELECT 'orphan-staging-record', COALESCE(s.key, s.record_id), NULL, 'Record ' || s.record_id || CASE WHEN is_blank(s.key) THEN ', without a key' ELSE '' END
    FROM staging s LEFT JOIN temp.member m ON m.id = s.key WHERE s.is_live = 1 AND m.id IS NULL;

    INSERT INTO check_hit
    SELECT 'feature-on-disabled-property', id, NULL, labels(on_mask) FROM property WHERE is_active = 0 AND on_mask <> 0;
  `);
  db.prepare(`INSERT INTO check_hit SELECT 'date-in-future', id, NULL, latest_date FROM property WHERE latest_date > ?`).run(sixDigits(now));
}

/** Adds the records of one production id, which several staging records carry or several updates would share. */
export function addTwinHits(db: SqliteDatabase): void {
  db.exec(`
    INSERT INTO check_hit
    SELECT 'two-staging-records', COALESCE(key, record_id), NULL, MIN('Record ' || record_id || ', production id ' || production_key) FROM (
      SELECT record_id, key, production_key FROM staging
      WHERE is_live = 1 AND production_key IN (SELECT production_key FROM staging WHERE is_live = 1 AND production_key IS NOT NULL GROUP BY production_key HAVING COUNT(*) > 1)
      UNION ALL
      SELECT COALESCE(record_id, ''), key, group_key FROM candidate
      WHERE kind = 'update' AND group_key IN (SELECT group_key FROM candidate WHERE kind = 'update' AND group_key IS NOT NULL GROUP BY group_key HAVING COUNT(*) > 1)
    ) GROUP BY COALESCE(key, record_id);
  `);
}

/** Instants of the source have six digits; texts compare as instants only at one length. */
function sixDigits(instant: string): string {
  return new Date(instant).toISOString().replace('Z', '000Z');
}
