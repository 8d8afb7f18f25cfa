import { isJsonObject, isTrue, readJson, type ApiCall, type Reply } from './api-call.ts';
import type { FaultSpec } from './faults.ts';
import { notFound, OrgRefusal } from './org-refusal.ts';
import type { StoredRow } from './org-value.ts';
import { toJsonValue } from './org-value.ts';
import type { OrgRuntime } from './runtime.ts';
import { requireSuccess } from './routes/write-context.ts';
import { findField, stagingKeyField, type OrgField } from './schema.ts';
import { deleteRecord, updateRecord, type WriteContext } from './write-record.ts';

/** The user on whose behalf the control endpoint changes records behind the app's back. */
export const otherUsername = 'someone.else@sample-org.example';

const faultActions = new Set([
  'delayMs',
  'status',
  'body',
  'headers',
  'html',
  'unauthorized',
  'drop',
  'effectAfterMs',
  'effectThen',
  'truncateJson',
  'recordErrors',
  'lockRows',
  'job',
]);

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function readFault(value: Record<string, unknown>): FaultSpec {
  const { match, times, action } = value;
  const refuse = (what: string): OrgRefusal => new OrgRefusal(400, 'INVALID_FAULT', what);
  if (!isJsonObject(action)) throw refuse('action is required');
  const unknown = Object.keys(action).find((name) => !faultActions.has(name));
  if (unknown !== undefined) throw refuse(`unknown action: ${unknown}`);
  if (times !== undefined && typeof times !== 'number') throw refuse('times is a number');
  if (match !== undefined && !isJsonObject(match)) throw refuse('match is an object');
  const path = match?.['path'];
  if (typeof path === 'string' && !isPattern(path)) throw refuse(`path is no regular expression: ${path}`);
  return value as unknown as FaultSpec;
}

function recordNamed(runtime: OrgRuntime, name: string): StoredRow {
  const { store } = runtime;
  const key = findField(store.staging, stagingKeyField) as OrgField;
  const row = store.findById(store.staging, name) ?? store.findByField(store.staging, key, name, 1)[0];
  if (!row) throw notFound(`no record with id or key ${name}`);
  return row;
}

function changeRecord(runtime: OrgRuntime, call: ApiCall, name: string): Reply {
  const { store } = runtime;
  const writing: WriteContext = { store, user: store.userNamed(otherUsername), call: call.id, form: 'json', injected: () => undefined };
  const row = recordNamed(runtime, name);
  const result = store.db.transaction(() =>
    call.method === 'DELETE'
      ? deleteRecord(writing, store.staging, row, { operation: 'behind' })
      : updateRecord(writing, store.staging, row, readJson(call), { operation: 'behind' }),
  )();
  return { status: 200, json: { id: requireSuccess(result).id } };
}

const count = (call: ApiCall, otherwise: number, most: number): number => {
  const text = call.query.get('limit');
  return text === null || !/^\d+$/.test(text) ? otherwise : Math.min(Number(text), most);
};

function journal(runtime: OrgRuntime, call: ApiCall): Reply {
  const limit = count(call, 1_000, 10_000);
  const rows = runtime.store
    .prepare('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(Number(call.query.get('after') ?? 0) || 0, limit) as Record<string, string | number | null>[];
  const entries = rows.map(({ record_id: recordId, external_key: externalKey, before, after, ...row }) => ({
    ...row,
    recordId,
    externalKey,
    before: before === null ? null : JSON.parse(String(before)),
    after: after === null ? null : JSON.parse(String(after)),
  }));
  const last = runtime.store.prepare('SELECT coalesce(MAX(seq), 0) AS seq FROM journal').get() as { seq: number };
  return { status: 200, json: { entries, next: rows.length === limit ? rows.at(-1)?.['seq'] : null, last: last.seq } };
}

function records(runtime: OrgRuntime, call: ApiCall): Reply {
  const { staging, prepare } = runtime.store;
  const limit = count(call, 2_000, 10_000);
  const live = isTrue(call.query.get('deleted')) ? 'IsDeleted = 1' : '+IsDeleted = 0';
  const rows = prepare(`SELECT * FROM "${staging.name}" WHERE Id > ? AND ${live} ORDER BY Id LIMIT ?`).all(
    call.query.get('after') ?? '',
    limit,
  ) as StoredRow[];
  const json = rows.map((row) => Object.fromEntries(staging.fields.map((field) => [field.name, toJsonValue(field, row[field.name])])));
  return { status: 200, json: { records: json, next: rows.length === limit ? rows.at(-1)?.['Id'] : null } };
}

/**
 * Answers the control endpoint, by which tests and demonstrations disturb the org and see what really happened in it.
 * It needs no sign-in, is counted against no limit and is hit by no fault.
 *
 * A fault that answers (`status`, `html`, `unauthorized`, `effectThen`) also hits a part of a Composite call that matches; record faults hit
 * parts, and rows of the bulk job that a matching call closes. Every step of a bulk job is a call of its own.
 *
 * | call below `/_control` | does |
 * |---|---|
 * | `POST /faults` `{match?, times?, action}` | adds a fault, answers `{id}`; all parts of `match` must hold: `method`, `path` (regular expression on the path), `bodyIncludes` (text in body or decoded query), `after` (matches to let pass first); `times` 1 by default, -1 always |
 * | … action `{delayMs}` | waits before the call takes effect; goes with any other action |
 * | … action `{status, body?, headers?}`, `{html, status?}`, `{unauthorized: true}` | answers so, without effect |
 * | … action `{drop}` | closes the connection `before-effect`, `after-effect`, or `mid-body` (effect, half an answer) |
 * | … action `{drop: 'before-effect', effectAfterMs}` | closes the connection now and takes effect that much later; the call is logged then, with the status that nobody has seen |
 * | … action `{effectThen: {status, body?}}` | takes effect, then answers so |
 * | … action `{truncateJson: true}` | takes effect, answers 200 with half of the JSON |
 * | … action `{recordErrors: [{key, id or index, statusCode, message, fields?}]}` | refuses these records of a write; used up once per call that holds one of them |
 * | … action `{lockRows: {keys?, ids?, times?}}` | refuses each of these records `times` times (default 1) with UNABLE_TO_LOCK_ROW, whatever the fault's own `times` |
 * | … action `{job: {rowsPerStep?, stepMs?, failAfterRows?}}` | of the bulk job that the matching call closes: it works that many rows a step, waits before each step, ends as Failed after that many rows; until the org is restarted |
 * | `GET /faults`, `DELETE /faults` | lists the faults with how often each was seen and used; removes all |
 * | `POST /tokens/expire`, `POST /tokens/revoke` | ends all access tokens; ends refresh tokens too |
 * | `PATCH /records/{id or key}` `{field: value}` | changes a record as another user, journalled as `behind` |
 * | `DELETE /records/{id or key}` | deletes a record as another user, journalled as `behind` |
 * | `GET /records?after=ID&limit=N&deleted=true` | all fields of live (or deleted) records by Id: `{records, next}` |
 * | `GET /journal?after=SEQ&limit=N` | effects in order: `{entries: [{seq, at, call, actor, operation, object, recordId, externalKey, before, after}], next, last}` |
 * | `GET /calls`, `DELETE /calls` | `{total, writes, byRoute, recent, apiUsed}` since the start or the last DELETE |
 */
export function answerControl(runtime: OrgRuntime, call: ApiCall): Reply {
  const path = call.path.slice('/_control'.length).replace(/\/$/, '');
  const route = `${call.method} ${path}`;
  if (route === 'POST /faults') return { status: 201, json: { id: runtime.faults.add(readFault(readJson(call))) } };
  if (route === 'GET /faults') return { status: 200, json: { faults: runtime.faults.list() } };
  if (route === 'DELETE /faults') {
    runtime.faults.clear();
    return { status: 204 };
  }
  if (route === 'POST /tokens/expire') {
    runtime.tokens.expireAll();
    return { status: 204 };
  }
  if (route === 'POST /tokens/revoke') {
    runtime.tokens.revokeAll();
    return { status: 204 };
  }
  if (route === 'GET /journal') return journal(runtime, call);
  if (route === 'GET /records') return records(runtime, call);
  if (route === 'GET /calls') return { status: 200, json: { ...runtime.calls.summary(), apiUsed: runtime.apiUsed() } };
  if (route === 'DELETE /calls') {
    runtime.calls.clear();
    return { status: 204 };
  }
  const [, name] = /^\/records\/([^/]+)$/.exec(path) ?? [];
  if (name !== undefined && (call.method === 'PATCH' || call.method === 'DELETE')) {
    return changeRecord(runtime, call, decodeURIComponent(name));
  }
  throw notFound();
}
