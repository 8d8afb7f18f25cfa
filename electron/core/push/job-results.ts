import { AppFailure } from '../app-failure.ts';
import type { BulkJob, BulkRow } from '../org-ports.ts';
import { jobStep } from './job-steps.ts';
import { enterPhase } from './progress.ts';
import { settleWritten, type Written } from './read-back.ts';
import { isContended, isSameId, refusedResult } from './record-answer.ts';
import { markLost, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { plannedAgain } from './settled.ts';
import { storeStep, type ItemIntent, type ItemResult } from './store.ts';

/** What a job has left. */
export interface JobEnd {
  /** Records that still have to go by calls. Those whose effect is not known are looked at first. */
  left: WorkItem[];
  stop: StopReason | null;
}

/** Records that are read back and stored together. */
const recordsPerStep = 2_000;

/**
 * Takes the results of a job that has ended into the ledger: rows are joined by the record's key (creates) or Id (updates),
 * never by place; written records are read back.
 *
 * Shape:  `job` null: Salesforce knows nothing of the job any more, so every record is looked at.
 * Errors: the org's own failures while the results are read; they can be read again. `audit-not-writable`.
 */
export async function settleJob(session: PushSession, chunk: ChunkWork, jobId: string, job: BulkJob | null, intents: readonly ItemIntent[]): Promise<JobEnd> {
  const rows = job === null ? new Map<WorkItem, BulkRow>() : await readRows(session, chunk, jobId);
  const left: WorkItem[] = [];
  let stop: StopReason | null = null;
  enterPhase(session, 'reading-back');
  for (let start = 0; start < intents.length; start += recordsPerStep) {
    const step = await settleRows(session, chunk, intents.slice(start, start + recordsPerStep), rows);
    left.push(...step.left);
    stop ??= step.stop;
  }
  const untouched = left.filter((item) => !item.isOpen);
  const facts = { outcome: job?.state ?? 'unknown to Salesforce', rows: rows.size, records: intents.length, left: left.length, ...(job?.message ? { message: job.message } : {}) };
  await storeStep(session, chunk, { results: untouched.map((item) => plannedAgain(session, item)), ...jobStep(session, chunk, { jobId, state: 'ended' }, facts) });
  return { left, stop };
}

/** Rows of the whole chunk: what is settled already may be among them. */
async function readRows(session: PushSession, chunk: ChunkWork, jobId: string): Promise<Map<WorkItem, BulkRow>> {
  const { mapping, deps, never } = session;
  const isCreate = chunk.operation === 'create';
  const nameOf = (text: string | undefined): string => (isCreate ? (text ?? '') : (text ?? '').slice(0, 15));
  const byName = new Map(chunk.items.map((item) => [nameOf(isCreate ? item.record.key : (item.record.recordId ?? '')), item]));
  const rows = new Map<WorkItem, BulkRow>();
  for await (const page of deps.org.bulk.results(jobId, never)) {
    for (const row of page) {
      const item = byName.get(nameOf(row.values[isCreate ? mapping.keyField : 'Id']));
      if (item === undefined || rows.has(item)) throw foreignRows(jobId, item === undefined ? 'holds a row that was not sent' : 'holds a row twice');
      if (row.outcome === 'succeeded' && !isCreate && !isSameId(row.id, item.record.recordId)) throw foreignRows(jobId, 'names another record');
      rows.set(item, row);
    }
  }
  return rows;
}

function foreignRows(jobId: string, what: string): AppFailure {
  return new AppFailure('org-unavailable', `The results of job ${jobId} cannot be used: the list ${what}. Nothing more was sent. Resume the run to read them again.`, { jobId });
}

async function settleRows(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[], rows: ReadonlyMap<WorkItem, BulkRow>): Promise<JobEnd> {
  const written: Written[] = [];
  const refused: ItemResult[] = [];
  const left: WorkItem[] = [];
  for (const intent of intents) {
    const { item } = intent;
    const row = rows.get(item);
    if (row?.outcome === 'succeeded') written.push({ ...intent, salesforceId: row.id });
    else if (row?.outcome === 'failed' && !isContended(item, row.code)) refused.push({ item, result: refusedResult(item, row) });
    else {
      // Rows that failed or were never reached are certainly not written. Of a row without a result nothing is known, and it may be at work still.
      item.isOpen = row === undefined;
      if (item.isOpen) markLost(session, item, session.deps.clock.elapsedMs());
      if (row?.outcome === 'failed') item.contendedTries += 1;
      left.push(item);
    }
  }
  const readBack = await settleWritten(session, written, refused);
  if (readBack.untrusted !== null) {
    for (const { item } of written) markLost(session, item, session.deps.clock.elapsedMs());
    return { left: [...left, ...written.map(({ item }) => item)], stop: { code: readBack.untrusted.code, message: readBack.untrusted.message } };
  }
  await storeStep(session, chunk, { results: readBack.results });
  for (const { item, result } of readBack.results) item.isOpen = result.state === 'unknown';
  return { left, stop: readBack.stop };
}
