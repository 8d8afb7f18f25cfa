import * as z from 'zod';
import { throwIfCancelled } from '../../core/app-failure.ts';
import type { Org, WriteResult } from '../../core/org-ports.ts';
import { assertDistinct, createdSchema, readAnswer, refused, writeErrorSchema } from './answers.ts';
import { checkRecords, isId } from './check-records.ts';
import { HttpFailure, unreadable } from './http-failure.ts';
import type { OrgCalls } from './org-calls.ts';
import { identifier, isSameId } from './soql.ts';

const maxSubrequests = 25;

interface Subrequest {
  method: 'POST' | 'PATCH';
  url: string;
  body: Readonly<Record<string, unknown>>;
  httpHeaders?: Readonly<Record<string, string>>;
}

const subanswerSchema = z.looseObject({ body: z.unknown(), httpStatusCode: z.number().int(), referenceId: z.string() });
type Subanswer = z.infer<typeof subanswerSchema>;

const referenceOf = (index: number): string => `record${index}`;

/** `2026-01-01T00:00:00.000Z` as an HTTP date. Source: RFC 9110, section 5.6.7; it has whole seconds. */
function httpDate(instant: string): string {
  const millis = Date.parse(instant);
  if (Number.isNaN(millis)) throw new RangeError(`Not an instant: ${JSON.stringify(instant)}`);
  return new Date(millis).toUTCString();
}

/** Reads what became of one record; `id` is its own, null for one that was new. */
function readSubanswer({ body, httpStatusCode: status }: Subanswer, id: string | null): WriteResult {
  const errors = z.array(writeErrorSchema).safeParse(body);
  if (status === 401 || status === 429 || status >= 500 || errors.data?.[0]?.errorCode === 'REQUEST_LIMIT_EXCEEDED') {
    // That says nothing about the record, which may even be written; others beside it are. All of them have to be looked at.
    throw new HttpFailure({ kind: 'unreadable', code: `SUBREQUEST_${status}`, message: `A part of the call was answered with HTTP status ${status}.`, status });
  }
  if (status >= 400) {
    // Salesforce documents no body for a failed precondition.
    if (status === 412) return { ok: false, code: 'PRECONDITION_FAILED', message: errors.data?.[0]?.message ?? '', fields: [] };
    if (!errors.success || errors.data.length === 0) throw unreadable('a refusal does not say why');
    return refused(errors.data, `HTTP_${status}`);
  }
  if (id === null) {
    if (status !== 201) throw unreadable('a new record was not answered as one');
    return { ok: true, id: readAnswer(createdSchema, body, 'result of a new record').id };
  }
  if (status !== 200 && status !== 204) throw unreadable('a changed record was not answered as one');
  const named = z.looseObject({ id: z.string(), success: z.literal(true) }).safeParse(body);
  if (body !== null && body !== undefined && body !== '' && !(named.success && isSameId(named.data.id, id))) throw unreadable('a result names another record');
  return { ok: true, id };
}

/**
 * Reads the answer to a Composite call of single writes.
 *
 * Shape:  in the order of the request. `ids` are the records' own ids for an update, null for records that were new.
 * Errors: throws `HttpFailure` when the answer is not exactly one entry per record under its own reference, or when a part of the
 *         call was answered with 401, 429, 5xx or the daily limit: then no result counts.
 * Source: Composite resource, Salesforce REST API Developer Guide: `compositeResponse` has the order of the request.
 */
export function readCompositeResults(answer: unknown, ids: readonly (string | null)[]): WriteResult[] {
  const schema = z.looseObject({ compositeResponse: z.array(subanswerSchema).length(ids.length) });
  const { compositeResponse } = readAnswer(schema, answer, 'list with one answer per record');
  if (compositeResponse.some((one, index) => one.referenceId !== referenceOf(index))) throw unreadable('an answer belongs to no record, or to another one');
  const results = compositeResponse.map((one, index) => readSubanswer(one, ids[index] ?? null));
  assertDistinct(results, ids);
  return results;
}

/**
 * Single writes, up to 25 in one call: each stands by itself, and updates may carry a precondition.
 *
 * Errors: throws `OrgCallError`; `AppFailure` (`not-signed-in`, `cancelled`) only when nothing was processed. More records than a call
 *         can carry, and an instant that is none, are a RangeError.
 * Source: Composite: 25 subrequests. Conditional requests of sObject Rows: `If-Unmodified-Since` compares whole seconds of
 *         LastModifiedDate and answers 412 (Salesforce REST API Developer Guide).
 */
export function strictWrites(calls: OrgCalls, apiVersion: string): Pick<Org, 'insertStrict' | 'updateStrict'> {
  const rows = (object: string): string => `/services/data/v${apiVersion}/sobjects/${identifier(object)}`;
  const send = async (subrequests: readonly Subrequest[], ids: readonly (string | null)[], signal: AbortSignal): Promise<WriteResult[]> => {
    throwIfCancelled(signal, 'Writing to Salesforce');
    if (subrequests.length === 0) return [];
    const compositeRequest = subrequests.map((one, index) => ({ ...one, referenceId: referenceOf(index) }));
    return calls.write({ method: 'POST', path: '/composite', body: { allOrNone: false, compositeRequest } }, signal, (answer) => readCompositeResults(answer, ids));
  };

  return {
    insertStrict: async ({ object, records }, signal) => {
      checkRecords(records, { withId: false, most: maxSubrequests });
      const subrequests = records.map((body): Subrequest => ({ method: 'POST', url: rows(object), body }));
      return send(subrequests, records.map(() => null), signal);
    },
    updateStrict: async ({ object, records }, signal) => {
      checkRecords(records.map(({ record }) => record), { withId: true, most: maxSubrequests });
      const subrequests = records.map(({ record: { Id, ...body }, unmodifiedSince }): Subrequest => {
        if (!isId(Id)) throw new RangeError('A record to update has no Id.');
        return { method: 'PATCH', url: `${rows(object)}/${Id}`, httpHeaders: { 'If-Unmodified-Since': httpDate(unmodifiedSince) }, body };
      });
      return send(subrequests, records.map(({ record }) => record.Id), signal);
    },
  };
}
