import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { OrgCallError, type BulkRow, type Org } from '../../../electron/core/org-ports.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const object = 'Product_Property__c';
const jobId = '750000000000001AAA';
const signal = new AbortController().signal;
const idOf = (index: number): string => `a0P${String(index).padStart(12, '0')}AAA`;
const html = '<html><body>Down for maintenance</body></html>';
const runs = { numRuns: 150 };

type Json = Record<string, unknown>;

/** A way to spoil a list with one entry per record, and whether an answer of these records shows it. */
interface Spoiler {
  name: string;
  spoil(entries: readonly Json[], at: number, other: number): unknown[];
}

const replaced = (entries: readonly Json[], at: number, entry: unknown): unknown[] => entries.map((one, index) => (index === at ? entry : one));
const without = (entry: Json, name: string): Json => Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name));

const anyList: Spoiler[] = [
  { name: 'an entry is missing', spoil: (entries, at) => entries.filter((_, index) => index !== at) },
  { name: 'an entry is there twice', spoil: (entries, at) => [...entries, entries[at]] },
  { name: 'an entry is no object', spoil: (entries, at) => replaced(entries, at, 'success') },
  { name: 'an entry is null', spoil: (entries, at) => replaced(entries, at, null) },
];
const collectionUpdates: Spoiler[] = [
  ...anyList,
  { name: 'an entry says nothing of success', spoil: (entries, at) => replaced(entries, at, without(entries[at] ?? {}, 'success')) },
  { name: 'an entry stands in the place of another', spoil: (entries, at, other) => replaced(entries, at, entries[other]) },
  { name: 'two entries have changed places', spoil: (entries, at, other) => replaced(replaced(entries, at, entries[other]) as Json[], other, entries[at]) },
  { name: 'an entry names a record that was not sent', spoil: (entries, at) => replaced(entries, at, { ...entries[at], id: idOf(99) }) },
];
const collectionInserts: Spoiler[] = [
  ...anyList,
  { name: 'an entry says nothing of success', spoil: (entries, at) => replaced(entries, at, without(entries[at] ?? {}, 'success')) },
  { name: 'an entry stands in the place of another', spoil: (entries, at, other) => replaced(entries, at, entries[other]) },
  { name: 'a success has no id', spoil: (entries, at) => replaced(entries, at, without(entries[at] ?? {}, 'id')) },
];
const composites: Spoiler[] = [
  ...anyList,
  { name: 'an entry says no status', spoil: (entries, at) => replaced(entries, at, without(entries[at] ?? {}, 'httpStatusCode')) },
  { name: 'an entry says no reference', spoil: (entries, at) => replaced(entries, at, without(entries[at] ?? {}, 'referenceId')) },
  { name: 'an entry has the reference of another', spoil: (entries, at, other) => replaced(entries, at, { ...entries[at], referenceId: entries[other]?.['referenceId'] }) },
  { name: 'an entry has a reference that was not sent', spoil: (entries, at) => replaced(entries, at, { ...entries[at], referenceId: 'record99' }) },
  { name: 'two entries have changed places', spoil: (entries, at, other) => replaced(replaced(entries, at, entries[other]) as Json[], other, entries[at]) },
  { name: 'a success names another record', spoil: (entries, at) => replaced(entries, at, { ...entries[at], httpStatusCode: 200, body: { id: 'x', success: true, errors: [] } }) },
  { name: 'a refusal says nothing', spoil: (entries, at) => replaced(entries, at, { ...entries[at], httpStatusCode: 400, body: [] }) },
  ...[301, 401, 429, 500, 502, 503, 504].map((status): Spoiler => ({ name: `a part was answered with ${status}`, spoil: (entries, at) => replaced(entries, at, { ...entries[at], httpStatusCode: status, body: [{ errorCode: 'X', message: 'y' }] }) })),
];

describe('Row 8: corrupt answers', () => {
  let server: ScriptedServer;
  let org: Org;
  /** What the server answers, by the end of the path; anything else gets the first one. */
  let answers: Record<string, { text: string; type: string }> = {};
  const say = (text: string, type = 'application/json'): void => void (answers = { '': { text, type } });

  beforeAll(async () => {
    server = await startScriptedServer((asked, response) => {
      const { text, type } = answers[asked.path.split('/').at(-1) ?? ''] ?? answers[''] ?? { text: '', type: 'text/plain' };
      response.writeHead(200, { 'content-type': type }).end(text);
    });
    org = jsforceOrg({ connection: { instanceUrl: server.url, accessToken: 't' }, apiVersion: '64.0', sleep: async () => undefined });
  });
  afterAll(() => server.close());

  const records = (count: number): { Name: string }[] => Array.from({ length: count }, (_, index) => ({ Name: `Name ${index}` }));
  const known = (count: number): { Id: string; Name: string }[] => records(count).map((record, index) => ({ Id: idOf(index), ...record }));
  const created = (index: number): Json => ({ id: idOf(index), success: true, errors: [] });
  const part = (index: number, status: number, body: unknown): Json => ({ body, httpHeaders: {}, httpStatusCode: status, referenceId: `record${index}` });

  const writes: [string, Spoiler[], (index: number) => Json, (entries: unknown) => unknown, (count: number) => Promise<unknown>][] = [
    ['inserts', collectionInserts, created, (entries) => entries, (count) => org.insert({ object, records: records(count) }, signal)],
    ['updates', collectionUpdates, created, (entries) => entries, (count) => org.update({ object, records: known(count) }, signal)],
    ['strict inserts', composites, (index) => part(index, 201, created(index)), (compositeResponse) => ({ compositeResponse }), (count) => org.insertStrict({ object, records: records(count) }, signal)],
    [
      'strict updates',
      composites,
      (index) => part(index, 204, null),
      (compositeResponse) => ({ compositeResponse }),
      (count) => org.updateStrict({ object, records: known(count).map((record) => ({ record, unmodifiedSince: '2026-01-01T00:00:00.000Z' })) }, signal),
    ],
  ];
  const unknown = expect.objectContaining({ name: 'OrgCallError', effect: 'unknown' });
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      (value) => ({ read: value }),
      (error: unknown) => error,
    );

  it.each(writes)('to %s never give results, whatever is wrong with one entry', async (_name, spoilers, entry, wrap, write) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 8 }), fc.nat(), fc.nat(), fc.constantFrom(...spoilers), async (count, one, two, spoiler) => {
        const at = one % count;
        const other = (at + 1 + (two % (count - 1))) % count;
        const entries = Array.from({ length: count }, (_, index) => entry(index));
        say(JSON.stringify(wrap(entries)));
        expect(await write(count)).toEqual(entries.map((_, index) => ({ ok: true, id: idOf(index) })));
        say(JSON.stringify(wrap(spoiler.spoil(entries, at, other))));
        expect([spoiler.name, await failureOf(write(count))]).toEqual([spoiler.name, unknown]);
      }),
      runs,
    );
  });

  it.each(writes)('to %s never give results when they are cut off anywhere, or are a page', async (_name, _spoilers, entry, wrap, write) => {
    const text = JSON.stringify(wrap([0, 1, 2].map(entry)));
    for (let length = 0; length < text.length; length += 1) {
      say(text.slice(0, length));
      expect([length, await failureOf(write(3))]).toEqual([length, unknown]);
    }
    for (const type of ['text/html', 'application/json', 'text/csv']) {
      say(html, type);
      expect(await failureOf(write(3))).toEqual(unknown);
    }
    say(text, 'text/html');
    expect(await failureOf(write(3))).toEqual(unknown);
  });

  const quote = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${quote(row)}\n`).join('');
  const readRows = async (): Promise<BulkRow[]> => {
    const rows: BulkRow[] = [];
    for await (const page of org.bulk.results(jobId, signal)) rows.push(...page);
    return rows;
  };
  const job = (operation: string, processed: number, failed: number): Json => ({ id: jobId, object, operation, state: 'JobComplete', numberRecordsProcessed: processed, numberRecordsFailed: failed });
  const serveResults = (facts: Json, succeeded: string, failed: string): void => {
    answers = { [jobId]: { text: JSON.stringify(facts), type: 'application/json' }, successfulResults: { text: succeeded, type: 'text/csv' }, failedResults: { text: failed, type: 'text/csv' } };
  };
  const cell = fc.string({ unit: fc.constantFrom('a', 'ä', ',', '\n', '\r\n', '"', ' ', ':'), maxLength: 6 });

  type Table = readonly (readonly string[])[];
  const changeCell = (table: Table, at: number, column: string, change: (cell: string) => string): Table => {
    const place = table[0]?.indexOf(column) ?? -1;
    return table.map((row, index) => (index === at ? row.map((one, position) => (position === place ? change(one) : one)) : row));
  };
  const bulkSpoilers: { name: string; spoil(table: Table, at: number, other: number): Table | string }[] = [
    { name: 'a row is missing', spoil: (table, at) => table.filter((_, index) => index !== at) },
    { name: 'a row is there twice', spoil: (table, at) => [...table, table[at] ?? []] },
    { name: 'a row stands in the place of another', spoil: (table, at, other) => table.map((row, index) => (index === at ? (table[other] ?? []) : row)) },
    { name: 'a row was never sent', spoil: (table) => [...table, [idOf(99), 'true', idOf(99), 'never', 'sent']] },
    { name: 'a row has no last cell', spoil: (table, at) => table.map((row, index) => (index === at ? row.slice(0, -1) : row)) },
    { name: 'a row has a cell too many', spoil: (table, at) => table.map((row, index) => (index === at ? [...row, ''] : row)) },
    { name: 'a row names no record', spoil: (table, at) => changeCell(table, at, 'sf__Id', () => '') },
    { name: 'a row names the record of another', spoil: (table, at, other) => changeCell(table, at, 'sf__Id', () => table[other]?.[0] ?? '') },
    { name: 'a row says the opposite of created', spoil: (table, at) => changeCell(table, at, 'sf__Created', (one) => String(one !== 'true')) },
    { name: 'the header is missing', spoil: (table) => table.slice(1) },
    { name: 'a column of Salesforce is missing', spoil: (table) => changeCell(table, 0, 'sf__Created', () => 'Created') },
    { name: 'a column has no name that a field can have', spoil: (table) => changeCell(table, 0, 'Name', () => '__proto__') },
    { name: 'a column is there twice', spoil: (table) => changeCell(table, 0, 'Name', () => 'Id') },
    { name: 'the other list came', spoil: (table) => changeCell(table, 0, 'sf__Created', () => 'sf__Error') },
    { name: 'a quote is never closed', spoil: (table) => `${csv(table)}"` },
    { name: 'it is a page', spoil: () => html },
    { name: 'it is empty', spoil: () => '' },
  ];

  it.each(['insert', 'update'] as const)('of an %s job never give a row, whatever is wrong with one of them', async (operation) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.nat(), fc.nat(), fc.array(cell, { minLength: 6, maxLength: 6 }), fc.constantFrom(...bulkSpoilers), async (count, one, two, texts, spoiler) => {
        const table = [['sf__Id', 'sf__Created', 'Id', 'Name', 'City__c'], ...Array.from({ length: count }, (_, index) => [idOf(index), String(operation === 'insert'), idOf(index), texts[index] ?? '', `city ${index}`])];
        const at = 1 + (one % count);
        const other = 1 + ((at + (two % (count - 1))) % count);
        serveResults(job(operation, count, 0), csv(table), '');
        expect((await readRows()).map((row) => [row.outcome, row.values['Name'], row.values['City__c']])).toEqual(table.slice(1).map((row) => ['succeeded', row[3], row[4]]));
        const spoiled = spoiler.spoil(table, at, other);
        serveResults(job(operation, count, 0), typeof spoiled === 'string' ? spoiled : csv(spoiled), '');
        const failure = await failureOf(readRows());
        expect([spoiler.name, failure instanceof AppFailure && failure.error.code]).toEqual([spoiler.name, 'org-unavailable']);
      }),
      runs,
    );
  });

  it('of a job are given whole or not at all when they are cut off anywhere', async () => {
    const succeeded = csv([['sf__Id', 'sf__Created', 'Name'], [idOf(1), 'true', 'a,\n"b"'], [idOf(2), 'true', 'c']]);
    const failed = csv([['sf__Id', 'sf__Error', 'Name'], ['', 'DUPLICATE_VALUE:duplicate: it, stands:Name --', 'd']]);
    serveResults(job('insert', 3, 1), succeeded, failed);
    const whole = await readRows();
    expect(whole).toHaveLength(3);
    let given = 0;
    for (let length = 0; length < succeeded.length; length += 1) {
      serveResults(job('insert', 3, 1), succeeded.slice(0, length), failed);
      const failure = await failureOf(readRows());
      if (!(failure instanceof AppFailure)) {
        expect(failure).toEqual({ read: whole });
        given += 1;
      }
    }
    // Only the last line end can be missing.
    expect(given).toBe(1);
  });

  it.each([
    ['is another one', { ...job('insert', 1, 0), id: '750000000000002AAA' }],
    ['has a state that there is not', { ...job('insert', 1, 0), state: 'Done' }],
    ['does not say how many rows it had', { ...job('insert', 1, 0), numberRecordsProcessed: undefined }],
    ['says that more rows failed than it had', job('insert', 1, 2)],
    ['is no job', []],
  ])('about a job that %s give no rows', async (_name, facts) => {
    serveResults(facts as Json, csv([['sf__Id', 'sf__Created', 'Name'], [idOf(1), 'true', 'a']]), '');
    const failure = await failureOf(readRows());
    expect(failure instanceof AppFailure && failure.error.code).toBe('org-unavailable');
  });

  it.each([
    ['create', { ...job('insert', 0, 0), state: 'Open', operation: 'delete' }],
    ['create', { ...job('insert', 0, 0), state: 'UploadComplete' }],
    ['create', { ...job('insert', 0, 0), state: 'Open', id: '../x' }],
    ['close', { ...job('insert', 0, 0), state: 'Open' }],
    ['close', { ...job('insert', 0, 0), state: 'UploadComplete', id: '750000000000002AAA' }],
    ['abort', { ...job('insert', 0, 0), state: 'InProgress' }],
    ['upload', { ok: true }],
  ] as const)('to the %s of a job leave its effect unknown', async (step, answer) => {
    say(JSON.stringify(answer));
    const steps = {
      create: () => org.bulk.create({ object, operation: 'insert' }, signal),
      upload: () => org.bulk.upload({ jobId, records: records(1) }, signal),
      close: () => org.bulk.close(jobId, signal),
      abort: () => org.bulk.abort(jobId, signal),
    };
    const failure = await failureOf(steps[step]());
    expect(failure).toBeInstanceOf(OrgCallError);
    expect(failure).toEqual(unknown);
  });
});
