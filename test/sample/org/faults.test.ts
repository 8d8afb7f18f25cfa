import { afterEach, beforeAll, afterAll, expect, test } from 'vitest';
import { base, orgUnderTest, seedRecord, seedRecords, staged, type Json, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
beforeAll(async () => {
  t = await orgUnderTest([...seedRecords(20), seedRecord({ Id: 'a0P700000000001', IsDeleted: true, Snappt_Property_ID__c: 'gone' })]);
});
afterEach(() => t.open('DELETE', '/_control/faults'));
afterAll(() => t.close());

const collections = `${base}/composite/sobjects`;
const update = (id: number, city: string): ReturnType<OrgUnderTest['call']> =>
  t.call('PATCH', collections, { records: [staged({ Id: `a0P${String(id).padStart(12, '0')}`, City__c: city })] });
const cityOf = async (id: number): Promise<string> =>
  (await t.call('GET', `${base}/sobjects/Product_Property__c/a0P${String(id).padStart(12, '0')}`)).json.City__c;

test('An answer can be replaced, once, only for calls that match, and after some passed', async () => {
  await t.fault({
    match: { method: 'PATCH', path: '/composite/sobjects$', bodyIncludes: 'Faulty', after: 1 },
    action: { status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }], headers: { 'retry-after': '3' } },
  });
  expect((await update(1, 'Faulty')).status).toBe(200);
  expect((await update(1, 'Other')).status).toBe(200);
  const refused = await update(1, 'Faulty 2');
  expect([refused.status, refused.json[0].errorCode, refused.headers.get('retry-after')]).toEqual([503, 'SERVER_UNAVAILABLE', '3']);
  expect(await cityOf(1)).toBe('Other');
  expect((await update(1, 'Faulty 3')).status).toBe(200);
  expect((await t.open('GET', '/_control/faults')).json.faults).toMatchObject([{ id: 1, seen: 3, used: 1 }]);
});

test('An HTML page, a refused token and a delay can stand in the way', async () => {
  await t.fault({ match: { method: 'PATCH' }, action: { html: '<html>Maintenance</html>', status: 200, delayMs: 1 } });
  const page = await update(2, 'X');
  expect([page.status, page.headers.get('content-type'), page.text]).toEqual([200, 'text/html', '<html>Maintenance</html>']);
  await t.fault({ match: { method: 'PATCH' }, action: { unauthorized: true } });
  expect((await update(2, 'X')).json[0].errorCode).toBe('INVALID_SESSION_ID');
  expect(await cityOf(2)).toBe('Boston');
});

test('A connection dropped before the effect changes nothing, one dropped after it did', async () => {
  for (const [drop, city] of [
    ['before-effect', 'Austin'],
    ['after-effect', 'after-effect'],
    ['mid-body', 'mid-body'],
  ]) {
    await t.fault({ match: { method: 'PATCH' }, action: { drop } });
    await expect(update(3, drop ?? '')).rejects.toThrow();
    expect(await cityOf(3)).toBe(city);
  }
});

test('An effect can be answered with an error, or with half of its JSON', async () => {
  await t.fault({ match: { method: 'PATCH' }, action: { effectThen: { status: 502, body: '<html>Bad gateway</html>' } } });
  expect((await update(4, 'Done')).status).toBe(502);
  expect(await cityOf(4)).toBe('Done');
  await t.fault({ match: { method: 'PATCH' }, action: { truncateJson: true } });
  await expect(update(4, 'Cut')).rejects.toThrow(SyntaxError);
  expect(await cityOf(4)).toBe('Cut');
});

test('Records can be refused by key or index, and locked a number of times', async () => {
  await t.fault({
    times: 1,
    action: { recordErrors: [{ key: 'prop-5', statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Rule', fields: ['City__c'] }] },
  });
  await t.fault({ action: { lockRows: { keys: ['prop-6'], ids: ['a0P000000000007EAA'], times: 2 } } });
  const both = (): Promise<Json> =>
    t
      .call('PATCH', collections, {
        records: [5, 6, 7, 8].map((id) => staged({ Id: `a0P${String(id).padStart(12, '0')}`, City__c: 'Now' })),
      })
      .then((answer) => answer.json.map((one: Json) => one.errors[0]?.statusCode ?? 'ok'));
  expect(await both()).toEqual(['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'ok']);
  expect(await both()).toEqual(['ok', 'UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'ok']);
  expect(await both()).toEqual(['ok', 'ok', 'ok', 'ok']);
});

test('A record fault also reaches a subrequest of a Composite call', async () => {
  await t.fault({ action: { lockRows: { keys: ['prop-9'] } } });
  const request = {
    compositeRequest: [
      { method: 'PATCH', url: `${base}/sobjects/Product_Property__c/a0P000000000009`, referenceId: 'a', body: { City__c: 'C' } },
    ],
  };
  const first = await t.call('POST', `${base}/composite`, request);
  expect(first.json.compositeResponse[0]).toMatchObject({ httpStatusCode: 400, body: [{ errorCode: 'UNABLE_TO_LOCK_ROW' }] });
  expect((await t.call('POST', `${base}/composite`, request)).json.compositeResponse[0].httpStatusCode).toBe(204);
});

test('All tokens can be ended at once', async () => {
  const other = await orgUnderTest();
  expect((await other.call('GET', `${base}/limits`)).status).toBe(200);
  expect((await other.open('POST', '/_control/tokens/expire')).status).toBe(204);
  expect((await other.call('GET', `${base}/limits`)).status).toBe(401);
  expect((await other.open('POST', '/_control/tokens/revoke')).status).toBe(204);
  await other.close();
});

test('A record can be changed and deleted behind the back of the app', async () => {
  expect((await t.open('PATCH', '/_control/records/prop-10', { City__c: 'Elsewhere' })).status).toBe(200);
  expect((await t.open('DELETE', '/_control/records/a0P000000000011')).status).toBe(200);
  expect((await t.open('PATCH', '/_control/records/nobody', { City__c: 'X' })).status).toBe(404);
  const [changed, deleted] = (await t.journal()).slice(-2);
  expect(changed).toMatchObject({
    actor: 'someone.else@sample-org.example',
    operation: 'behind',
    externalKey: 'prop-10',
    before: { City__c: 'Boston' },
    after: { City__c: 'Elsewhere' },
  });
  expect(deleted).toMatchObject({ operation: 'behind', externalKey: 'prop-11', after: null });
});

test('The journal holds every effect once, in order, with what was there before', async () => {
  const records = [
    staged({ Name: ' Journal ', Snappt_Property_ID__c: 'journal-1', Bank_Linking_Enabled__c: true }),
    staged({ Name: 'x'.repeat(81), Snappt_Property_ID__c: 'journal-2' }),
  ];
  const { last } = (await t.open('GET', '/_control/journal?limit=1')).json;
  const [made] = (await t.call('POST', collections, { records })).json;
  await t.call('PATCH', `${base}/sobjects/Product_Property__c/${made.id}`, { Name: 'Renamed' });
  await t.call('DELETE', `${base}/sobjects/Product_Property__c/${made.id}`);
  const page = (await t.open('GET', `/_control/journal?after=${last}`)).json;
  expect(page.next).toBeNull();
  expect(page.entries.map((entry: Json) => [entry.operation, entry.before?.Name ?? null, entry.after?.Name ?? null])).toEqual([
    ['create', null, 'Journal'],
    ['update', 'Journal', 'Renamed'],
    ['delete', 'Renamed', null],
  ]);
  expect(page.entries.every((entry: Json) => entry.recordId === made.id && entry.actor === t.org.credentials.username)).toBe(true);
});

test('The journal replayed over the first records gives the records of the org', async () => {
  const dump = async (): Promise<Json[]> => (await t.open('GET', '/_control/records')).json.records;
  const state = new Map((await dump()).map((record) => [record.Id, record]));
  const { last } = (await t.open('GET', '/_control/journal?limit=1')).json;
  await t.call('POST', collections, { records: [staged({ Name: 'R1', Snappt_Property_ID__c: 'r-1' })] });
  await update(12, 'R2');
  await t.call('DELETE', `${collections}?ids=a0P000000000013`);
  await t.open('PATCH', '/_control/records/prop-14', { Zip__c: '99999' });
  for (const entry of (await t.open('GET', `/_control/journal?after=${last}`)).json.entries) {
    if (entry.after === null) state.delete(entry.recordId);
    else state.set(entry.recordId, { ...state.get(entry.recordId), ...entry.after });
  }
  const pick = ({ Id, Name, City__c, Zip__c }: Json): Json => ({ Id, Name, City__c, Zip__c });
  const given = (record: Json, id: string): Json => ({ Name: null, City__c: null, Zip__c: null, ...record, Id: id });
  const byId = (a: Json, b: Json): number => (a.Id < b.Id ? -1 : 1);
  expect([...state].map(([id, record]) => pick(given(record, id))).toSorted(byId)).toEqual((await dump()).map(pick).toSorted(byId));
});

test('Live and deleted records can be dumped by pages, and calls are counted', async () => {
  const first = (await t.open('GET', '/_control/records?limit=2')).json;
  expect(first.records).toHaveLength(2);
  const second = (await t.open('GET', `/_control/records?limit=2&after=${first.next}`)).json;
  expect(second.records[0].Id > first.records[1].Id).toBe(true);
  const deleted = (await t.open('GET', '/_control/records?deleted=true')).json.records;
  expect(deleted.map((record: Json) => record.Snappt_Property_ID__c)).toContain('gone');
  await t.open('DELETE', '/_control/calls');
  await update(15, 'Counted');
  await t.call('GET', `${base}/sobjects/Product_Property__c/a0P000000000015`);
  const calls = (await t.open('GET', '/_control/calls')).json;
  expect(calls).toMatchObject({
    total: 2,
    writes: 1,
    byRoute: { 'PATCH /composite/sobjects': 1, 'GET /sobjects/Product_Property__c/*': 1 },
  });
  expect(calls.recent[0]).toMatchObject({ method: 'PATCH', path: collections, status: 200 });
});

test('A fault that cannot be read is refused', async () => {
  for (const fault of [{}, { action: { explode: true } }, { action: {}, times: 'x' }, { action: {}, match: { path: '(' } }]) {
    expect((await t.open('POST', '/_control/faults', fault)).status).toBe(400);
  }
});

test('A connection dropped at once can still take effect later, while other calls come first', async () => {
  await t.fault({ match: { method: 'PATCH' }, action: { drop: 'before-effect', effectAfterMs: 2_500 } });
  await expect(update(16, 'Late')).rejects.toThrow();
  expect(await cityOf(16)).toBe('Boston');
  await update(16, 'Soon');
  expect(await cityOf(16)).toBe('Soon');
  await expect.poll(() => cityOf(16), { timeout: 10_000 }).toBe('Late');
});

test('One part of a Composite call can be answered with an error, with or without its effect', async () => {
  const part = (id: number): Json => ({
    method: 'PATCH',
    url: `${base}/sobjects/Product_Property__c/a0P${String(id).padStart(12, '0')}`,
    referenceId: `record${id}`,
    body: { City__c: 'Part' },
  });
  await t.fault({ match: { path: '/sobjects/Product_Property__c/a0P000000000018' }, action: { status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }] } });
  await t.fault({ match: { path: '/sobjects/Product_Property__c/a0P000000000019' }, action: { effectThen: { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'oh' }] } } });
  const answer = await t.call('POST', `${base}/composite`, { allOrNone: false, compositeRequest: [17, 18, 19].map(part) });
  expect(answer.json.compositeResponse.map((one: Json) => one.httpStatusCode)).toEqual([204, 503, 500]);
  expect(await Promise.all([17, 18, 19].map(cityOf))).toEqual(['Part', 'Boston', 'Part']);
});
