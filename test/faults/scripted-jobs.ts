import { AppFailure } from '../../electron/core/app-failure.ts';
import { OrgCallError, type BulkIngest, type BulkJob, type BulkRow, type OrgRecord, type WriteResult } from '../../electron/core/org-ports.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import type { Sent, Values, WriteAction } from './scripted-org.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What jobs need of the org that they belong to. */
export interface JobGround {
  clock: VirtualClock;
  begin(): { call: number; action: WriteAction };
  refuseCall(action: WriteAction): void;
  lost(): OrgCallError;
  announce(call: number, sent: readonly Sent[]): Promise<void>;
  read<T>(answer: () => T): T;
  create(call: number, values: Values): WriteResult;
  update(call: number, record: OrgRecord): WriteResult;
  upsert(call: number, values: Values): WriteResult;
  sentOf(operation: Sent['operation'], values: Values): Sent;
}

interface Job {
  id: string;
  operation: string;
  state: BulkJob['state'];
  records: readonly Values[] | null;
  results: (WriteResult | null)[];
  /** What was asked for when it was closed. */
  action: WriteAction;
  call: number;
}

const stepMs = 400;
const rowsPerPage = 3;

const refused = (code: string): OrgCallError => new OrgCallError({ effect: 'not-processed', code, message: code, status: 400 });
const cellOf = (value: FieldValue | undefined): string => (value === undefined ? '' : value === null || value === '' ? '#N/A' : String(value));

/**
 * Jobs that work in steps while the clock goes on: taken on, at work with half of the rows, complete.
 *
 * Shape: actions hit single steps: creating, uploading, closing, aborting. Of the action at the close, `lost-partly` makes the job fail half
 * way, `locked` and `failed` hit every second row, `shuffled` and `short` leave the list of results in another order.
 */
export function scriptedJobs(ground: JobGround): BulkIngest {
  const { clock } = ground;
  const jobs = new Map<string, Job>();
  const told = (job: Job): BulkJob => ({
    id: job.id,
    state: job.state,
    processed: job.results.filter((result) => result !== null).length,
    failed: job.results.filter((result) => result?.ok === false).length,
    message: job.state === 'Failed' ? 'The job failed.' : null,
  });
  const find = (id: string): Job => {
    const job = jobs.get(id);
    if (job === undefined) throw refused('NOT_FOUND');
    return job;
  };

  const apply = (job: Job, index: number): WriteResult => {
    if (index % 2 === 1 && job.action === 'locked') return { ok: false, code: 'UNABLE_TO_LOCK_ROW', message: 'locked', fields: [] };
    if (index % 2 === 1 && job.action === 'failed') return { ok: false, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'failed', fields: [] };
    const record = job.records?.[index] ?? {};
    if (job.operation === 'insert') return ground.create(job.call, record);
    return job.operation === 'upsert' ? ground.upsert(job.call, record) : ground.update(job.call, record as OrgRecord);
  };
  const work = (job: Job, from: number, to: number): void => {
    for (let index = from; index < to; index += 1) job.results[index] = apply(job, index);
  };
  /** A closed job works in two steps. One that was aborted meanwhile does nothing more. */
  const begin = (job: Job): void => {
    const rows = job.records?.length ?? 0;
    const middle = Math.ceil(rows / 2);
    job.state = 'UploadComplete';
    clock.at(clock.elapsedMs() + stepMs, () => {
      if (job.state !== 'UploadComplete') return;
      job.state = 'InProgress';
      work(job, 0, middle);
      clock.at(clock.elapsedMs() + stepMs, () => {
        if (job.state !== 'InProgress') return;
        if (job.action === 'lost-partly') {
          job.state = 'Failed';
          return;
        }
        work(job, middle, rows);
        job.state = 'JobComplete';
      });
    });
  };
  const rowOf = (job: Job, index: number): BulkRow => {
    const columns = [...new Set((job.records ?? []).flatMap((record) => Object.keys(record)))];
    const values = Object.fromEntries(columns.map((column) => [column, cellOf(job.records?.[index]?.[column])]));
    const result = job.results[index] ?? null;
    if (result === null) return { values, outcome: 'unprocessed' };
    return result.ok ? { values, outcome: 'succeeded', id: result.id, created: job.operation === 'insert' } : { values, outcome: 'failed', code: result.code, message: result.message, fields: result.fields };
  };
  /** One step of a job: `effect` takes place unless the call is lost before it, and its answer may be lost after it. */
  const step = <T>(action: WriteAction, effect: () => T): T => {
    ground.refuseCall(action);
    if (action === 'lost-before') throw ground.lost();
    const answer = effect();
    if (action === 'lost-after') throw ground.lost();
    return answer;
  };

  return {
    create: async ({ operation }) => {
      const { action } = ground.begin();
      return step(action, () => {
        const job: Job = { id: `750${String(jobs.size + 1).padStart(12, '0')}AAA`, operation, state: 'Open', records: null, results: [], action: 'ok', call: 0 };
        jobs.set(job.id, job);
        return told(job);
      });
    },
    upload: async ({ jobId, records }) => {
      const { action } = ground.begin();
      step(action, () => {
        const job = find(jobId);
        if (job.state !== 'Open' || job.records !== null) throw refused('INVALIDJOBSTATE');
        job.records = records.map((record) => ({ ...record }));
        job.results = records.map(() => null);
      });
    },
    close: async (jobId) => {
      const { call, action } = ground.begin();
      const job = find(jobId);
      await ground.announce(call, (job.records ?? []).map((record) => ground.sentOf(job.operation === 'update' ? 'update' : 'create', record)));
      return step(action, () => {
        if (job.state !== 'Open' || job.records === null) throw refused('INVALIDJOBSTATE');
        Object.assign(job, { action, call });
        begin(job);
        return told(job);
      });
    },
    abort: async (jobId) => {
      const { action } = ground.begin();
      return step(action, () => {
        const job = find(jobId);
        if (job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted') throw refused('INVALIDJOBSTATE');
        job.state = 'Aborted';
        return told(job);
      });
    },
    job: async (jobId) => ground.read(() => (jobs.has(jobId) ? told(find(jobId)) : null)),
    async *results(jobId) {
      const job = find(jobId);
      if (job.state !== 'JobComplete' && job.state !== 'Failed' && job.state !== 'Aborted') throw new AppFailure('org-unavailable', 'The job has not ended.');
      if (job.records === null) throw new AppFailure('org-unavailable', 'A job that was never given rows has no list of results.');
      // Rows come in no particular order.
      const order = job.results.map((_, index) => index).toSorted((one, other) => (one * 7 + 3) % 11 - ((other * 7 + 3) % 11));
      for (let start = 0; start < order.length; start += rowsPerPage) yield ground.read(() => order.slice(start, start + rowsPerPage).map((index) => rowOf(job, index)));
    },
  };
}
