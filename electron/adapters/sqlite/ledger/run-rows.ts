import type { Chunk, Run } from '../../../../shared/domain/batch.ts';
import { countOutcomes, recordStates, type RecordState } from '../../../../shared/domain/outcome.ts';
import type { PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import { refusal } from '../../../core/app-failure.ts';
import { canonicalJson } from '../../../core/canonical.ts';
import type { Ledger, LedgerWrite, RecordIntent, RecordResult, RunRecord, RunRow, StoredJob } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';

type RunWrite = Extract<LedgerWrite, { runId: string } | { run: RunRow } | { job: StoredJob }>;

export interface RunRows {
  write(write: RunWrite): void;
  ofBatch(batchId: string | null): Run[];
  one(id: string): Run | null;
  chunks(runId: string): Chunk[];
  job(runId: string, chunk: number): StoredJob | null;
  records(input: Parameters<Ledger['runRecords']>[0]): RunRecord[];
}

/** Runs with their chunks and records in one ledger. */
export function createRunRows(db: SqliteDatabase): RunRows {
  const putChunk = db.prepare('INSERT OR REPLACE INTO chunk (run_id, number, operation, records, state) VALUES (?, ?, ?, ?, ?)');
  const putJob = db.prepare('INSERT OR REPLACE INTO job (run_id, chunk, job_id, state) VALUES (?, ?, ?, ?)');
  const intend = db.prepare(
    `UPDATE run_record SET state = 'sending', chunk = ?, attempts = attempts + 1, before_image = ?, sent = ?, sent_at = ?, code = NULL, message = NULL, fields = '[]', now = NULL
     WHERE run_id = ? AND kind = ? AND key = ? AND state IN ('planned', 'sending', 'unknown')`,
  );
  const settle = db.prepare(
    `UPDATE run_record SET state = ?, code = ?, message = ?, fields = ?, salesforce_id = COALESCE(?, salesforce_id), now = ?, sent = iif(?, NULL, sent), sent_at = iif(?, NULL, sent_at)
     WHERE run_id = ? AND kind = ? AND key = ? AND state IN ('planned', 'sending', 'unknown')`,
  );

  const write = (step: RunWrite): void => {
    switch (step.write) {
      case 'run.start':
        return startRun(db, step.run, step.retryOf);
      case 'run.put': {
        const { changes } = db.prepare('UPDATE run SET body = ? WHERE id = ?').run(canonicalJson(step.run), step.run.id);
        if (changes !== 1) throw new Error(`There is no run ${step.run.id}.`);
        return;
      }
      case 'chunk.put':
        putChunk.run(step.runId, step.chunk.number, step.chunk.operation, step.chunk.records, step.chunk.state);
        return;
      case 'job.put':
        putJob.run(step.job.runId, step.job.chunk, step.job.jobId, step.job.state);
        return;
      case 'record.intents':
        for (const intent of step.intents) storeIntent(step.runId, intent);
        return;
      case 'record.results':
        for (const result of step.results) storeResult(step.runId, result);
        return;
    }
  };

  const storeIntent = (runId: string, { key, kind, chunk, beforeImage, sent, sentAt }: RecordIntent) => {
    const { changes } = intend.run(chunk, beforeImage === null ? null : canonicalJson(beforeImage), canonicalJson(sent), sentAt, runId, kind, key);
    if (changes !== 1) throw new Error(`Record ${kind} ${key} of run ${runId} cannot be sent: it is not open.`);
  };

  const storeResult = (runId: string, { key, kind, state, code, message, fields, salesforceId, now, isForgotten }: RecordResult) => {
    const forgets = Number(isForgotten ?? false);
    const { changes } = settle.run(state, code, message, canonicalJson(fields), salesforceId, now === null ? null : canonicalJson(now), forgets, forgets, runId, kind, key);
    if (changes !== 1) throw new Error(`Record ${kind} ${key} of run ${runId} has its final outcome already.`);
  };

  const complete = (row: { id: string; body: string }): Run => {
    const tally = db.prepare(`SELECT ${recordStates.join(', ')} FROM run_tally WHERE run_id = ?`).get(row.id) as Partial<Record<RecordState, number>> | undefined;
    return { ...withDefaults(JSON.parse(row.body) as RunRow), counts: countOutcomes(tally ?? {}) };
  };

  return {
    write,
    ofBatch(batchId) {
      const rows = batchId === null ? db.prepare('SELECT id, body FROM run ORDER BY position DESC').all() : db.prepare('SELECT id, body FROM run WHERE batch_id = ? ORDER BY position DESC').all(batchId);
      return (rows as { id: string; body: string }[]).map(complete);
    },
    one(id) {
      const row = db.prepare('SELECT id, body FROM run WHERE id = ?').get(id) as { id: string; body: string } | undefined;
      return row ? complete(row) : null;
    },
    chunks: (runId) =>
      db
        .prepare('SELECT number, operation, records, c.state, job_id AS jobId FROM chunk c LEFT JOIN job ON job.run_id = c.run_id AND job.chunk = number WHERE c.run_id = ? ORDER BY number')
        .all(runId) as Chunk[],
    job: (runId, chunk) => (db.prepare('SELECT run_id AS runId, chunk, job_id AS jobId, state FROM job WHERE run_id = ? AND chunk = ?').get(runId, chunk) as StoredJob | undefined) ?? null,
    records: (input) => readRecords(db, input),
  };
}

/** Runs stored by an older version do not say why their mode was chosen. */
function withDefaults(run: RunRow): RunRow {
  return { ...run, why: run.why ?? null };
}

function startRun(db: SqliteDatabase, run: RunRow, retryOf: string | null): void {
  if (retryOf === null && db.prepare('SELECT 1 FROM run WHERE batch_id = ? AND retry_of IS NULL').get(run.batchId) !== undefined) {
    throw refusal('plan-consumed', 'This plan has been pushed already. Retry what failed, or make a new batch.', { batchId: run.batchId });
  }
  db.prepare('INSERT INTO run (id, position, batch_id, retry_of, body) VALUES (?, (SELECT COALESCE(MAX(position), 0) + 1 FROM run), ?, ?, ?)').run(run.id, run.batchId, retryOf, canonicalJson(run));
  if (retryOf === null) {
    db.prepare(`INSERT INTO run_record (run_id, kind, key, state) SELECT ?, kind, key, 'planned' FROM plan_record WHERE batch_id = ?`).run(run.id, run.batchId);
    return;
  }
  db.prepare(`INSERT INTO run_record (run_id, kind, key, state) SELECT ?, kind, key, 'planned' FROM run_record WHERE run_id = ? AND state = 'failed' AND superseded = 0`).run(run.id, retryOf);
  db.prepare(`UPDATE run_record SET superseded = 1 WHERE run_id = ? AND state = 'failed'`).run(retryOf);
}

interface RecordRow {
  record: string;
  state: RecordState;
  chunk: number | null;
  attempts: number;
  before_image: string | null;
  sent: string | null;
  salesforce_id: string | null;
  code: string | null;
  sent_at: string | null;
}

function readRecords(db: SqliteDatabase, { runId, states, after, limit }: { runId: string; states: readonly RecordState[]; after: PendingKey | null; limit: number }): RunRecord[] {
  const cursor = after === null ? '' : 'AND (r.kind, r.key) > (?, ?)';
  const rows = db
    .prepare(
      `SELECT p.record, r.state, r.chunk, r.attempts, r.before_image, r.sent, r.salesforce_id, r.code, r.sent_at
       FROM run_record r JOIN run ON run.id = r.run_id JOIN plan_record p ON p.batch_id = run.batch_id AND p.kind = r.kind AND p.key = r.key
       WHERE r.run_id = ? AND r.state IN (${states.map(() => '?').join(', ')}) ${cursor} ORDER BY r.kind, r.key LIMIT ?`,
    )
    .all(runId, ...states, ...(after === null ? [] : [after.kind, after.key]), limit) as RecordRow[];
  return rows.map((row) => ({
    ...(JSON.parse(row.record) as PlanRecord),
    state: row.state,
    chunk: row.chunk,
    attempts: row.attempts,
    beforeImage: parseJson<RunRecord['beforeImage']>(row.before_image),
    sent: parseJson<RunRecord['sent']>(row.sent),
    salesforceId: row.salesforce_id,
    code: row.code,
    sentAt: row.sent_at,
  }));
}

/** Reads a nullable JSON column. */
export function parseJson<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}
