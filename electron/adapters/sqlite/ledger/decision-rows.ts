import type { CallOutput } from '../../../../shared/contract.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import { mostAtOnce, type BulkApprovals } from './bulk-approval.ts';
import { writeDecided } from './decided-rows.ts';
import { countSelected, describeKeys, describeSelection, fillSelected, nothingToDecide, recordsOf, refuseOtherNumber, withCache } from './decision-selection.ts';
import { markDecided } from './review-rows.ts';
import type { AddStep } from './step-rows.ts';

type DecideInput = Parameters<Ledger['decide']>[0];

const verbs = { approve: 'Approved', hold: 'Held', exclude: 'Excluded' } as const;

/**
 * Decisions in force in one ledger.
 *
 * Errors: `refused`: `selection-changed`, `blockers`, `nothing-to-do`, `no-snapshot`; those of `fillSelected`.
 */
export function createDecisionRows(db: SqliteDatabase, place: { cacheFile: string; audit: AuditRows; addStep: AddStep; bulk: BulkApprovals }): (input: DecideInput) => CallOutput<'pending.decide'> {
  const { cacheFile, audit, addStep, bulk } = place;

  const decide = (input: DecideInput): CallOutput<'pending.decide'> => {
    const { selection, chosen, decision, reason, actor, expect } = input;
    if (decision === 'approve' && chosen && chosen.count > mostAtOnce) return bulk.add(input, chosen);
    fillSelected(db, { selection, chosen });
    refuseOtherNumber(countSelected(db), expect);
    const blocked = decision === 'approve' ? db.prepare('DELETE FROM selected WHERE blockers > 0').run().changes : 0;
    const { count, digest, keys } = describeKeys(db, 'selected');
    if (count === 0) throw nothingToDecide(blocked);
    const label = `${verbs[decision]} ${recordsOf(count)}`;
    const { undoId, at } = addStep(label, actor);
    if ('items' in selection) markDecided(db, actor, at);
    const [event] = audit.append([
      { type: 'decision.made', actor, batchId: null, runId: null, keys, data: { decision, reason, undoId, label, count, blocked, digest, ...describeSelection(selection) } },
    ]);
    writeDecided(db, { decision, reason, actor, at, undoId, seq: event?.seq });
    return { decided: count, blocked, undoId, label };
  };

  return (input) => bulk.afterAll((locked) => withCache(db, cacheFile, () => db.transaction(() => locked(() => decide(input))).deferred()));
}
