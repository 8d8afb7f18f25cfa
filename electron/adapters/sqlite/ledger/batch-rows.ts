import type { Approval, Batch } from '../../../../shared/domain/batch.ts';
import { countOutcomes, type RecordState } from '../../../../shared/domain/outcome.ts';
import type { PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { PlanHeader, PlanRecord } from '../../../../shared/domain/plan.ts';
import { refusal, type AppFailure } from '../../../core/app-failure.ts';
import { canonicalJson } from '../../../core/canonical.ts';
import type { BatchRow, LedgerWrite } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';

type BatchWrite = Extract<LedgerWrite, { batchId: string } | { write: 'batch.put' }>;

export interface BatchRows {
  write(write: BatchWrite): void;
  all(): Batch[];
  one(id: string): Batch | null;
  members(batchId: string, after: PendingKey | null, limit: number): PendingKey[];
  planHeader(batchId: string): { header: PlanHeader; hash: string } | null;
  planRecords(batchId: string, after: PendingKey | null, limit: number): PlanRecord[];
}

/** Batches with their members, plans and approvals in one ledger. */
export function createBatchRows(db: SqliteDatabase): BatchRows {
  const insertMember = db.prepare('INSERT OR IGNORE INTO batch_member (batch_id, kind, key) VALUES (?, ?, ?)');
  const insertRecord = db.prepare('INSERT INTO plan_record (batch_id, kind, key, record) VALUES (?, ?, ?, ?)');

  const put = (batch: BatchRow) => {
    db.prepare(
      `INSERT INTO batch (id, position, state, body) VALUES (?, (SELECT COALESCE(MAX(position), 0) + 1 FROM batch), ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
    ).run(batch.id, batch.state, canonicalJson(batch));
  };

  const stored = (id: string): BatchRow => {
    const body = db.prepare('SELECT body FROM batch WHERE id = ?').pluck().get(id) as string | undefined;
    if (body === undefined) throw changedMeanwhile(id);
    return JSON.parse(body) as BatchRow;
  };

  const write = (step: BatchWrite): void => {
    switch (step.write) {
      case 'batch.put':
        return put(step.batch);
      case 'batch.change': {
        const batch = stored(step.batchId);
        if (step.seen && (batch.state !== step.seen.state || batch.planHash !== step.seen.planHash || batch.submittedAt !== step.seen.submittedAt)) throw changedMeanwhile(step.batchId);
        return put({ ...batch, ...step.change });
      }
      case 'batch.delete':
        for (const table of ['approval', 'plan_record', 'plan', 'batch_member']) db.prepare(`DELETE FROM ${table} WHERE batch_id = ?`).run(step.batchId);
        db.prepare('DELETE FROM batch WHERE id = ?').run(step.batchId);
        return;
      case 'batch.members':
        for (const { key, kind } of step.members) insertMember.run(step.batchId, kind, key);
        return;
      case 'plan.clear':
        if (stored(step.batchId).state !== 'draft') throw changedMeanwhile(step.batchId);
        db.prepare('DELETE FROM plan_record WHERE batch_id = ?').run(step.batchId);
        db.prepare('DELETE FROM plan WHERE batch_id = ?').run(step.batchId);
        return;
      case 'plan.records':
        for (const record of step.records) insertRecord.run(step.batchId, record.kind, record.key, canonicalJson(record));
        return;
      case 'plan.header':
        db.prepare('INSERT INTO plan (batch_id, header, hash) VALUES (?, ?, ?)').run(step.batchId, canonicalJson(step.header), step.hash);
        return;
      case 'approval.add':
        db.prepare('INSERT INTO approval (batch_id, approver, body) VALUES (?, ?, ?)').run(step.batchId, step.approval.by, canonicalJson(step.approval));
        return;
      case 'approval.drop':
        db.prepare('DELETE FROM approval WHERE batch_id = ?').run(step.batchId);
        return;
    }
  };

  const complete = (body: string): Batch => {
    const row = JSON.parse(body) as BatchRow;
    const approvals = (db.prepare('SELECT body FROM approval WHERE batch_id = ?').pluck().all(row.id) as string[]).map((text) => JSON.parse(text) as Approval);
    const runId = (db.prepare('SELECT id FROM run WHERE batch_id = ? ORDER BY position DESC LIMIT 1').pluck().get(row.id) as string | undefined) ?? null;
    return { ...row, approvals: approvals.sort((a, b) => (a.at < b.at ? -1 : 1)), runId, outcomes: runId === null ? null : countOutcomes(countBatch(db, row.id)) };
  };

  const page = (table: 'batch_member' | 'plan_record', columns: string, batchId: string, after: PendingKey | null, limit: number): unknown[] =>
    after === null
      ? db.prepare(`SELECT ${columns} FROM ${table} WHERE batch_id = ? ORDER BY kind, key LIMIT ?`).all(batchId, limit)
      : db.prepare(`SELECT ${columns} FROM ${table} WHERE batch_id = ? AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?`).all(batchId, after.kind, after.key, limit);

  return {
    write,
    all: () => (db.prepare('SELECT body FROM batch ORDER BY position DESC').pluck().all() as string[]).map(complete),
    one(id) {
      const body = db.prepare('SELECT body FROM batch WHERE id = ?').pluck().get(id) as string | undefined;
      return body === undefined ? null : complete(body);
    },
    members: (batchId, after, limit) => page('batch_member', 'key, kind', batchId, after, limit) as PendingKey[],
    planHeader(batchId) {
      const row = db.prepare('SELECT header, hash FROM plan WHERE batch_id = ?').get(batchId) as { header: string; hash: string } | undefined;
      return row ? { header: JSON.parse(row.header) as PlanHeader, hash: row.hash } : null;
    },
    planRecords: (batchId, after, limit) => (page('plan_record', 'record', batchId, after, limit) as { record: string }[]).map(({ record }) => JSON.parse(record) as PlanRecord),
  };
}

function changedMeanwhile(batchId: string): AppFailure {
  return refusal('wrong-state', `Batch ${batchId} was changed by somebody else meanwhile. Look at it again; nothing was done.`, { batchId });
}

/** Records of a batch by state; each counts once, by the newest run that has it. */
function countBatch(db: SqliteDatabase, batchId: string): Partial<Record<RecordState, number>> {
  const rows = db
    .prepare('SELECT r.state, COUNT(*) AS n FROM run JOIN run_record r ON r.run_id = run.id WHERE run.batch_id = ? AND r.superseded = 0 GROUP BY r.state')
    .all(batchId) as { state: RecordState; n: number }[];
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}
