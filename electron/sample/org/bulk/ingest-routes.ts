import { readJson, type Reply } from '../api-call.ts';
import { notFound, OrgRefusal } from '../org-refusal.ts';
import { externalIdField, requireWritable } from '../routes/write-context.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { findObject, type OrgObject } from '../schema.ts';
import { delimiters, formatCsv, parseCsv } from './csv.ts';
import { headerError } from './ingest-rows.ts';
import type { Job, JobRow, JobSettings, JobStore, RowGroup } from './job-store.ts';

const operations = new Set(['insert', 'update', 'upsert', 'delete']);
const uploadLimitBytes = 150 * 1024 * 1024;

const invalidJob = (message: string): OrgRefusal => new OrgRefusal(400, 'INVALIDJOB', message);
const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Reads the CSV settings a job is created with. */
export function csvSettings(body: Record<string, unknown>, version: string): Pick<JobSettings, 'columnDelimiter' | 'lineEnding' | 'apiVersion'> {
  const columnDelimiter = textOf(body['columnDelimiter'], 'COMMA');
  const lineEnding = textOf(body['lineEnding'], 'LF');
  if (!(columnDelimiter in delimiters)) throw invalidJob(`Unknown columnDelimiter: ${columnDelimiter}`);
  if (lineEnding !== 'LF' && lineEnding !== 'CRLF') throw invalidJob(`Unknown lineEnding: ${lineEnding}`);
  if (textOf(body['contentType'], 'CSV') !== 'CSV') throw invalidJob('Only contentType CSV is supported');
  return { columnDelimiter, lineEnding, apiVersion: Number(version) };
}

function create(jobs: JobStore, context: RouteContext): Reply {
  const body = readJson(context.call);
  const operation = textOf(body['operation'], '');
  if (!operations.has(operation)) throw invalidJob(`Unsupported operation: ${operation}`);
  const object = findObject(context.runtime.store.schema, textOf(body['object'], ''));
  if (!object) throw invalidJob(`Unknown object: ${textOf(body['object'], '')}`);
  requireWritable(object);
  const key = body['externalIdFieldName'];
  if (operation === 'upsert' && typeof key !== 'string') throw invalidJob('externalIdFieldName is required for upsert');
  const externalId = operation === 'upsert' ? { externalIdFieldName: externalIdField(object, String(key)).name } : {};
  const job = jobs.create('ingest', context.user.id, {
    operation,
    object: object.name,
    ...externalId,
    ...csvSettings(body, context.version),
  });
  return { status: 200, json: jobs.toJson(job) };
}

function upload(jobs: JobStore, context: RouteContext): Reply {
  const job = jobs.get('ingest', context.params[0] ?? '');
  if (job.state !== 'Open' || job.columns !== null) {
    throw new OrgRefusal(400, 'INVALIDJOBSTATE', `Can't upload to a job in state ${job.state} or one that has data`);
  }
  const type = context.call.header('content-type') ?? '';
  if (!type.startsWith('text/csv')) throw new OrgRefusal(415, 'UNSUPPORTED_MEDIA_TYPE', `Content type ${type} is not supported`);
  if (Buffer.byteLength(context.call.body) > uploadLimitBytes) throw new OrgRefusal(413, 'REQUEST_TOO_LARGE', 'The upload exceeds 150 MB');
  const text = context.call.body;
  const [firstLine = ''] = text.split('\n', 1);
  const isCrlf = firstLine.endsWith('\r');
  const [columns, ...rows] = parseCsv(text, delimiters[job.settings.columnDelimiter] ?? ',') ?? [];
  if (isCrlf !== (job.settings.lineEnding === 'CRLF')) {
    jobs.setState(job, 'Open', `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.settings.lineEnding}`);
  } else if (!columns) {
    jobs.setState(job, 'Open', 'InvalidBatch : The CSV data cannot be read');
  } else {
    const error = headerError(findObject(context.runtime.store.schema, job.settings.object) as OrgObject, columns);
    if (error !== undefined) jobs.setState(job, 'Open', error);
  }
  jobs.setColumns(job, columns ?? []);
  jobs.addRows(job, 0, rows);
  return { status: 201 };
}

function changeState(jobs: JobStore, context: RouteContext, begin: (job: Job) => void): Reply {
  const job = jobs.get('ingest', context.params[0] ?? '');
  const { state } = readJson(context.call);
  if (state === 'Aborted') {
    if (job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted') {
      throw new OrgRefusal(400, 'INVALIDJOBSTATE', `Can't abort a job in state ${job.state}`);
    }
    return { status: 200, json: jobs.toJson(jobs.setState(job, 'Aborted')) };
  }
  if (state !== 'UploadComplete' || job.state !== 'Open') {
    throw new OrgRefusal(400, 'INVALIDJOBSTATE', `Can't change state from ${job.state} to ${String(state)}`);
  }
  if (job.columns === null) throw new OrgRefusal(400, 'INVALIDJOBSTATE', 'No data was uploaded for the job');
  const closed = job.error === null ? jobs.setState(job, 'UploadComplete') : jobs.setState(job, 'Failed', job.error);
  if (closed.state === 'UploadComplete') begin(closed);
  return { status: 200, json: jobs.toJson(closed) };
}

const extraColumns: Readonly<Record<Exclude<RowGroup, 'all'>, readonly string[]>> = {
  successful: ['sf__Id', 'sf__Created'],
  failed: ['sf__Id', 'sf__Error'],
  unprocessed: [],
};

function extraCells(group: Exclude<RowGroup, 'all'>, row: JobRow): string[] {
  if (group === 'successful') return [row.recordId ?? '', String(row.created)];
  return group === 'failed' ? ['', row.error ?? ''] : [];
}

function results(jobs: JobStore, context: RouteContext): Reply {
  const job = jobs.get('ingest', context.params[0] ?? '');
  const name = (context.params[1] ?? '').toLowerCase();
  const group = name === 'successfulresults' ? 'successful' : name === 'failedresults' ? 'failed' : 'unprocessed';
  if (group === 'unprocessed' && name !== 'unprocessedrecords') throw notFound();
  const rows = jobs.rows(job, group).map((row) => [...extraCells(group, row), ...row.cells]);
  const header = [...extraColumns[group], ...(job.columns ?? [])];
  const lineEnd = job.settings.lineEnding === 'CRLF' ? '\r\n' : '\n';
  return {
    status: 200,
    text: formatCsv([header, ...rows], delimiters[job.settings.columnDelimiter] ?? ',', lineEnd),
    type: 'text/csv',
  };
}

/** Deletes a job that is not at work; what it wrote stays. */
export function removeJob(jobs: JobStore, job: Job): Reply {
  if (job.state === 'Open' || job.state === 'InProgress') {
    throw new OrgRefusal(400, 'INVALIDJOBSTATE', `Can't delete a job in state ${job.state}`);
  }
  jobs.remove(job);
  return { status: 204 };
}

/** The routes of Bulk API 2.0 ingest; `begin` starts the work on a closed job. */
export function ingestRoutes(jobs: JobStore, begin: (job: Job) => void): Route[] {
  const one = /^\/jobs\/ingest\/(\w+)$/;
  const find = (context: RouteContext): Job => jobs.get('ingest', context.params[0] ?? '');
  return [
    { method: 'POST', pattern: /^\/jobs\/ingest$/, answer: (context) => create(jobs, context) },
    {
      method: 'GET',
      pattern: /^\/jobs\/ingest$/,
      answer: () => ({ status: 200, json: { done: true, nextRecordsUrl: null, records: jobs.list('ingest').map(jobs.toJson) } }),
    },
    { method: 'PUT', pattern: /^\/jobs\/ingest\/(\w+)\/batches$/, answer: (context) => upload(jobs, context) },
    { method: 'PATCH', pattern: one, answer: (context) => changeState(jobs, context, begin) },
    { method: 'GET', pattern: one, answer: (context) => ({ status: 200, json: jobs.toJson(find(context)) }) },
    { method: 'DELETE', pattern: one, answer: (context) => removeJob(jobs, find(context)) },
    { method: 'GET', pattern: /^\/jobs\/ingest\/(\w+)\/(\w+)$/, answer: (context) => results(jobs, context) },
  ];
}
