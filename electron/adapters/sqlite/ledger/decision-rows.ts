import type { CallOutput } from '../../../../shared/contract.ts';
import { refusal } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import { describeKeys, describeSelection, fillSelected, recordsOf, refuseOtherNumber, withCache } from './decision-selection.ts';
import { markDecided } from './review-rows.ts';
import { decided, lockLedger, rowAsJson, type StepRows } from './step-rows.ts';

type DecideInput = Parameters<Ledger['decide']>[0];

const verbs = { approve: 'Approved', hold: 'Held', exclude: 'Excluded' } as const;

/**
 * Decisions in force in one ledger.
 *
 * Errors: `refused`: `selection-changed`, `blockers`, `nothing-to-do`, `no-snapshot`; those of `fillSelected`.
 */
export function createDecisionRows(db: SqliteDatabase, place: { cacheFile: string; audit: AuditRows; steps: StepRows }): (input: DecideInput) => CallOutput<'pending.decide'> {
  const { cacheFile, audit, steps } = place;

  const decide = ({ selection, chosen, decision, reason, actor, expect }: DecideInput): CallOutput<'pending.decide'> => {
    lockLedger(db);
    fillSelected(db, { selection, chosen });
    refuseOtherNumber(db, expect);
    const blocked = decision === 'approve' ? db.prepare('DELETE FROM selected WHERE blockers > 0').run().changes : 0;
    const { count, digest, keys } = describeKeys(db, 'selected');
    if (count === 0 && blocked > 0) throw refusal('blockers', `${recordsOf(blocked)} cannot be approved because a check blocks them. Resolve the blockers first.`, { blocked });
    if (count === 0) throw refusal('nothing-to-do', 'No pending change is selected.');
    const label = `${verbs[decision]} ${recordsOf(count)}`;
    const { undoId, at } = steps.add(label, actor);
    db.prepare(`INSERT INTO decision_undo (undo_id, key, kind, previous, left_by)
      SELECT ?, s.key, s.kind, ${rowAsJson(decided)}, ? FROM selected s LEFT JOIN decision d ON d.key = s.key AND d.kind = s.kind`).run(undoId, undoId);
    db.prepare(`INSERT OR REPLACE INTO decision (key, kind, content_hash, decision, reason, actor, at, undo_id)
      SELECT key, kind, content_hash, ?, ?, ?, ?, ? FROM selected`).run(decision, reason, actor, at, undoId);
    if ('items' in selection) markDecided(db, actor, at);
    const [event] = audit.append([
      { type: 'decision.made', actor, batchId: null, runId: null, keys, data: { decision, reason, undoId, label, count, blocked, digest, ...describeSelection(selection) } },
    ]);
    db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) SELECT key, ? FROM selected').run(event?.seq);
    db.exec('DELETE FROM selected');
    return { decided: count, blocked, undoId, label };
  };

  return (input) => withCache(db, cacheFile, () => db.transaction(() => decide(input)).deferred());
}
