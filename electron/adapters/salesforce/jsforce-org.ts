import * as z from 'zod';
import { throwIfCancelled } from '../../core/app-failure.ts';
import { salesforceLateEffectMs, type Org, type OrgObject, type OrgRecord } from '../../core/org-ports.ts';
import { fingerprintSchema, queryPageSchema, readAnswer, readDescribe, readRecord, readWriteResults } from './answers.ts';
import { bulkIngest } from './bulk/bulk-ingest.ts';
import { checkRecords } from './check-records.ts';
import { unreadable } from './http-failure.ts';
import { isLoopback } from './org-connection.ts';
import { loginOrigin } from './sign-in.ts';
import { openOrgCalls, type JsforceOrgOptions, type OrgRequest } from './org-calls.ts';
import { readIdentity } from './read-identity.ts';
import { readQuery } from './read-query.ts';
import { fieldList, identifier, isSameId, keyQueries, queryPath } from './soql.ts';
import { strictWrites } from './strict-writes.ts';

/** A server on this computer is no Salesforce: it is done with a call soon after its connection is gone. */
const loopbackLateEffectMs = 2_000;
const maxWriteRecords = 200;
const maxRetrieveIds = 2_000;
/** Queries by key that run at the same time. */
const parallelQueries = 4;

/**
 * An org over jsforce.
 *
 * Shape:  one HTTP call per write, never repeated by itself. The fields of an object are described once to tell date/times from texts.
 * Errors: `invalid-input` for an unsafe address. Reads throw `AppFailure`; writes throw `OrgCallError`, and `AppFailure` (`not-signed-in`,
 *         `cancelled`) only when nothing was processed. More records or ids than a call can carry is a RangeError.
 * Source: sObject Collections: 200 records a write, 2,000 ids a retrieve (Salesforce REST API Developer Guide).
 */
export function jsforceOrg(options: JsforceOrgOptions): Org {
  const calls = openOrgCalls(options);
  const instantFields = new Map<string, { known: ReadonlySet<string>; instants: ReadonlySet<string> }>();

  const describe = async (object: string, signal: AbortSignal): Promise<OrgObject> => {
    const described = await calls.read({ method: 'GET', path: `/sobjects/${identifier(object)}/describe` }, signal, readDescribe);
    const instants = described.fields.filter((field) => field.type === 'datetime').map((field) => field.name);
    instantFields.set(object, { known: new Set(described.fields.map((field) => field.name)), instants: new Set(instants) });
    return described;
  };

  const instantsOf = async (object: string, fields: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> => {
    const known = instantFields.get(object);
    if (known && fields.every((field) => known.known.has(field))) return known.instants;
    await describe(object, signal);
    return instantFields.get(object)?.instants ?? new Set();
  };

  const write = async (method: OrgRequest['method'], records: readonly Record<string, unknown>[], ids: readonly (string | null)[], signal: AbortSignal) => {
    throwIfCancelled(signal, 'Writing to Salesforce');
    if (records.length === 0) return [];
    return calls.write({ method, path: '/composite/sobjects', body: { allOrNone: false, records } }, signal, (answer) => readWriteResults(answer, ids));
  };

  return {
    identity: (signal) => readIdentity(calls, options.apiVersion, signal),
    describe,
    async *scan(request, signal) {
      const fields = fieldList(request.fields);
      const instants = await instantsOf(request.object, fields, signal);
      const soql = `SELECT ${fields.join(', ')} FROM ${identifier(request.object)} ORDER BY Id`;
      yield* readQuery(calls, soql, signal, (record) => readRecord(record, fields, instants));
    },
    countRecords: async (object, signal) => {
      const path = queryPath(`SELECT COUNT() FROM ${identifier(object)}`);
      return calls.read({ method: 'GET', path }, signal, (answer) => readAnswer(queryPageSchema, answer, 'count').totalSize);
    },
    fingerprint: async (object, signal) => {
      const path = queryPath(`SELECT COUNT(Id) records, MAX(SystemModstamp) latest FROM ${identifier(object)}`);
      const { records } = await calls.read({ method: 'GET', path }, signal, (answer) => readAnswer(queryPageSchema, answer, 'count'));
      const { records: count, latest } = readAnswer(fingerprintSchema, records[0], 'count');
      return `${count} records, latest change ${latest ?? 'none'}`;
    },
    readByKeys: async (request, signal) => {
      const queries = keyQueries(request);
      if (queries.length === 0) return [];
      const fields = fieldList([request.keyField, ...request.fields]);
      const instants = await instantsOf(request.object, fields, signal);
      const found: OrgRecord[][] = queries.map(() => []);
      const waiting = [...queries.entries()];
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [position, { soql, keys }] = next;
          for await (const page of readQuery(calls, soql, signal, (record) => readRecord(record, fields, instants))) {
            found[position]?.push(...page.filter((record) => keys.has(String(record[request.keyField]))));
          }
        }
      };
      const stopOthers = (error: unknown): never => {
        waiting.length = 0;
        throw error;
      };
      await Promise.all(Array.from({ length: parallelQueries }, () => work().catch(stopOthers)));
      return found.flat();
    },
    readByIds: async ({ object, ids, fields: given }, signal) => {
      if (ids.length > maxRetrieveIds) throw new RangeError(`A call retrieves at most ${maxRetrieveIds} ids, not ${ids.length}.`);
      if (ids.length === 0) return [];
      const fields = fieldList(given);
      const instants = await instantsOf(object, fields, signal);
      const request: OrgRequest = { method: 'POST', path: `/composite/sobjects/${identifier(object)}`, body: { ids, fields } };
      return calls.read(request, signal, (answer) => {
        const entries = readAnswer(z.array(z.unknown()).length(ids.length), answer, 'list with one record per id');
        return entries.map((entry, index) => {
          if (entry === null) return null;
          const record = readRecord(entry, fields, instants);
          if (!isSameId(record.Id, ids[index])) throw unreadable('a record is not the one asked for');
          return record;
        });
      });
    },
    insert: async ({ object, records }, signal) => {
      checkRecords(records, { withId: false, most: maxWriteRecords });
      const sent = records.map((record) => ({ attributes: { type: identifier(object) }, ...record }));
      return write('POST', sent, records.map(() => null), signal);
    },
    update: async ({ object, records }, signal) => {
      checkRecords(records, { withId: true, most: maxWriteRecords });
      const sent = records.map(({ Id, ...fields }) => ({ attributes: { type: identifier(object) }, id: Id, ...fields }));
      return write('PATCH', sent, records.map((record) => record.Id), signal);
    },
    ...strictWrites(calls, options.apiVersion),
    bulk: bulkIngest(calls),
    lateEffectMs: isLoopback(new URL(options.connection.instanceUrl ?? loginOrigin(options.connection))) ? loopbackLateEffectMs : salesforceLateEffectMs,
    now: calls.now,
    usage: calls.usage,
    close: async () => calls.close(),
  };
}
