import { randomUUID } from 'node:crypto';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { DecisionStep } from '../../../../shared/domain/review.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import type { AuditRows } from './audit-rows.ts';
import type { BulkApprovals } from './bulk-approval.ts';
import { describeKeys, inWords, withCache } from './decision-selection.ts';

type UndoInput = Parameters<Ledger['undo']>[0];

export interface StepRows {
  /** The newest first. */
  newest(limit: number): DecisionStep[];
  undo(input: UndoInput): CallOutput<'decision.undo'>;
  redo(input: UndoInput): CallOutput<'decision.redo'>;
}

/** One step. `root` is the step itself, or the one that it undoes or redoes; of that one `undone` says how it stands. */
interface Step {
  undo_id: string;
  label: string;
  root: string;
  undone: number;
}

/** Begins a step that can be undone by its id. */
export type AddStep = (label: string, actor: string, undoes?: Pick<Step, 'undo_id' | 'root'>) => { undoId: string; at: string };

/** Begins steps, each in the transaction of what it names. */
export function stepAdder(db: SqliteDatabase, now: () => string): AddStep {
  return (label, actor, undoes) => {
    const undoId = `U-${randomUUID()}`;
    const at = now();
    db.prepare('INSERT INTO decision_step (undo_id, label, actor, at, undoes, root) VALUES (?, ?, ?, ?, ?, ?)').run(undoId, label, actor, at, undoes?.undo_id ?? null, undoes?.root ?? undoId);
    return { undoId, at };
  };
}

/** What steps change: rows under a key, each with the step that wrote it, and beside them what stood before. */
interface Stepped {
  table: 'decision' | 'field_exclusion';
  id: readonly string[];
  columns: readonly string[];
}

export const decided: Stepped = { table: 'decision', id: ['key', 'kind'], columns: ['content_hash', 'decision', 'reason', 'actor', 'at', 'undo_id'] };
export const leftOut: Stepped = { table: 'field_exclusion', id: ['key', 'kind', 'field'], columns: ['content_hash', 'reason', 'actor', 'at', 'undo_id'] };

/** The row `d` as JSON, or NULL where there is none. */
export function rowAsJson({ columns }: Stepped): string {
  return `CASE WHEN d.key IS NULL THEN NULL ELSE json_object(${columns.map((column) => `'${column}', d.${column}`).join(', ')}) END`;
}

/** Takes the ledger's write lock. An immediate transaction would lock the attached cache too, and wait for a refresh. */
export function lockLedger(db: SqliteDatabase): void {
  db.exec('UPDATE decision_step SET undone = undone WHERE FALSE');
}

/**
 * Steps of deciding, by name, in one ledger: what can be taken back, and brought again.
 *
 * Shape:  undoing or redoing is a step of its own. Both work record by record, and only where the step's own result (for a redo:
 *         what the undo left) still stands, so that a later word of anybody is never lost; the label says so when these are
 *         fewer. A redo leaves alone what has another content by now. A new decision after an undo takes nothing away.
 */
export function createStepRows(db: SqliteDatabase, place: { cacheFile: string; audit: AuditRows; addStep: AddStep; bulk: BulkApprovals }): StepRows {
  const { cacheFile, audit, addStep, bulk } = place;

  const columns = 's.undo_id, s.label, s.root, s.undone';
  const stepOf = (undoId: string): Step => {
    const step = db.prepare(`SELECT ${columns} FROM decision_step s WHERE s.undo_id = ?`).get(undoId) as Step | undefined;
    if (!step) throw new AppFailure('not-found', `There is no decision ${undoId} to undo or redo.`, { undoId });
    return step;
  };
  const newestOf = (actor: string, isUndone: boolean): Step | undefined =>
    db
      .prepare(
        isUndone
          ? `SELECT ${columns} FROM decision_step s JOIN decision_step r ON r.undo_id = s.root WHERE s.actor = ? AND s.undone = 0 AND s.undoes IS NOT NULL AND r.undone = 1 ORDER BY s.position DESC LIMIT 1`
          : `SELECT ${columns} FROM decision_step s WHERE s.actor = ? AND s.undone = 0 AND s.undoes IS NULL ORDER BY s.position DESC LIMIT 1`,
      )
      .get(actor) as Step | undefined;

  /** The step itself, or the newest that undoes or redoes it. */
  const headOf = (root: Step): Step => db.prepare(`SELECT ${columns} FROM decision_step s WHERE s.root = ? ORDER BY s.position DESC LIMIT 1`).get(root.undo_id) as Step;

  /** Brings back what stood before a step, where what it left still stands. Answers how many records it brought back. */
  const reverse = (root: Step, actor: string, isRedo: boolean): CallOutput<'decision.undo'> => {
    const head = headOf(root);
    const { table, id, columns: values } = db.prepare('SELECT 1 FROM field_exclusion_undo WHERE undo_id = ? LIMIT 1').get(root.undo_id) === undefined ? decided : leftOut;
    const ids = id.join(', ');
    const isSameContent = `(u.previous IS NULL OR EXISTS (SELECT 1 FROM cache.pending p WHERE p.key = u.key AND p.kind = u.kind AND p.content_hash = u.previous ->> '$.content_hash'))`;
    db.exec(`CREATE TEMP TABLE IF NOT EXISTS restored (key TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, previous TEXT, now TEXT, PRIMARY KEY (kind, key, field)) WITHOUT ROWID; DELETE FROM restored;`);
    db.prepare(
      `INSERT INTO restored SELECT u.key, u.kind, ${table === 'decision' ? `''` : 'u.field'}, u.previous, ${rowAsJson({ table, id, columns: values })}
       FROM ${table}_undo u LEFT JOIN ${table} d ON ${id.map((column) => `d.${column} = u.${column}`).join(' AND ')}
       WHERE u.undo_id = ? AND d.undo_id IS u.left_by ${isRedo ? `AND ${isSameContent}` : ''}`,
    ).run(isRedo ? head.undo_id : root.undo_id);
    const { count, digest, keys } = describeKeys(db, 'restored');
    if (count === 0) throw nothingStands(root, isRedo);
    const all = db.prepare(`SELECT COUNT(*) FROM ${table}_undo WHERE undo_id = ?`).pluck().get(root.undo_id) as number;
    const label = `${isRedo ? 'Redid' : 'Undid'}: ${root.label}${count < all ? ` (${inWords(count)} of ${inWords(all)})` : ''}`;
    const { undoId } = addStep(label, actor, head);
    db.prepare(`INSERT INTO ${table}_undo (undo_id, ${ids}, previous, left_by) SELECT ?, ${ids}, now, previous ->> '$.undo_id' FROM restored`).run(undoId);
    db.exec(`DELETE FROM ${table} WHERE (${ids}) IN (SELECT ${ids} FROM restored);
      INSERT INTO ${table} (${ids}, ${values.join(', ')}) SELECT ${ids}, ${values.map((column) => `previous ->> '$.${column}'`).join(', ')} FROM restored WHERE previous IS NOT NULL`);
    db.prepare('UPDATE decision_step SET undone = 1 WHERE undo_id = ?').run(head.undo_id);
    db.prepare('UPDATE decision_step SET undone = ? WHERE undo_id = ?').run(isRedo ? 0 : 1, root.undo_id);
    const [event] = audit.append([{ type: 'decision.undone', actor, batchId: null, runId: null, keys, data: { undone: head.undo_id, undoId, label, count, of: all, digest } }]);
    db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) SELECT key, ? FROM restored').run(event?.seq);
    db.exec('DELETE FROM restored');
    return { undone: count, undoId, label };
  };

  const undo = ({ undoId, actor }: UndoInput): CallOutput<'decision.undo'> => {
    const step = undoId === null ? newestOf(actor, false) : stepOf(undoId);
    if (!step) throw refusal('nothing-to-do', 'There is no decision of yours left to undo.');
    if (step.undone === 1) throw refusal('nothing-to-do', `"${step.label}" has been undone already.`, { undoId: step.undo_id });
    const root = stepOf(step.root);
    // Undoing an undo brings the first step back.
    return root.undone === 1 ? redo({ undoId: root.undo_id, actor }) : bulk.afterAll((locked) => db.transaction(() => locked(() => reverse(root, actor, false))).immediate());
  };

  const redo = ({ undoId, actor }: UndoInput): CallOutput<'decision.redo'> => {
    const step = undoId === null ? newestOf(actor, true) : stepOf(undoId);
    if (!step) throw refusal('nothing-to-do', 'There is no undo of yours left to take back.');
    const root = stepOf(step.root);
    if (root.undone === 0) throw refusal('nothing-to-do', `"${root.label}" is not undone.`, { undoId: root.undo_id });
    return bulk.afterAll((locked) => withCache(db, cacheFile, () => db.transaction(() => locked(() => reverse(root, actor, true))).deferred()));
  };

  return { newest: (limit) => readSteps(db, limit), undo, redo };
}

type StoredStep = Omit<DecisionStep, 'isUndone' | 'isUndo'> & { isUndone: number; isUndo: number };

function readSteps(db: SqliteDatabase, limit: number): DecisionStep[] {
  const rows = db.prepare('SELECT undo_id AS undoId, label, actor, at, undone AS isUndone, undoes IS NOT NULL AS isUndo FROM decision_step ORDER BY position DESC LIMIT ?').all(limit) as StoredStep[];
  return rows.map((step) => ({ ...step, isUndone: step.isUndone === 1, isUndo: step.isUndo === 1 }));
}

function nothingStands(root: Step, isRedo: boolean): AppFailure {
  const why = isRedo ? 'cannot be redone: each of its records was decided again later, or asks for something else now' : 'cannot be undone: every one of its records was decided again later';
  return refusal('nothing-to-do', `"${root.label}" ${why}.`, { undoId: root.undo_id });
}
