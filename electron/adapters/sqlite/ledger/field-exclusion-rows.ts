import type { CallOutput } from '../../../../shared/contract.ts';
import type { MappedField, Mapping } from '../../../../shared/domain/mapping.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import { countSelected, describeKeys, describeSelection, fillSelected, recordsOf, refuseOtherNumber, withCache } from './decision-selection.ts';
import { leftOut, lockLedger, rowAsJson, type AddStep } from './step-rows.ts';

type ExcludeFieldInput = Parameters<Ledger['excludeField']>[0];

/**
 * Fields that are left out of what is sent, record by record, in one ledger. They hold for one content of a record only.
 *
 * Errors: `invalid-input` for an unknown field, or one that a create needs; `refused`: `selection-changed`, `nothing-to-do` (also
 *         when nothing would be left to send to a record).
 */
export function createFieldExclusionRows(db: SqliteDatabase, place: { cacheFile: string; audit: AuditRows; addStep: AddStep }): (input: ExcludeFieldInput) => CallOutput<'pending.excludeField'> {
  const { cacheFile, audit, addStep } = place;

  const exclude = ({ selection, chosen, field, isExcluded, reason, actor, expect }: ExcludeFieldInput, mapping: Mapping): CallOutput<'pending.excludeField'> => {
    lockLedger(db);
    const mapped = mapping.fields.find((one) => one.field === field);
    if (!mapped) throw new AppFailure('invalid-input', `The mapping has no field "${field}". Its fields are ${mapping.fields.map((one) => one.field).join(', ')}.`, { field });
    fillSelected(db, { selection, chosen });
    const selected = countSelected(db);
    refuseOtherNumber(selected, expect);
    keepConcerned(db, mapped, 1 << mapping.fields.indexOf(mapped), isExcluded);
    const { count, digest, keys } = describeKeys(db, 'selected');
    if (count === 0) throw nothingToDo(mapped, selected, isExcluded);
    if (isExcluded) refuseLoss(db, mapping, mapped);
    const label = isExcluded ? `Left ${mapped.label} out of ${recordsOf(count)}` : `Took ${mapped.label} in again for ${recordsOf(count)}`;
    const { undoId, at } = addStep(label, actor);
    db.prepare(
      `INSERT INTO field_exclusion_undo (undo_id, key, kind, field, previous, left_by)
       SELECT ?, s.key, s.kind, ?, ${rowAsJson(leftOut)}, ? FROM selected s LEFT JOIN field_exclusion d ON d.key = s.key AND d.kind = s.kind AND d.field = ?`,
    ).run(undoId, field, isExcluded ? undoId : null, field);
    db.prepare('DELETE FROM field_exclusion WHERE (key, kind) IN (SELECT key, kind FROM selected) AND field = ?').run(field);
    if (isExcluded) {
      db.prepare('INSERT INTO field_exclusion (key, kind, field, content_hash, reason, actor, at, undo_id) SELECT key, kind, ?, content_hash, ?, ?, ?, ? FROM selected').run(field, reason, actor, at, undoId);
    }
    const [event] = audit.append([
      { type: 'field.excluded', actor, batchId: null, runId: null, keys, data: { field, isExcluded, reason, undoId, label, count, digest, ...describeSelection(selection) } },
    ]);
    db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) SELECT key, ? FROM selected').run(event?.seq);
    db.exec('DELETE FROM selected');
    return { decided: count, undoId, label };
  };

  return (input) => withCache(db, cacheFile, (mapping) => db.transaction(() => exclude(input, mapping)).deferred());
}

/** Keeps of what is selected the records that send the field now, or leave it out now. */
function keepConcerned(db: SqliteDatabase, { field }: MappedField, bit: number, isExcluded: boolean): void {
  const standing = 'EXISTS (SELECT 1 FROM field_exclusion x WHERE x.key = selected.key AND x.kind = selected.kind AND x.field = ? AND x.content_hash = selected.content_hash)';
  db.prepare(
    `DELETE FROM selected WHERE ${isExcluded ? standing : `NOT ${standing}`}
       OR NOT EXISTS (SELECT 1 FROM cache.pending p WHERE p.key = selected.key AND p.kind = selected.kind AND p.changed_mask & ? <> 0)`,
  ).run(field, bit);
}

/** Refuses to leave out what a record cannot do without. */
function refuseLoss(db: SqliteDatabase, mapping: Mapping, mapped: MappedField): void {
  const creates = mapped.required === true ? (db.prepare(`SELECT COUNT(*) FROM selected WHERE kind = 'create'`).pluck().get() as number) : 0;
  if (creates > 0) {
    throw new AppFailure('invalid-input', `${mapped.label} cannot be left out: Salesforce needs it to create a record, and ${creates === 1 ? '1 of the records is a create' : `${creates} of the records are creates`}. Exclude the record instead.`, { field: mapped.field, creates });
  }
  const bitOf = mapping.fields.map(({ field }, position) => `WHEN '${field.replaceAll("'", "''")}' THEN ${1 << position}`).join(' ');
  const emptied = db
    .prepare(
      `SELECT s.key FROM selected s JOIN cache.pending p ON p.key = s.key AND p.kind = s.kind
       WHERE p.changed_mask & ~(? | (SELECT COALESCE(SUM(CASE x.field ${bitOf} ELSE 0 END), 0) FROM field_exclusion x WHERE x.key = s.key AND x.kind = s.kind AND x.content_hash = s.content_hash)) = 0
       ORDER BY s.kind, s.key`,
    )
    .pluck()
    .all(1 << mapping.fields.indexOf(mapped)) as string[];
  if (emptied.length === 0) return;
  throw refusal('nothing-to-do', `Without ${mapped.label} nothing would be left to send to ${emptied.length === 1 ? emptied[0] : `${recordsOf(emptied.length)}, the first of them ${emptied[0]}`}. Nothing was changed. Exclude the record instead.`, {
    field: mapped.field,
    emptied: emptied.length,
    keys: emptied.slice(0, 20),
  });
}

function nothingToDo({ label, field }: MappedField, selected: number, isExcluded: boolean): AppFailure {
  if (selected === 0) return refusal('nothing-to-do', 'No pending change is selected.', { field });
  if (selected === 1) return refusal('nothing-to-do', isExcluded ? `The record does not send ${label}, or leaves it out already.` : `The record does not leave ${label} out.`, { field });
  return refusal('nothing-to-do', isExcluded ? `None of the ${selected} records sends ${label}.` : `None of the ${selected} records leaves ${label} out.`, { field });
}
