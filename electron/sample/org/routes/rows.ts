import { readJson, isTrue, type Reply } from '../api-call.ts';
import { notFound, OrgRefusal } from '../org-refusal.ts';
import type { StoredRow } from '../org-value.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { findField, type OrgObject } from '../schema.ts';
import { fieldsNamed, rowToRecord } from '../soql/run-query.ts';
import { createRecord, deleteRecord, updateRecord, upsertRecord } from '../write-record.ts';
import { objectNamed } from './discovery.ts';
import { externalIdField, requireSuccess, requireWritable, writeContextOf } from './write-context.ts';

const gone = (): OrgRefusal => new OrgRefusal(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);

/** The live record a path names by its id. */
function rowById(context: RouteContext, object: OrgObject): StoredRow {
  const row = context.runtime.store.findById(object, context.params[1] ?? '');
  if (!row) throw notFound();
  if (row['IsDeleted'] === 1) throw gone();
  return row;
}

/** The records a path names by external id; refused when there is none. */
function rowsByKey(context: RouteContext, object: OrgObject): StoredRow[] {
  const field = externalIdField(object, context.params[1]);
  const value = context.params[2] ?? '';
  if (field.name === 'Id') return [rowById({ ...context, params: [object.name, value] }, object)];
  const rows = context.runtime.store.findByField(object, field, value, 10);
  if (rows.length === 0) throw notFound();
  return rows;
}

const severalMatches = (context: RouteContext, object: OrgObject, rows: readonly StoredRow[]): Reply => ({
  status: 300,
  json: rows.map((row) => `${context.base}/sobjects/${object.name}/${row['Id']}`),
});

/**
 * Compares a row with the date of a conditional header.
 *
 * Source: conditional requests of sObject Rows: whole seconds, 400 for a date that cannot be read, 412 when the record changed since.
 */
function checkUnmodified(context: RouteContext, row: StoredRow): void {
  const modified = Date.parse(String(row['LastModifiedDate']).replace('+0000', 'Z'));
  const read = (name: string): number | undefined => {
    const text = context.call.header(name);
    if (text === undefined) return undefined;
    const instant = Date.parse(text);
    if (Number.isNaN(instant)) throw new OrgRefusal(400, 'INVALID_ARGUMENT', `${name} is not a valid date: ${text}`);
    return Math.floor(instant / 1000) * 1000;
  };
  const unmodifiedSince = read('if-unmodified-since');
  const modifiedSince = read('if-modified-since');
  if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    throw new OrgRefusal(412, 'PRECONDITION_FAILED', 'The record was modified since the given date');
  }
  if (modifiedSince !== undefined && modified <= modifiedSince) {
    throw new OrgRefusal(412, 'PRECONDITION_FAILED', 'The record was not modified since the given date');
  }
}

function read(context: RouteContext, object: OrgObject, row: StoredRow): Reply {
  const since = context.call.header('if-modified-since');
  if (since !== undefined && Date.parse(String(row['LastModifiedDate']).replace('+0000', 'Z')) <= Date.parse(since)) return { status: 304 };
  const names = context.call.query.get('fields');
  const fields =
    names === null ? object.fields.filter((field) => field.visible !== false) : fieldsNamed(object, names.split(',').map((name) => name.trim()));
  return { status: 200, json: rowToRecord(object, fields, row, context.base) };
}

function create(context: RouteContext): Reply {
  const object = objectNamed(context, context.params[0]);
  requireWritable(object);
  const result = requireSuccess(createRecord(writeContextOf(context), object, readJson(context.call)));
  return {
    status: 201,
    headers: { location: `${context.base}/sobjects/${object.name}/${result.id}` },
    json: { id: result.id, success: true, errors: [] },
  };
}

function update(context: RouteContext): Reply {
  const object = objectNamed(context, context.params[0]);
  requireWritable(object);
  const row = rowById(context, object);
  const input = readJson(context.call);
  checkUnmodified(context, row);
  requireSuccess(updateRecord(writeContextOf(context), object, row, input));
  return { status: 204 };
}

function upsert(context: RouteContext): Reply {
  const object = objectNamed(context, context.params[0]);
  requireWritable(object);
  const field = externalIdField(object, context.params[1]);
  const value = context.params[2] ?? '';
  const input = readJson(context.call);
  const forbidden = Object.keys(input).find((name) => name.toLowerCase() === 'id' || findField(object, name) === field);
  if (forbidden !== undefined) {
    throw new OrgRefusal(400, 'INVALID_FIELD', `The ${forbidden} field should not be specified in the sobject data.`, [forbidden]);
  }
  const rows = field.name === 'Id' ? [] : context.runtime.store.findByField(object, field, value, 10);
  if (rows.length > 1) return severalMatches(context, object, rows);
  const [row] = rows;
  if (row) checkUnmodified(context, row);
  const match = { field, value, updateOnly: isTrue(context.call.query.get('updateOnly')) };
  const result = requireSuccess(upsertRecord(writeContextOf(context), object, match, input));
  return { status: result.created ? 201 : 200, json: { id: result.id, success: true, errors: [], created: result.created } };
}

function remove(context: RouteContext, rows: readonly StoredRow[], object: OrgObject): Reply {
  requireWritable(object);
  const [row] = rows;
  if (!row) throw notFound();
  if (rows.length > 1) return severalMatches(context, object, rows);
  requireSuccess(deleteRecord(writeContextOf(context), object, row));
  return { status: 204 };
}

export const rowRoutes: readonly Route[] = [
  { method: 'POST', pattern: /^\/sobjects\/(\w+)$/, answer: create },
  {
    method: 'GET',
    pattern: /^\/sobjects\/(\w+)\/([^/]+)$/,
    answer: (context) => {
      const object = objectNamed(context, context.params[0]);
      return read(context, object, rowById(context, object));
    },
  },
  {
    method: 'GET',
    pattern: /^\/sobjects\/(\w+)\/(\w+)\/([^/]+)$/,
    answer: (context) => {
      const object = objectNamed(context, context.params[0]);
      const [row, ...others] = rowsByKey(context, object);
      if (!row) throw notFound();
      return others.length > 0 ? severalMatches(context, object, [row, ...others]) : read(context, object, row);
    },
  },
  { method: 'PATCH', pattern: /^\/sobjects\/(\w+)\/([^/]+)$/, answer: update },
  { method: 'PATCH', pattern: /^\/sobjects\/(\w+)\/(\w+)\/([^/]+)$/, answer: upsert },
  {
    method: 'DELETE',
    pattern: /^\/sobjects\/(\w+)\/([^/]+)$/,
    answer: (context) => {
      const object = objectNamed(context, context.params[0]);
      return remove(context, [rowById(context, object)], object);
    },
  },
  {
    method: 'DELETE',
    pattern: /^\/sobjects\/(\w+)\/(\w+)\/([^/]+)$/,
    answer: (context) => {
      const object = objectNamed(context, context.params[0]);
      return remove(context, rowsByKey(context, object), object);
    },
  },
];
