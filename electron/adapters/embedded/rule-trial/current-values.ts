import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { WarehouseRow } from '../../../core/ports.ts';
import type { CachedSource } from './load-source.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';
import type { Current } from './build-plan.ts';

/**
 * What Salesforce has now under the key of an update of plan A, from what the snapshot keeps.
 *
 * Shape:  of a pending update the snapshot keeps it; of any other it is what plan A proposes, but for fields that are blank there, which
 *         the snapshot keeps too. A key without candidate is of a record that the org no longer has.
 */
export function currentInSnapshot({ db, mapping }: CachedSource): (key: string, row: WarehouseRow) => Current {
  const find = db.prepare("SELECT c.is_pending, c.kept, b.before FROM candidate c LEFT JOIN pending_body b ON b.position = c.position WHERE c.kind = 'update' AND c.key = ?").raw();
  return (key, row) => {
    const found = find.get(key) as [number, string | null, string | null] | undefined;
    if (found === undefined) return 'gone';
    const [isPending, kept, before] = found;
    const text = isPending === 1 ? before : kept;
    return { values: text === null ? mapping.fields.map(({ column }) => row[column] ?? null) : (JSON.parse(text) as FieldValue[]) };
  };
}

/**
 * What Salesforce has now under the key of an update of plan B: what plan A found, for the same record.
 *
 * Shape:  a key of plan A that a refresh found gone is gone here too; a record that plan A does not have is not known.
 */
export function currentInPlanA(scratch: SqliteDatabase): (key: string, row: WarehouseRow) => Current {
  const find = scratch.prepare("SELECT record_id, before FROM plan_a WHERE kind = 'update' AND key = ?").raw();
  const wasThere = scratch.prepare('SELECT 1 FROM a_properties_to_update WHERE snappt_property_id = ? LIMIT 1').pluck();
  scratch.exec('CREATE INDEX a_update_by_key ON a_properties_to_update (snappt_property_id)');
  return (key, row) => {
    const found = find.get(key) as [string, string] | undefined;
    if (found === undefined) return wasThere.get(key) === undefined ? 'unknown' : 'gone';
    return found[0] === String(row['record_id'] ?? '') ? { values: JSON.parse(found[1]) as FieldValue[] } : 'unknown';
  };
}
