import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatCsv, parseCsv } from '../../../electron/sample/org/bulk/csv.ts';
import fc from 'fast-check';
import { base, orgUnderTest, seedRecords, type Answer, type Json, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
beforeAll(async () => {
  t = await orgUnderTest(seedRecords(600));
});
afterAll(() => t.close());

const jobs = `${base}/jobs/ingest`;
const terminal = new Set(['JobComplete', 'Failed', 'Aborted']);

async function untilDone(path: string): Promise<Json> {
  for (;;) {
    const job = (await t.call('GET', path)).json;
    if (terminal.has(job.state)) return job;
  }
}

const upload = (id: string, csv: string): Promise<Answer> => t.call('PUT', `${jobs}/${id}/batches`, csv, { 'content-type': 'text/csv' });
const close = (id: string): Promise<Answer> => t.call('PATCH', `${jobs}/${id}`, { state: 'UploadComplete' });

async function ingest(operation: string, csv: string, more: Record<string, unknown> = {}): Promise<Json> {
  const created = await t.call('POST', jobs, { object: 'Product_Property__c', operation, contentType: 'CSV', lineEnding: 'LF', ...more });
  expect(created.json.state).toBe('Open');
  expect((await upload(created.json.id, csv)).status).toBe(201);
  await close(created.json.id);
  return untilDone(`${jobs}/${created.json.id}`);
}

async function results(id: string, name: string): Promise<Record<string, string>[]> {
  const answer = await t.call('GET', `${jobs}/${id}/${name}/`);
  expect(answer.headers.get('content-type')).toBe('text/csv');
  const [header = [], ...rows] = parseCsv(answer.text, ',') ?? [];
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])));
}

test('An update job ignores empty cells, blanks #N/A and reports refused rows', async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `a0P${String(index + 1).padStart(12, '0')},,Dallas,#N/A`);
  lines[3] = 'a0P000000000004,,Dallas,""';
  lines[7] = `a0P000000000008,${'x'.repeat(81)},Dallas,`;
  const job = await ingest('update', `Id,Name,City__c,State__c\n${lines.join('\n')}\n`);
  expect(job).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 500, numberRecordsFailed: 1, jobType: 'V2Ingest' });
  const succeeded = await results(job.id, 'successfulResults');
  expect(succeeded).toHaveLength(499);
  expect(succeeded.map((row) => row['sf__Id'])).not.toEqual(succeeded.map((row) => row['sf__Id']).toSorted());
  expect(await results(job.id, 'failedResults')).toEqual([
    {
      sf__Id: '',
      sf__Error: `STRING_TOO_LONG:Property Name: data value too large: ${'x'.repeat(81)} (max length=80):Name --`,
      Id: 'a0P000000000008',
      Name: 'x'.repeat(81),
      City__c: 'Dallas',
      State__c: '',
    },
  ]);
  const row = (await t.call('GET', `${base}/sobjects/Product_Property__c/a0P000000000001`)).json;
  expect([row.Name, row.City__c, row.State__c]).toEqual(['Property 00001', 'Dallas', null]);
});

test('Insert, upsert and delete jobs write records, and the raw results quote every value', async () => {
  const inserted = await ingest('insert', 'Name,Snappt_Property_ID__c,Bank_Linking_Enabled__c\n"Two, words",bulk-1,true\nB,bulk-2,\nC,bulk-1,false');
  expect(inserted).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 1 });
  const raw = (await t.call('GET', `${jobs}/${inserted.id}/successfulResults`)).text;
  expect(raw.split('\n')[0]).toBe('"sf__Id","sf__Created","Name","Snappt_Property_ID__c","Bank_Linking_Enabled__c"');
  expect(raw).toContain('"true","Two, words","bulk-1","true"');
  const upserted = await ingest('upsert', 'Snappt_Property_ID__c,Name\nbulk-1,New\nbulk-3,Made', { externalIdFieldName: 'Snappt_Property_ID__c' });
  const created = Object.fromEntries((await results(upserted.id, 'successfulResults')).map((row) => [row['Snappt_Property_ID__c'], row['sf__Created']]));
  expect(created).toEqual({ 'bulk-1': 'false', 'bulk-3': 'true' });
  const ids = (await results(inserted.id, 'successfulResults')).map((row) => row['sf__Id']);
  const deleted = await ingest('delete', `Id\n${ids.join('\n')}\n`);
  expect(deleted.numberRecordsFailed).toBe(0);
  expect((await t.journal()).filter((entry) => entry.call === deleted.id)).toHaveLength(2);
});

test('A job with an unknown column or the wrong line end fails as a whole', async () => {
  const unknown = await ingest('insert', 'Name,Nope__c\nA,B\n');
  expect(unknown).toMatchObject({ state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Nope__c' });
  expect(await results(unknown.id, 'unprocessedrecords')).toEqual([{ Name: 'A', Nope__c: 'B' }]);
  const ends = await ingest('insert', 'Name\r\nA\r\n');
  expect(ends.errorMessage).toContain('LineEnding is invalid');
  const fitting = await ingest('insert', 'Name|City__c\r\nA|"x|y"\r\n', { lineEnding: 'CRLF', columnDelimiter: 'PIPE' });
  expect(fitting).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 });
});

test('States allow one upload, closing once, abort while open, and delete when done', async () => {
  const { id } = (await t.call('POST', jobs, { object: 'Product_Property__c', operation: 'insert' })).json;
  expect((await close(id)).status).toBe(400);
  expect((await t.call('DELETE', `${jobs}/${id}`)).status).toBe(400);
  await upload(id, 'Name\nNever\n');
  expect((await upload(id, 'Name\nNever\n')).status).toBe(400);
  expect((await t.call('PATCH', `${jobs}/${id}`, { state: 'Aborted' })).json.state).toBe('Aborted');
  expect(await results(id, 'unprocessedrecords')).toEqual([{ Name: 'Never' }]);
  expect((await close(id)).status).toBe(400);
  expect((await t.call('DELETE', `${jobs}/${id}`)).status).toBe(204);
  expect((await t.call('GET', `${jobs}/${id}`)).status).toBe(404);
  expect((await t.call('POST', jobs, { object: 'Product_Property__c', operation: 'guess' })).json[0].errorCode).toBe('INVALIDJOB');
});

test('Faults refuse and lock rows of a job', async () => {
  await t.fault({
    match: { path: '/jobs/ingest/' },
    action: {
      recordErrors: [{ id: 'a0P000000000020', statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No', fields: ['City__c'] }],
    },
  });
  await t.fault({ action: { lockRows: { keys: ['prop-21'] } } });
  const job = await ingest('update', 'Id,City__c\na0P000000000020,A\na0P000000000021,B\na0P000000000022,C\n');
  const failed = Object.fromEntries((await results(job.id, 'failedResults')).map((row) => [row['Id'], row['sf__Error']]));
  expect(failed).toEqual({
    a0P000000000020: 'FIELD_CUSTOM_VALIDATION_EXCEPTION:No:City__c --',
    a0P000000000021: 'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record: --',
  });
});

test('A job can end as failed half way: what it wrote stays, the rest is unprocessed', async () => {
  await t.fault({ match: { path: '/jobs/ingest/' }, action: { job: { failAfterRows: 250 } } });
  const lines = Array.from({ length: 400 }, (_, index) => `a0P${String(index + 101).padStart(12, '0')},Half`);
  const job = await ingest('update', `Id,City__c\n${lines.join('\n')}\n`);
  expect(job).toMatchObject({ state: 'Failed', numberRecordsProcessed: 250, numberRecordsFailed: 0, errorMessage: expect.stringContaining('Too many attempts') });
  const [done, left] = [await results(job.id, 'successfulResults'), await results(job.id, 'unprocessedrecords')];
  expect([done.length, left.length]).toEqual([250, 150]);
  expect((await t.journal()).filter((entry) => entry.call === job.id).map((entry) => entry.recordId.slice(0, 15)).sort()).toEqual(done.map((row) => row['Id']).sort());
});

test('A job can be slow, and be aborted at work', async () => {
  await t.fault({ match: { path: '/jobs/ingest/' }, action: { job: { rowsPerStep: 1, stepMs: 30 } } });
  const { id } = (await t.call('POST', jobs, { object: 'Product_Property__c', operation: 'update' })).json;
  await upload(id, `Id,City__c\n${Array.from({ length: 100 }, (_, index) => `a0P${String(index + 501).padStart(12, '0')},Slow`).join('\n')}\n`);
  await close(id);
  const processed = async (): Promise<number> => (await t.call('GET', `${jobs}/${id}`)).json.numberRecordsProcessed;
  await expect.poll(processed, { timeout: 10_000 }).toBeGreaterThan(0);
  expect((await t.call('GET', `${jobs}/${id}`)).json.state).toBe('InProgress');
  expect((await t.call('PATCH', `${jobs}/${id}`, { state: 'Aborted' })).json.state).toBe('Aborted');
  const [done, left] = [await results(id, 'successfulResults'), await results(id, 'unprocessedrecords')];
  expect(left.length).toBeGreaterThan(0);
  expect(done.length + left.length).toBe(100);
});

test.each([
  ['the creation', 'POST', '/jobs/ingest$'],
  ['the upload', 'PUT', '/batches$'],
  ['the closing', 'PATCH', '/jobs/ingest/'],
  ['a look at the state', 'GET', '/jobs/ingest/\\w+$'],
  ['the results', 'GET', '/successfulResults'],
])('A fault can stand in the way of %s of a job', async (_name, method, path) => {
  await t.fault({ match: { method, path }, action: { status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }] } });
  const steps = [];
  const create = (): Promise<Answer> => t.call('POST', jobs, { object: 'Product_Property__c', operation: 'update' });
  const first = await create();
  const { id } = first.status === 200 ? first.json : (await create()).json;
  steps.push(first, await upload(id, 'Id,City__c\na0P000000000030,Faulty\n'), await upload(id, 'Id,City__c\na0P000000000030,Faulty\n'), await close(id), await close(id));
  for (let look = 0; look < 2; look += 1) steps.push(await t.call('GET', `${jobs}/${id}`), await t.call('GET', `${jobs}/${id}/successfulResults`));
  expect(steps.filter((step) => step.status === 503)).toHaveLength(1);
  expect((await untilDone(`${jobs}/${id}`)).state).toBe('JobComplete');
});

test('A query job gives every row once, in pages by locator', async () => {
  const body = { operation: 'query', query: 'SELECT Id, Name, Bank_Linking_Enabled__c FROM Product_Property__c WHERE Id < \'a0P000000000100\'' };
  const created = await t.call('POST', `${base}/jobs/query`, body);
  expect(created.json).toMatchObject({ state: 'UploadComplete', operation: 'query' });
  const path = `${base}/jobs/query/${created.json.id}`;
  expect(await untilDone(path)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 99 });
  const rows: string[][] = [];
  let locator = '';
  while (locator !== 'null') {
    const page = await t.call('GET', `${path}/results?maxRecords=40${locator === '' ? '' : `&locator=${locator}`}`);
    const [header, ...some] = parseCsv(page.text, ',') ?? [];
    expect(header).toEqual(['Id', 'Name', 'Bank_Linking_Enabled__c']);
    expect(page.headers.get('sforce-numberofrecords')).toBe(String(some.length));
    rows.push(...some);
    locator = page.headers.get('sforce-locator') ?? 'null';
  }
  expect(rows).toHaveLength(99);
  expect(rows[0]).toEqual(['a0P000000000001', 'Property 00001', 'false']);
  expect((await t.call('POST', `${base}/jobs/query`, { ...body, query: 'SELECT' })).status).toBe(400);
});

test('A job goes on after the org was restarted', async () => {
  const other = await orgUnderTest(seedRecords(3000));
  const { id } = (await other.call('POST', jobs, { object: 'Product_Property__c', operation: 'update' })).json;
  const lines = seedRecords(3000).map((record) => `${record.Id},Moved`);
  await other.call('PUT', `${jobs}/${id}/batches`, `Id,City__c\n${lines.join('\n')}\n`, { 'content-type': 'text/csv' });
  await other.call('PATCH', `${jobs}/${id}`, { state: 'UploadComplete' });
  const again = await other.restart();
  let job: Json;
  do job = (await again.call('GET', `${jobs}/${id}`)).json;
  while (job.state !== 'JobComplete');
  expect(job).toMatchObject({ numberRecordsProcessed: 3000, numberRecordsFailed: 0 });
  const moved = (await again.journal()).filter((entry) => entry.call === id);
  expect(new Set(moved.map((entry) => entry.recordId)).size).toBe(moved.length);
  expect(moved).toHaveLength(3000);
  await again.close();
});

test('CSV that was written is read back as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', ';') });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      expect(parseCsv(formatCsv(rows, ',', '\n'), ',')).toEqual(rows);
    }),
  );
  expect(parseCsv('\uFEFFa,b\r\n,"x"\n1,', ',')).toEqual([['a', 'b'], ['', 'x'], ['1', '']]);
  expect(parseCsv('"open', ',')).toBeUndefined();
  expect(parseCsv('"a" ,b', ',')).toBeUndefined();
});
