import type { ApiCall, Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import type { OrgUser } from '../org-store.ts';
import { formatInstant } from '../org-value.ts';
import type { QueryRunner } from '../soql/run-query.ts';
import { elementText, escapeXml } from '../xml.ts';
import { formatCsv } from './csv.ts';
import type { Job, JobState, JobStore } from './job-store.ts';

const namespace = 'http://www.force.com/2009/06/asyncapi/dataload';

const batchStates: Readonly<Record<JobState, string>> = {
  Open: 'Queued',
  UploadComplete: 'Queued',
  InProgress: 'InProgress',
  JobComplete: 'Completed',
  Failed: 'Failed',
  Aborted: 'Not Processed',
};

/** A job has one batch, and that one result; both are known by the id of the job under their own prefix. */
const batchIdOf = (job: Job): string => `751${job.id.slice(3)}`;
const resultIdOf = (job: Job): string => `752${job.id.slice(3)}`;

function xml(status: number, root: string, elements: Readonly<Record<string, string | number>>): Reply {
  const content = Object.entries(elements).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  return { status, text: `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${namespace}">${content.join('')}</${root}>`, type: 'application/xml' };
}

/** How Bulk API 1.0 words a refusal. */
export function asyncRefusal(status: number, exceptionCode: string, exceptionMessage: string): Reply {
  return xml(status, 'error', { exceptionCode, exceptionMessage });
}

function jobInfo(status: number, jobs: JobStore, job: Job): Reply {
  const at = formatInstant(job.createdAt);
  const state = job.state === 'Aborted' ? 'Aborted' : job.settings.closed === true ? 'Closed' : 'Open';
  return xml(status, 'jobInfo', {
    id: job.id,
    operation: 'query',
    object: job.settings.object,
    createdById: job.userId,
    createdDate: at,
    systemModstamp: at,
    state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    numberBatchesTotal: job.columns === null && job.error === null ? 0 : 1,
    numberRecordsProcessed: jobs.count(job, 'all'),
    apiVersion: job.settings.apiVersion,
  });
}

function batchInfo(status: number, jobs: JobStore, job: Job): Reply {
  const at = formatInstant(job.createdAt);
  return xml(status, 'batchInfo', {
    id: batchIdOf(job),
    jobId: job.id,
    state: batchStates[job.state],
    ...(job.error === null ? {} : { stateMessage: job.error }),
    createdDate: at,
    systemModstamp: at,
    numberRecordsProcessed: jobs.count(job, 'all'),
  });
}

export interface AsyncQueryParts {
  jobs: JobStore;
  queries: QueryRunner;
  /** Starts the work on a query. */
  begin: (job: Job) => void;
}

function create({ jobs }: AsyncQueryParts, call: ApiCall, user: OrgUser, version: number): Reply {
  const [operation, object] = [elementText(call.body, 'operation'), elementText(call.body, 'object')];
  if (operation !== 'query') return asyncRefusal(400, 'InvalidOperation', `The simulated org takes no ${operation} by Bulk API 1.0`);
  const settings = { operation, object, columnDelimiter: 'COMMA', lineEnding: 'LF', apiVersion: version };
  return jobInfo(201, jobs, jobs.setState(jobs.create('query', user.id, settings), 'Open'));
}

function addBatch({ jobs, queries, begin }: AsyncQueryParts, call: ApiCall, job: Job): Reply {
  if (job.state !== 'Open' || job.settings.closed === true) return asyncRefusal(400, 'InvalidJobState', 'The job takes no more batches');
  const given = jobs.setSettings(job, { ...job.settings, query: call.body });
  try {
    const { fields } = queries.rows({ soql: call.body, includeDeleted: false, pageSize: 1 });
    jobs.setColumns(given, fields.map((field) => field.name));
  } catch (error) {
    if (!(error instanceof OrgRefusal)) throw error;
    return batchInfo(201, jobs, jobs.setState(given, 'Failed', `InvalidBatch : Failed to process query: ${error.errors[0]?.errorCode}: ${error.message}`));
  }
  const queued = jobs.setState(given, 'UploadComplete');
  begin(queued);
  return batchInfo(201, jobs, queued);
}

function changeState(jobs: JobStore, call: ApiCall, job: Job): Reply {
  const state = elementText(call.body, 'state');
  if (state === 'Aborted') return jobInfo(200, jobs, jobs.setState(job, 'Aborted'));
  if (state !== 'Closed') return asyncRefusal(400, 'InvalidJobState', `Can't change the state to ${state}`);
  return jobInfo(200, jobs, jobs.setSettings(job, { ...job.settings, closed: true }));
}

function rows(jobs: JobStore, job: Job): Reply {
  const cells = jobs.rowsFrom(job, 0, jobs.count(job, 'all')).map((row) => row.cells);
  return { status: 200, text: formatCsv([job.columns ?? [], ...cells], ',', '\n'), type: 'text/csv' };
}

/**
 * Answers a call of Bulk API 1.0, of which the org knows queries with one batch, in XML and CSV: older tools read large tables so.
 *
 * Errors: never throws for what it does not know; refuses it in the words of that API.
 * Source: Bulk API 1.0 in the Bulk API Developer Guide, "Bulk Query", and the calls that jsforce 1.11 makes.
 */
export function answerAsyncQuery(parts: AsyncQueryParts, call: ApiCall, user: OrgUser): Reply {
  const { jobs } = parts;
  const [, version = '', jobId, batches, batchId, results, resultId] =
    /^\/services\/async\/(\d{2}\.0)\/job(?:\/(\w+)(?:(\/batch)(?:\/(\w+)(?:(\/result)(?:\/(\w+))?)?)?)?)?\/?$/.exec(call.path) ?? [];
  if (version === '') return asyncRefusal(400, 'InvalidUrl', `Destination URL not known: ${call.path}`);
  if (jobId === undefined) {
    return call.method === 'POST' ? create(parts, call, user, Number(version)) : asyncRefusal(405, 'InvalidOperation', 'Jobs are created by POST');
  }
  const job = jobs.find(jobId);
  if (job?.kind !== 'query') return asyncRefusal(400, 'InvalidJob', `Unable to find object: ${jobId}`);
  const isRead = call.method === 'GET';
  if (batches === undefined) return isRead ? jobInfo(200, jobs, job) : changeState(jobs, call, job);
  if (batchId === undefined) return isRead ? asyncRefusal(405, 'InvalidOperation', 'Batches are added by POST') : addBatch(parts, call, job);
  if (batchId !== batchIdOf(job)) return asyncRefusal(400, 'InvalidBatch', `Unable to find batch: ${batchId}`);
  if (results === undefined) return batchInfo(200, jobs, job);
  if (job.state !== 'JobComplete') return asyncRefusal(400, 'InvalidBatch', 'Batch not completed');
  if (resultId === undefined) return xml(200, 'result-list', { result: resultIdOf(job) });
  return resultId === resultIdOf(job) ? rows(jobs, job) : asyncRefusal(400, 'InvalidBatch', `Unable to find result: ${resultId}`);
}
