import { isJsonObject, isTrue, readJson, type Reply } from '../api-call.ts';
import { OrgRefusal } from '../org-refusal.ts';
import type { Route, RouteContext } from '../runtime.ts';
import { findField, findObject, type OrgObject } from '../schema.ts';
import { idIdentity, looksLikeId } from '../salesforce-id.ts';
import { fieldsNamed, rowToRecord } from '../soql/run-query.ts';
import { createRecord, deleteRecord, refuseRecord, updateRecord, upsertRecord, type RecordResult } from '../write-record.ts';
import { objectNamed } from './discovery.ts';
import { externalIdField, requireWritable, writeContextOf } from './write-context.ts';

type JsonObject = Record<string, unknown>;

const recordLimit = 200;
const retrieveLimit = 2000;
const rolledBack = refuseRecord(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
);

function limitRecords(count: number, limit: number): void {
  if (count > limit) {
    throw new OrgRefusal(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${limit} records into this call`);
  }
}

function recordsOf(context: RouteContext): { records: JsonObject[]; allOrNone: boolean } {
  const body = readJson(context.call);
  const records = body['records'];
  if (!Array.isArray(records) || !records.every(isJsonObject)) {
    throw new OrgRefusal(400, 'JSON_PARSER_ERROR', 'Cannot deserialize instance of list from the field records');
  }
  limitRecords(records.length, recordLimit);
  const nested = records.flatMap((record) => Object.entries(record)).find(([name, value]) => name !== 'attributes' && typeof value === 'object' && value !== null);
  if (nested) {
    const start = Array.isArray(nested[1]) ? 'START_ARRAY value [' : 'START_OBJECT value {';
    throw new OrgRefusal(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of string from ${start}`);
  }
  return { records, allOrNone: isTrue(body['allOrNone']) };
}

function typeOf(context: RouteContext, record: JsonObject): OrgObject | RecordResult {
  const attributes = record['attributes'];
  const name = isJsonObject(attributes) ? attributes['type'] : undefined;
  const object = findObject(context.runtime.store.schema, typeof name === 'string' ? name : '');
  if (!object) return refuseRecord('INVALID_TYPE', `sObject type '${String(name)}' is not supported.`);
  if (!object.writable) return refuseRecord('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be written: ${object.name}`);
  return object;
}

const isResult = (value: OrgObject | RecordResult): value is RecordResult => 'success' in value;

/** Writes the records of one call in one transaction; with `allOrNone` one failure undoes them all. */
function writeAll(
  context: RouteContext,
  allOrNone: boolean,
  count: number,
  write: (index: number) => RecordResult,
  options: { withCreated?: boolean; idsOfRolledBack?: (index: number) => string } = {},
): Reply {
  const { db } = context.runtime.store;
  let results: RecordResult[] = [];
  const undone = new Error('rolled back');
  try {
    db.transaction(() => {
      results = Array.from({ length: count }, (_, index) => write(index));
      if (allOrNone && results.some((result) => !result.success)) throw undone;
    })();
  } catch (error) {
    if (error !== undone) throw error;
    results = results.map((result) => (result.success ? rolledBack : result));
  }
  if (context.runtime.wrongTypeFails === 'call') {
    const wrong = results.flatMap((result) => (result.success ? [] : result.errors)).find((error) => error.statusCode === 'INVALID_TYPE_ON_FIELD_IN_RECORD');
    if (wrong) throw new OrgRefusal(400, 'JSON_PARSER_ERROR', wrong.message);
  }
  const json = results.map((result, index) => {
    if (result.success) {
      return { id: result.id, success: true, errors: [], ...(options.withCreated ? { created: result.created } : {}) };
    }
    const id = result === rolledBack ? options.idsOfRolledBack?.(index) : undefined;
    return { ...(id === undefined ? {} : { id }), success: false, errors: result.errors };
  });
  return { status: 200, json };
}

function repeatedOf(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const text of texts) (seen.has(text) ? repeated : seen).add(text);
  repeated.delete('');
  return repeated;
}

function create(context: RouteContext): Reply {
  const { records, allOrNone } = recordsOf(context);
  const writing = writeContextOf(context);
  return writeAll(context, allOrNone, records.length, (index) => {
    const record = records[index] ?? {};
    const object = typeOf(context, record);
    return isResult(object) ? object : createRecord(writing, object, record, index);
  });
}

/** Takes the id out of a record of an update; in any letter case, as Salesforce accepts it. */
function splitId(record: JsonObject): { id: string; input: JsonObject } {
  const name = Object.keys(record).find((candidate) => candidate.toLowerCase() === 'id');
  if (name === undefined) return { id: '', input: record };
  const { [name]: id, ...input } = record;
  return { id: typeof id === 'string' ? id : '', input };
}

function update(context: RouteContext): Reply {
  const { records, allOrNone } = recordsOf(context);
  const writing = writeContextOf(context);
  const split = records.map(splitId);
  const repeated = repeatedOf(split.map((record) => idIdentity(record.id)));
  return writeAll(context, allOrNone, records.length, (index) => {
    const { id, input } = split[index] ?? { id: '', input: {} };
    const object = typeOf(context, records[index] ?? {});
    if (isResult(object)) return object;
    if (id === '') return refuseRecord('MISSING_ARGUMENT', 'Id not specified in an update call');
    if (repeated.has(idIdentity(id))) return refuseRecord('DUPLICATE_VALUE', `Duplicate id specified: ${id}`);
    const row = context.runtime.store.findById(object, id);
    if (row) return updateRecord(writing, object, row, input, { index });
    return unknownId(id);
  });
}

function unknownId(id: string): RecordResult {
  if (!looksLikeId(id)) return refuseRecord('MALFORMED_ID', `Record ID: id value of incorrect type: ${id}`, ['Id']);
  return refuseRecord('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
}

function upsert(context: RouteContext): Reply {
  const object = objectNamed(context, context.params[0]);
  requireWritable(object);
  const field = externalIdField(object, context.params[1]);
  const { records, allOrNone } = recordsOf(context);
  const writing = writeContextOf(context);
  const split = records.map((record) => {
    const name = Object.keys(record).find((candidate) => findField(object, candidate) === field);
    if (name === undefined) return { value: '', input: record };
    const { [name]: value, ...input } = record;
    return { value: typeof value === 'string' ? value.trim() : '', input };
  });
  const repeated = repeatedOf(split.map((record) => record.value));
  return writeAll(
    context,
    allOrNone,
    records.length,
    (index) => {
      const { value, input } = split[index] ?? { value: '', input: {} };
      const type = typeOf(context, { ...records[index], attributes: records[index]?.['attributes'] ?? { type: object.name } });
      if (isResult(type)) return type;
      if (type !== object) return refuseRecord('INVALID_TYPE', `sObject type '${type.name}' differs from that of the call`);
      if (value === '') return refuseRecord('MISSING_ARGUMENT', `${field.name} not specified`);
      if (repeated.has(value)) return refuseRecord('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`);
      if (field.name !== 'Id' && Object.keys(input).some((name) => name.toLowerCase() === 'id')) {
        return refuseRecord('INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']);
      }
      return upsertRecord(writing, object, { field, value }, input, index);
    },
    { withCreated: true },
  );
}

function remove(context: RouteContext): Reply {
  const ids = (context.call.query.get('ids') ?? '').split(',').map((id) => id.trim());
  if (ids[0] === '') throw new OrgRefusal(400, 'REQUIRED_FIELD_MISSING', 'ids is required');
  limitRecords(ids.length, recordLimit);
  const { store } = context.runtime;
  const writing = writeContextOf(context);
  const repeated = repeatedOf(ids.map(idIdentity));
  return writeAll(
    context,
    isTrue(context.call.query.get('allOrNone')),
    ids.length,
    (index) => {
      const id = ids[index] ?? '';
      if (repeated.has(idIdentity(id))) return refuseRecord('DUPLICATE_VALUE', `Duplicate id specified: ${id}`);
      for (const object of store.schema.filter((candidate) => candidate.writable)) {
        const row = store.findById(object, id);
        if (row) return deleteRecord(writing, object, row, { index });
      }
      return unknownId(id);
    },
    { idsOfRolledBack: (index) => ids[index] ?? '' },
  );
}

function retrieve(context: RouteContext, ids: readonly string[], names: readonly string[]): Reply {
  const object = objectNamed(context, context.params[0]);
  limitRecords(ids.length, retrieveLimit);
  const wanted = fieldsNamed(object, names);
  const fields = wanted.some((field) => field.name === 'Id') ? wanted : [...fieldsNamed(object, ['Id']), ...wanted];
  const json = ids.map((id) => {
    const row = context.runtime.store.findById(object, id);
    return row && row['IsDeleted'] !== 1 ? rowToRecord(object, fields, row, context.base) : null;
  });
  return { status: 200, json };
}

function textsOf(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new OrgRefusal(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of list from the field ${name}`);
}

export const collectionRoutes: readonly Route[] = [
  { method: 'POST', pattern: /^\/composite\/sobjects$/, answer: create },
  { method: 'PATCH', pattern: /^\/composite\/sobjects$/, answer: update },
  { method: 'DELETE', pattern: /^\/composite\/sobjects$/, answer: remove },
  { method: 'PATCH', pattern: /^\/composite\/sobjects\/(\w+)\/(\w+)$/, answer: upsert },
  {
    method: 'GET',
    pattern: /^\/composite\/sobjects\/(\w+)$/,
    answer: (context) => {
      const list = (name: string): string[] => (context.call.query.get(name) ?? '').split(',').map((text) => text.trim());
      return retrieve(context, list('ids'), list('fields'));
    },
  },
  {
    method: 'POST',
    pattern: /^\/composite\/sobjects\/(\w+)$/,
    answer: (context) => {
      const body = readJson(context.call);
      return retrieve(context, textsOf(body['ids'], 'ids'), textsOf(body['fields'], 'fields'));
    },
  },
];
