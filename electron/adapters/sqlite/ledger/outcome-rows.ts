import { outcomeOf, type Outcome, type RecordOutcome, type RecordRun, type RecordState } from '../../../../shared/domain/outcome.ts';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { Kind } from '../../../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import { readKeyCursor, writeKeyCursor } from '../key-cursor.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { parseJson } from './run-rows.ts';

const statesOf: Record<Outcome, readonly RecordState[]> = {
  succeeded: ['succeeded'],
  failed: ['failed'],
  stale: ['stale'],
  skipped: ['skipped'],
  unknown: ['unknown', 'sending'],
  notSent: ['planned'],
};

/** Each record of a batch by the newest run that has it. */
const fromBatch = 'FROM run JOIN run_record r ON r.run_id = run.id JOIN plan_record p ON p.batch_id = run.batch_id AND p.kind = r.kind AND p.key = r.key';

interface OutcomeRow {
  kind: Kind;
  key: string;
  record: string;
  state: RecordState;
  code: string | null;
  message: string | null;
  fields: string;
  salesforce_id: string | null;
  attempts: number;
  chunk: number | null;
  before_image: string | null;
  now: string | null;
}

/** A page of what became of the records of a batch, in order of kind, then key. */
export function readOutcomes(db: SqliteDatabase, input: Parameters<Ledger['outcomes']>[0]): Awaited<ReturnType<Ledger['outcomes']>> {
  const conditions: string[] = ['run.batch_id = ?', 'r.superseded = 0'];
  const params: unknown[] = [input.batchId];
  if (input.outcome !== null) {
    conditions.push(`r.state IN (${statesOf[input.outcome].map((state) => `'${state}'`).join(', ')})`);
  }
  if (input.code !== null) {
    conditions.push('r.code = ?');
    params.push(input.code);
  }
  if (input.chunk !== null) {
    conditions.push('r.chunk = ?');
    params.push(input.chunk);
  }
  const total = db.prepare(`SELECT COUNT(*) ${fromBatch} WHERE ${conditions.join(' AND ')}`).pluck().get(...params) as number;
  if (input.after !== null) {
    conditions.push('(r.kind, r.key) > (?, ?)');
    params.push(...readKeyCursor(input.after, 'outcomes'));
  }
  const rows = db
    .prepare(
      `SELECT r.kind, r.key, p.record, r.state, r.code, r.message, r.fields, r.salesforce_id, r.attempts, r.chunk, r.before_image, r.now
       ${fromBatch} WHERE ${conditions.join(' AND ')} ORDER BY r.kind, r.key LIMIT ?`,
    )
    .all(...params, input.limit + 1) as OutcomeRow[];
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  return { total, items: items.map(toOutcome), next: rows.length > input.limit && last ? writeKeyCursor(last.kind, last.key) : null };
}

/** What did not succeed, grouped by outcome and code, largest group first, each with one verbatim message. */
export function readErrorGroups(db: SqliteDatabase, batchId: string): Awaited<ReturnType<Ledger['errorGroups']>> {
  const rows = db
    .prepare(
      `SELECT CASE WHEN r.state = 'sending' THEN 'unknown' ELSE r.state END AS outcome, COALESCE(r.code, 'UNRESOLVED') AS code, COUNT(*) AS count,
         MIN(r.message) AS message, json_group_array(DISTINCT r.fields) AS field_lists
       FROM run JOIN run_record r ON r.run_id = run.id
       WHERE run.batch_id = ? AND r.superseded = 0 AND r.state IN ('failed', 'stale', 'unknown', 'sending')
       GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    )
    .all(batchId) as { outcome: 'failed' | 'stale' | 'unknown'; code: string; count: number; message: string | null; field_lists: string }[];
  return rows.map(({ field_lists: fieldLists, ...group }) => {
    const lists = (JSON.parse(fieldLists) as string[]).map((list) => JSON.parse(list) as string[]);
    return { ...group, fields: [...new Set(lists.flat())].toSorted() };
  });
}

type RecordRunRow = Omit<RecordRun, 'batchName' | 'outcome' | 'before' | 'sent'> & { batchName: string | null; state: RecordState; before: string | null; sent: string | null };

/** What became of one record in every run that had it, newest run first. */
export function readRecordRuns(db: SqliteDatabase, key: string): RecordRun[] {
  const rows = db
    .prepare(
      `SELECT run.id AS runId, run.batch_id AS batchId, batch.body ->> '$.name' AS batchName, run.body ->> '$.startedAt' AS at, r.kind, r.state, r.code, r.message,
         r.salesforce_id AS salesforceId, r.before_image AS before, r.sent
       FROM run JOIN run_record r ON r.run_id = run.id AND r.kind IN ('create', 'update') AND r.key = ? LEFT JOIN batch ON batch.id = run.batch_id
       ORDER BY run.position DESC, r.kind`,
    )
    .all(key) as RecordRunRow[];
  return rows.map(({ state, before, sent, batchName, ...run }) => ({ ...run, batchName: batchName ?? run.batchId, outcome: outcomeOf(state), before: parseJson<RecordRun['before']>(before), sent: parseJson<RecordRun['sent']>(sent) }));
}

function toOutcome(row: OutcomeRow): RecordOutcome {
  const plan = JSON.parse(row.record) as PlanRecord;
  const planned = (side: 'before' | 'after') => Object.fromEntries(Object.entries(plan.fields).map(([field, value]) => [field, value[side]]));
  return {
    key: row.key,
    operation: row.kind,
    name: plan.name,
    outcome: outcomeOf(row.state),
    code: row.code,
    message: row.message,
    fields: JSON.parse(row.fields) as string[],
    salesforceId: row.salesforce_id ?? plan.recordId,
    attempts: row.attempts,
    chunk: row.chunk,
    before: parseJson<Record<string, FieldValue>>(row.before_image) ?? (row.kind === 'update' ? planned('before') : null),
    after: planned('after'),
    now: parseJson<Record<string, FieldValue>>(row.now),
  };
}
