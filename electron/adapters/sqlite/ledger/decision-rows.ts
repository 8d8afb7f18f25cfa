import { randomUUID } from 'node:crypto';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { DecisionStep } from '../../../../shared/domain/review.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import { describeKeys, fillSelected, withCache } from './decision-selection.ts';

type DecideInput = Parameters<Ledger['decide']>[0];
type UndoInput = Parameters<Ledger['undo']>[0];

export interface DecisionRows {
  decide(input: DecideInput): CallOutput<'pending.decide'>;
  undo(input: UndoInput): CallOutput<'decision.undo'>;
  /** The newest first. */
  steps(limit: number): DecisionStep[];
  mark(input: Parameters<Ledger['mark']>[0]): void;
}

interface Step {
  position: number;
  undo_id: string;
  label: string;
  undoes: string | null;
  undone: number;
}

type StoredStep = Omit<DecisionStep, 'isUndone' | 'isUndo'> & { isUndone: number; isUndo: number };

const verbs = { approve: 'Approved', hold: 'Held', exclude: 'Excluded' } as const;

const previousAsJson = `CASE WHEN d.key IS NULL THEN NULL ELSE json_object('content_hash', d.content_hash, 'decision', d.decision, 'reason', d.reason, 'actor', d.actor, 'at', d.at, 'undo_id', d.undo_id) END`;

/** Decisions in force, and what is needed to take them back, in one ledger. */
export function createDecisionRows(db: SqliteDatabase, place: { cacheFile: string; now(): string; audit: AuditRows }): DecisionRows {
  const { cacheFile, now, audit } = place;

  const addStep = (label: string, actor: string, undoes: string | null): { undoId: string; at: string } => {
    const undoId = `U-${randomUUID()}`;
    const at = now();
    db.prepare('INSERT INTO decision_step (undo_id, label, actor, at, undoes) VALUES (?, ?, ?, ?, ?)').run(undoId, label, actor, at, undoes);
    return { undoId, at };
  };

  const indexKeys = (table: 'selected' | 'restored', seq: number | undefined) =>
    db.prepare(`INSERT OR IGNORE INTO audit_event_key (key, seq) SELECT key, ? FROM ${table}`).run(seq);

  const decideSelected = ({ selection, decision, reason, actor }: DecideInput, mapping: Mapping): CallOutput<'pending.decide'> => {
    // Takes the ledger's write lock first. An immediate transaction would lock the attached cache too, and wait for a refresh.
    db.exec('UPDATE decision_step SET undone = undone WHERE FALSE');
    fillSelected(db, selection, mapping);
    const blocked = decision === 'approve' ? db.prepare('DELETE FROM selected WHERE blockers > 0').run().changes : 0;
    const { count, digest, keys } = describeKeys(db, 'selected');
    if (count === 0 && blocked > 0) throw refusal('blockers', `${records(blocked)} cannot be approved because a check blocks them. Resolve the blockers first.`, { blocked });
    if (count === 0) throw refusal('nothing-to-do', 'No pending change is selected.');
    const label = `${verbs[decision]} ${records(count)}`;
    const { undoId, at } = addStep(label, actor, null);
    db.prepare(`INSERT INTO decision_undo (undo_id, key, kind, previous, left_by)
      SELECT ?, s.key, s.kind, ${previousAsJson}, ? FROM selected s LEFT JOIN decision d ON d.key = s.key AND d.kind = s.kind`).run(undoId, undoId);
    db.prepare(`INSERT OR REPLACE INTO decision (key, kind, content_hash, decision, reason, actor, at, undo_id)
      SELECT key, kind, content_hash, ?, ?, ?, ?, ? FROM selected`).run(decision, reason, actor, at, undoId);
    const [event] = audit.append([
      { type: 'decision.made', actor, batchId: null, runId: null, keys, data: { decision, reason, undoId, label, count, blocked, digest, ...describeSelection(selection) } },
    ]);
    indexKeys('selected', event?.seq);
    db.exec('DELETE FROM selected');
    return { decided: count, blocked, undoId, label };
  };

  const findStep = ({ undoId, actor }: UndoInput): Step => {
    const columns = 'position, undo_id, label, undoes, undone';
    const step = (
      undoId === null
        ? db.prepare(`SELECT ${columns} FROM decision_step WHERE actor = ? AND undone = 0 AND undoes IS NULL ORDER BY position DESC LIMIT 1`).get(actor)
        : db.prepare(`SELECT ${columns} FROM decision_step WHERE undo_id = ?`).get(undoId)
    ) as Step | undefined;
    if (!step && undoId !== null) throw new AppFailure('not-found', `There is no decision ${undoId} to undo.`, { undoId });
    if (!step) throw refusal('nothing-to-do', 'There is no decision of yours left to undo.');
    if (step.undone === 1) throw refusal('nothing-to-do', `"${step.label}" has been undone already.`, { undoId: step.undo_id });
    return step;
  };

  const undoStep = (input: UndoInput): CallOutput<'decision.undo'> => {
    const step = findStep(input);
    db.exec(`CREATE TEMP TABLE IF NOT EXISTS restored (key TEXT NOT NULL, kind TEXT NOT NULL, previous TEXT, now TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID; DELETE FROM restored;`);
    // Only where the step's own result still stands: a decision made later on the same change is somebody's newer word.
    db.prepare(`INSERT INTO restored SELECT u.key, u.kind, u.previous, ${previousAsJson}
      FROM decision_undo u LEFT JOIN decision d ON d.key = u.key AND d.kind = u.kind WHERE u.undo_id = ? AND d.undo_id IS u.left_by`).run(step.undo_id);
    const { count, digest, keys } = describeKeys(db, 'restored');
    if (count === 0) throw refusal('nothing-to-do', `"${step.label}" cannot be undone: every one of its records was decided again later.`, { undoId: step.undo_id });
    const label = step.label.startsWith('Undid: ') ? step.label.replace('Undid: ', 'Redid: ') : `Undid: ${step.label.replace('Redid: ', '')}`;
    const { undoId } = addStep(label, input.actor, step.undo_id);
    db.prepare(`INSERT INTO decision_undo (undo_id, key, kind, previous, left_by) SELECT ?, key, kind, now, previous ->> '$.undo_id' FROM restored`).run(undoId);
    db.exec(`DELETE FROM decision WHERE EXISTS (SELECT 1 FROM restored r WHERE r.key = decision.key AND r.kind = decision.kind);
      INSERT INTO decision (key, kind, content_hash, decision, reason, actor, at, undo_id)
      SELECT key, kind, previous ->> '$.content_hash', previous ->> '$.decision', previous ->> '$.reason', previous ->> '$.actor', previous ->> '$.at', previous ->> '$.undo_id'
      FROM restored WHERE previous IS NOT NULL`);
    db.prepare('UPDATE decision_step SET undone = 1 WHERE undo_id = ?').run(step.undo_id);
    // Undoing an undo brings the first step back, so that it can be undone again.
    if (step.undoes !== null) db.prepare('UPDATE decision_step SET undone = 0 WHERE undo_id = ?').run(step.undoes);
    const [event] = audit.append([{ type: 'decision.undone', actor: input.actor, batchId: null, runId: null, keys, data: { undone: step.undo_id, undoId, label, count, digest } }]);
    indexKeys('restored', event?.seq);
    db.exec('DELETE FROM restored');
    return { undone: count, undoId, label };
  };

  const steps = (limit: number): DecisionStep[] =>
    (db.prepare('SELECT undo_id AS undoId, label, actor, at, undone AS isUndone, undoes IS NOT NULL AS isUndo FROM decision_step ORDER BY position DESC LIMIT ?').all(limit) as StoredStep[]).map((step) => ({
      ...step,
      isUndone: step.isUndone === 1,
      isUndo: step.isUndo === 1,
    }));

  return {
    steps,
    decide: (input) => withCache(db, cacheFile, (mapping) => db.transaction(() => decideSelected(input, mapping)).deferred()),
    undo: (input) => db.transaction(() => undoStep(input)).immediate(),
    mark: ({ item: { key, kind }, mark, actor }) => {
      withCache(db, cacheFile, () => {
        db.prepare(
          `INSERT OR REPLACE INTO review_mark (key, kind, content_hash, mark, actor, at, change)
           SELECT key, kind, content_hash, ?, ?, ?, (SELECT COALESCE(MAX(change), 0) + 1 FROM review_mark) FROM cache.pending WHERE key = ? AND kind = ?`,
        ).run(mark, actor, now(), key, kind);
      });
    },
  };
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}

function describeSelection(selection: Selection): { filter: string | null; except: { key: string; kind: string }[] } {
  return 'items' in selection ? { filter: null, except: [] } : { filter: selection.filter, except: selection.except };
}
