import { readJson, type Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { delimiters, formatCsv } from './csv.ts';
import { csvSettings, removeJob } from './ingest-routes.ts';
import type { Job, JobStore } from './job-store.ts';

const defaultPageRows = 50_000;

function create(jobs: JobStore, context: RouteContext, begin: (job: Job) => void): Reply {
  const body = readJson(context.call);
  const { operation, query } = body;
  if ((operation !== 'query' && operation !== 'queryAll') || typeof query !== 'string') {
    throw new OrgRefusal(400, 'INVALIDJOB', 'operation query or queryAll, and a query are required');
  }
  const { fields, object } = context.runtime.queries.rows({ soql: query, includeDeleted: operation === 'queryAll', pageSize: 1 });
  const job = jobs.create('query', context.user.id, { operation, object: object.name, query, ...csvSettings(body, context.version) });
  jobs.setColumns(
    job,
    fields.map((field) => field.name),
  );
  begin(jobs.get('query', job.id));
  return { status: 200, json: jobs.toJson(job) };
}

function results(jobs: JobStore, context: RouteContext): Reply {
  const job = jobs.get('query', context.params[0] ?? '');
  if (job.state !== 'JobComplete') throw new OrgRefusal(400, 'INVALIDJOBSTATE', `The job is in state ${job.state}`);
  const locator = context.call.query.get('locator');
  const start = locator === null ? 0 : Number(Buffer.from(locator, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) throw new OrgRefusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  const limit = Math.max(1, Number(context.call.query.get('maxRecords') ?? defaultPageRows) || defaultPageRows);
  const rows = jobs.rowsFrom(job, start, limit);
  const next = start + rows.length < jobs.count(job, 'all') ? Buffer.from(String(start + rows.length)).toString('base64url') : 'null';
  const lineEnd = job.settings.lineEnding === 'CRLF' ? '\r\n' : '\n';
  return {
    status: 200,
    text: formatCsv([job.columns ?? [], ...rows.map((row) => row.cells)], delimiters[job.settings.columnDelimiter] ?? ',', lineEnd),
    type: 'text/csv',
    headers: { 'sforce-locator': next, 'sforce-numberofrecords': String(rows.length) },
  };
}

function abort(jobs: JobStore, context: RouteContext): Reply {
  const job = jobs.get('query', context.params[0] ?? '');
  if (readJson(context.call)['state'] !== 'Aborted' || (job.state !== 'UploadComplete' && job.state !== 'InProgress')) {
    throw new OrgRefusal(400, 'INVALIDJOBSTATE', `Can't abort a job in state ${job.state}`);
  }
  return { status: 200, json: jobs.toJson(jobs.setState(job, 'Aborted')) };
}

/** The routes of Bulk API 2.0 query; `begin` starts the work on a new job. */
export function queryJobRoutes(jobs: JobStore, begin: (job: Job) => void): Route[] {
  const one = /^\/jobs\/query\/(\w+)$/;
  const find = (context: RouteContext): Job => jobs.get('query', context.params[0] ?? '');
  return [
    { method: 'POST', pattern: /^\/jobs\/query$/, answer: (context) => create(jobs, context, begin) },
    {
      method: 'GET',
      pattern: /^\/jobs\/query$/,
      answer: () => ({ status: 200, json: { done: true, nextRecordsUrl: null, records: jobs.list('query').map(jobs.toJson) } }),
    },
    { method: 'GET', pattern: one, answer: (context) => ({ status: 200, json: jobs.toJson(find(context)) }) },
    { method: 'PATCH', pattern: one, answer: (context) => abort(jobs, context) },
    { method: 'DELETE', pattern: one, answer: (context) => removeJob(jobs, find(context)) },
    { method: 'GET', pattern: /^\/jobs\/query\/(\w+)\/results$/, answer: (context) => results(jobs, context) },
  ];
}
