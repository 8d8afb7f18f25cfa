import * as z from 'zod';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import type { OrgObject, OrgRecord, WriteResult } from '../../core/org-ports.ts';
import { unreadable } from './http-failure.ts';
import { isSameId } from './soql.ts';

/**
 * Reads an answer by its schema.
 *
 * Errors: throws the `unreadable` failure when the answer is anything else.
 */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw unreadable(`it is no ${what}`);
  return parsed.data;
}

export const queryPageSchema = z.looseObject({
  totalSize: z.number().int().nonnegative(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.unknown()),
});

export const fingerprintSchema = z.looseObject({ records: z.number().int().nonnegative(), latest: z.string().nullable() });

export const userInfoSchema = z.looseObject({ user_id: z.string().min(15), organization_id: z.string().min(15), preferred_username: z.string().min(1) });

export const resourcesSchema = z.looseObject({ identity: z.string().min(1) });

export const identitySchema = z.looseObject({ user_id: z.string().min(15), organization_id: z.string().min(15), username: z.string().min(1) });

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/u;

/** The form in which Salesforce writes every instant, on a day that every month has. */
const plainInstant = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}\+0000$/u;

/** `2026-01-01T00:00:00.000+0000` as ISO 8601 UTC with milliseconds and `Z`. */
function readInstant(text: string): string {
  if (plainInstant.test(text)) return `${text.slice(0, 23)}Z`;
  const millis = instantPattern.test(text) ? Date.parse(text.replace(/([+-]\d{2})(\d{2})$/u, '$1:$2')) : Number.NaN;
  if (Number.isNaN(millis)) throw unreadable('a date/time field holds no instant');
  return new Date(millis).toISOString();
}

function hasId(record: Readonly<Record<string, FieldValue>>): record is OrgRecord {
  return typeof record['Id'] === 'string' && record['Id'] !== '';
}

/**
 * Takes the fields asked for out of one record of an answer.
 *
 * Shape:  `instants` names the date/time fields. No other key of the answer is taken over.
 * Errors: throws `unreadable` when a field is missing or holds no plain value.
 */
export function readRecord(answer: unknown, fields: readonly string[], instants: ReadonlySet<string>): OrgRecord {
  if (typeof answer !== 'object' || answer === null) throw unreadable('a record is missing');
  const record: Record<string, FieldValue> = {};
  for (const field of fields) {
    const value: unknown = Object.hasOwn(answer, field) ? Reflect.get(answer, field) : undefined;
    const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
    if (!isPlain) throw unreadable(`field ${field} of a record is missing`);
    record[field] = typeof value === 'string' && instants.has(field) ? readInstant(value) : value;
  }
  if (!hasId(record)) throw unreadable('a record has no Id');
  return record;
}

/** One reason why Salesforce refused a record. */
export const writeErrorSchema = z.looseObject({
  statusCode: z.string().optional(),
  errorCode: z.string().optional(),
  message: z.string().default(''),
  fields: z.array(z.string()).nullish(),
});
/** What became of one new record. */
export const createdSchema = z.looseObject({ success: z.literal(true), id: z.string().min(15) });
const writeResultSchema = z.union([
  createdSchema,
  z.looseObject({ success: z.literal(false), errors: z.array(writeErrorSchema) }),
]);

/**
 * Reads what Salesforce said of each record of a collections call.
 *
 * Shape:  in the order of the request. `ids` are the records' own ids for an update, null for records that were new.
 * Errors: throws `unreadable` when the answer is not one entry per record, or names other records.
 * Source: sObject Collections, Salesforce REST API Developer Guide; the entries' errors carry `statusCode`.
 */
export function readWriteResults(answer: unknown, ids: readonly (string | null)[]): WriteResult[] {
  const entries = readAnswer(z.array(writeResultSchema).length(ids.length), answer, 'list with one result per record');
  const results = entries.map((entry, index): WriteResult => {
    if (entry.success) {
      const asked = ids[index] ?? null;
      if (asked !== null && !isSameId(asked, entry.id)) throw unreadable('a result names another record');
      return { ok: true, id: entry.id };
    }
    return refused(entry.errors, 'UNKNOWN_EXCEPTION');
  });
  assertDistinct(results, ids);
  return results;
}

/** The refusal of one record; `otherwise` is its code where Salesforce named none. */
export function refused(errors: readonly z.infer<typeof writeErrorSchema>[], otherwise: string): WriteResult {
  const [error] = errors;
  return {
    ok: false,
    code: error?.statusCode ?? error?.errorCode ?? otherwise,
    message: errors.map((one) => one.message).join('; '),
    fields: [...new Set(errors.flatMap((one) => one.fields ?? []))],
  };
}

/** Throws `unreadable` when one record is said to be two new ones. */
export function assertDistinct(results: readonly WriteResult[], ids: readonly (string | null)[]): void {
  const written = results.flatMap((result, index) => (result.ok && ids[index] === null ? [result.id] : []));
  if (new Set(written).size < written.length) throw unreadable('two results name one record');
}

const fieldSchema = z.looseObject({
  name: z.string().min(1),
  label: z.string().default(''),
  type: z.string().min(1),
  length: z.number().default(0),
  nillable: z.boolean(),
  createable: z.boolean(),
  updateable: z.boolean(),
  defaultedOnCreate: z.boolean().default(false),
  calculated: z.boolean().default(false),
  externalId: z.boolean().default(false),
  unique: z.boolean().default(false),
  caseSensitive: z.boolean().default(false),
  restrictedPicklist: z.boolean().default(false),
  picklistValues: z.array(z.looseObject({ active: z.boolean().default(true), value: z.string() })).nullish(),
});

const describeSchema = z.looseObject({
  name: z.string(),
  createable: z.boolean(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  fields: z.array(fieldSchema).min(1),
});

/** Reads a describe answer; only the active values of a picklist are taken over. */
export function readDescribe(answer: unknown): OrgObject {
  const object = readAnswer(describeSchema, answer, 'description of an object');
  return {
    name: object.name,
    createable: object.createable,
    updateable: object.updateable,
    deletable: object.deletable,
    fields: object.fields.map((field) => ({
      name: field.name,
      label: field.label === '' ? field.name : field.label,
      type: field.type,
      length: field.length,
      nillable: field.nillable,
      createable: field.createable,
      updateable: field.updateable,
      defaultedOnCreate: field.defaultedOnCreate,
      calculated: field.calculated,
      externalId: field.externalId,
      unique: field.unique,
      caseSensitive: field.caseSensitive,
      restrictedPicklist: field.restrictedPicklist,
      picklistValues: (field.picklistValues ?? []).flatMap((one) => (one.active ? [one.value] : [])),
    })),
  };
}
