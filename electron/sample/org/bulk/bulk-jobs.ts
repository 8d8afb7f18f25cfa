import type { ApiCall, Reply } from '../api-call.ts';
import type { Faults } from '../faults.ts';
import type { OrgStore, OrgUser } from '../org-store.ts';
import type { Route } from '../runtime.ts';
import type { QueryRunner } from '../soql/run-query.ts';
import type { WriteContext } from '../write-record.ts';
import { answerAsyncQuery } from './async-query.ts';
import { bulkError, writeIngestRow } from './ingest-rows.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { createJobStore, type Job } from './job-store.ts';
import { queryJobRoutes } from './query-job-routes.ts';

/** The org's jobs: those of Bulk API 2.0, and the queries of Bulk API 1.0. */
export interface BulkJobs {
  routes: readonly Route[];
  /** Answers a signed-in call below `/services/async`. */
  answerAsync: (call: ApiCall, user: OrgUser) => Reply;
  /** Goes on with jobs that a stopped process left unfinished. */
  resume: () => void;
  /** Stops working on jobs; they stay as they are. */
  stop: () => void;
}

const usualRowsPerStep = 200;
const queryRowsPerStep = 2_000;

/** A job works without a call of its own; record faults are matched against the call that closed it. */
function closingCall(job: Job): ApiCall {
  return {
    id: job.id,
    method: 'PATCH',
    path: `/services/data/v${job.settings.apiVersion.toFixed(1)}/jobs/ingest/${job.id}`,
    query: new URLSearchParams(),
    body: JSON.stringify({ state: 'UploadComplete' }),
    header: () => undefined,
  };
}

/** Makes the org's bulk jobs. They work between calls, 200 rows in one transaction at a time, as Salesforce's triggers see them. */
export function createBulkJobs(options: { store: OrgStore; faults: Faults; queries: QueryRunner }): BulkJobs {
  const { store, faults, queries } = options;
  const jobs = createJobStore(store);
  let stopped = false;

  const later = (job: Job, waitMs: number, step: (job: Job) => boolean): void => {
    const work = (): void => {
      if (stopped) return;
      const now = jobs.find(job.id);
      if (!now || (now.state !== 'UploadComplete' && now.state !== 'InProgress')) return;
      if (store.db.transaction(() => step(now))()) later(now, waitMs, step);
    };
    if (waitMs > 0) setTimeout(work, waitMs).unref();
    else setImmediate(work);
  };

  const ingest = (job: Job): void => {
    const closing = closingCall(job);
    const injected = faults.forRecords([closing]);
    const { stepMs = 0, rowsPerStep = usualRowsPerStep, failAfterRows = Infinity } = faults.forJob(closing);
    let next = 0;
    later(job, stepMs, (now) => {
      if (now.state === 'UploadComplete') {
        jobs.setState(now, 'InProgress');
        return true;
      }
      const rows = jobs.nextRows(now, next, Math.min(rowsPerStep, failAfterRows - next));
      const context: WriteContext = { store, user: store.userById(now.userId) as OrgUser, call: now.id, form: 'csv', injected };
      for (const row of rows) {
        next = row.position + 1;
        const result = writeIngestRow(context, now, row);
        jobs.settleRow(now, row.position, result.success ? { recordId: result.id, created: result.created } : { error: bulkError(result.errors) });
      }
      if (next >= failAfterRows) {
        jobs.setState(now, 'Failed', 'InternalServerError : Too many attempts for batch');
        return false;
      }
      if (rows.length === rowsPerStep) return true;
      jobs.setState(now, 'JobComplete');
      return false;
    });
  };

  const query = (job: Job): void => {
    let position = 0;
    let pages: Iterator<(string | number | null)[][]> | undefined;
    later(job, 0, (now) => {
      const { settings } = now;
      const run = queries.rows({ soql: settings.query ?? '', includeDeleted: settings.operation === 'queryAll', pageSize: queryRowsPerStep });
      if (!pages) {
        pages = run.pages[Symbol.iterator]();
        jobs.setState(now, 'InProgress');
      }
      const page = pages.next();
      if (page.done) {
        jobs.setState(now, 'JobComplete');
        return false;
      }
      const cells = page.value.map((row) =>
        run.fields.map((field, index) => (field.type === 'boolean' ? String(row[index] === 1) : String(row[index] ?? ''))),
      );
      jobs.addRows(now, position, cells);
      position += cells.length;
      return true;
    });
  };

  const begin = (job: Job): void => (job.kind === 'ingest' ? ingest(job) : query(job));
  return {
    routes: [...ingestRoutes(jobs, begin), ...queryJobRoutes(jobs, begin)],
    answerAsync: (call, user) => store.db.transaction(() => answerAsyncQuery({ jobs, queries, begin }, call, user))(),
    resume: () => {
      for (const job of jobs.unfinished()) {
        // A query job holds nothing but its answer, so it starts anew.
        if (job.kind === 'query') jobs.clearRows(job);
        begin(job);
      }
    },
    stop: () => {
      stopped = true;
    },
  };
}
