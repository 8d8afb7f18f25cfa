import * as z from 'zod';
import { AppFailure, throwIfCancelled } from '../../../core/app-failure.ts';
import { bulkJobStates, type BulkIngest, type BulkJob, type BulkRow } from '../../../core/org-ports.ts';
import { readAnswer } from '../answers.ts';
import { checkRecords, isId } from '../check-records.ts';
import { unreadable } from '../http-failure.ts';
import type { OrgCalls, OrgRequest } from '../org-calls.ts';
import { identifier, isSameId } from '../soql.ts';
import { onlyOnce, readResultRows, type ResultList } from './read-results.ts';
import { writeCsv } from './write-csv.ts';

/** The slowest line that an upload is given time for. */
const slowestBytesPerMs = 100;
/** How long the results of a job may take, a row. */
const resultMsPerRow = 10;
const rowsPerPage = 2_000;
const what = 'Writing to Salesforce';

const countSchema = z.number().int().nonnegative();
const jobSchema = z.looseObject({
  id: z.string(),
  state: z.enum(bulkJobStates),
  object: z.string(),
  operation: z.string(),
  numberRecordsProcessed: countSchema.optional(),
  numberRecordsFailed: countSchema.optional(),
  errorMessage: z.string().nullish(),
});
type JobAnswer = z.infer<typeof jobSchema>;

const lists: readonly (readonly [ResultList, path: string])[] = [
  ['succeeded', 'successfulResults'],
  ['failed', 'failedResults'],
  ['unprocessed', 'unprocessedrecords'],
];

const toJob = ({ id, state, numberRecordsProcessed, numberRecordsFailed, errorMessage }: JobAnswer): BulkJob => ({
  id,
  state,
  processed: numberRecordsProcessed ?? 0,
  failed: numberRecordsFailed ?? 0,
  message: errorMessage ?? null,
});

function pathOf(jobId: string, part = ''): string {
  if (!isId(jobId)) throw new RangeError(`Not the id of a job: ${JSON.stringify(jobId)}`);
  return `/jobs/ingest/${jobId}${part}`;
}

function readJob(answer: unknown, jobId: string): JobAnswer {
  const job = readAnswer(jobSchema, answer, 'job');
  if (!isSameId(job.id, jobId)) throw unreadable('it is about another job');
  return job;
}

/** How many rows each list must hold; null where Salesforce does not promise it. */
function rowsPromised({ state, numberRecordsProcessed: processed, numberRecordsFailed: failed }: JobAnswer): Readonly<Record<ResultList, number>> | null {
  if (state !== 'JobComplete') return null;
  if (processed === undefined || failed === undefined || failed > processed) throw unreadable('a complete job does not say how many rows it had');
  return { succeeded: processed - failed, failed, unprocessed: 0 };
}

/**
 * Bulk API 2.0 ingest over plain requests.
 *
 * Shape:  columns, blanks and the largest upload are those of `writeCsv`. All lists of results are read and checked before the first row
 *         is given, so that none is given of a job whose results are wrong; then the rows come 2,000 a page. A list that must be empty is not asked for.
 * Errors: as the port says. Results that name a row twice, another record than the row does, or another number of rows than the job,
 *         are `org-unavailable`. An id that is none, a record without an Id among others, and what CSV cannot say are a RangeError.
 * Source: Bulk API 2.0 and Bulk API Developer Guide. jsforce's own bulk calls hang after an expired session, delete jobs whose results
 *         nobody has read, and take the columns from the first record only.
 */
export function bulkIngest(calls: OrgCalls): BulkIngest {
  const changeState = async (jobId: string, state: 'UploadComplete' | 'Aborted', reached: readonly BulkJob['state'][], signal: AbortSignal): Promise<BulkJob> => {
    throwIfCancelled(signal, what);
    return calls.write({ method: 'PATCH', path: pathOf(jobId), body: { state } }, signal, (answer) => {
      const job = readJob(answer, jobId);
      if (!reached.includes(job.state)) throw unreadable('the job is not in the state asked for');
      return toJob(job);
    });
  };

  const readState = <T>(jobId: string, signal: AbortSignal, read: (job: JobAnswer) => T): Promise<T> => calls.read({ method: 'GET', path: pathOf(jobId) }, signal, (answer) => read(readJob(answer, jobId)));

  return {
    create: async ({ object, operation }, signal) => {
      throwIfCancelled(signal, what);
      const body = { object: identifier(object), operation, contentType: 'CSV', lineEnding: 'LF', columnDelimiter: 'COMMA' };
      return calls.write({ method: 'POST', path: '/jobs/ingest', body }, signal, (answer) => {
        const job = readAnswer(jobSchema, answer, 'job');
        if (!isId(job.id) || job.state !== 'Open' || job.object.toLowerCase() !== object.toLowerCase() || job.operation !== operation) throw unreadable('it is not the job asked for');
        return toJob(job);
      });
    },
    upload: async ({ jobId, records }, signal) => {
      checkRecords(records, { withId: Object.hasOwn(records[0] ?? {}, 'Id'), most: Infinity });
      const { text, sizeBytes } = writeCsv(records);
      throwIfCancelled(signal, what);
      const request: OrgRequest = { method: 'PUT', path: pathOf(jobId, '/batches'), body: text, bodyType: 'text/csv; charset=UTF-8', answer: 'text', extraMs: sizeBytes / slowestBytesPerMs };
      await calls.write(request, signal, (answer) => {
        if (answer !== '' && answer !== undefined) throw unreadable('an upload is answered by nothing');
      });
    },
    close: (jobId, signal) => changeState(jobId, 'UploadComplete', ['UploadComplete', 'InProgress', 'JobComplete', 'Failed'], signal),
    abort: (jobId, signal) => changeState(jobId, 'Aborted', ['Aborted'], signal),
    job: async (jobId, signal) => {
      try {
        return await readState(jobId, signal, toJob);
      } catch (error) {
        const details = error instanceof AppFailure ? error.error.details : {};
        // An edge page may say 404 as well; only Salesforce's own word counts.
        if ('code' in details && details['code'] === 'NOT_FOUND' && 'status' in details && details['status'] === 404) return null;
        throw error;
      }
    },
    async *results(jobId, signal) {
      const { job, expectedRows } = await readState(jobId, signal, (found) => ({ job: found, expectedRows: rowsPromised(found) }));
      const { operation } = job;
      if (operation !== 'insert' && operation !== 'update') throw new RangeError(`The job is no insert and no update, but ${operation}.`);
      if (job.state === 'Open' || job.state === 'UploadComplete' || job.state === 'InProgress') throw new RangeError(`A job in state ${job.state} has no results yet.`);
      const once = onlyOnce(operation);
      const rows: BulkRow[] = [];
      for (const [list, path] of lists) {
        const expected = expectedRows?.[list] ?? null;
        if (expected === 0) continue;
        const request: OrgRequest = { method: 'GET', path: pathOf(jobId, `/${path}`), answer: 'text', extraMs: (job.numberRecordsProcessed ?? 0) * resultMsPerRow, headers: { accept: 'text/csv' } };
        await calls.read(request, signal, (answer) => {
          if (typeof answer !== 'string') throw unreadable('the results of the job are no text');
          const before = rows.length;
          for (const row of readResultRows(answer, list, operation)) {
            once(row);
            rows.push(row);
          }
          const count = rows.length - before;
          if (expected !== null && count !== expected) throw unreadable(`of ${expected} rows announced, ${count} came`);
        });
      }
      for (let start = 0; start < rows.length; start += rowsPerPage) yield rows.slice(start, start + rowsPerPage);
    },
  };
}
