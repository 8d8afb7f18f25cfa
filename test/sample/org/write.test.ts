import { afterAll, beforeAll, expect, test } from 'vitest';
import { toLongId } from '../../../electron/sample/org/salesforce-id.ts';
import { base, orgUnderTest, seedRecord, seedRecords, staged, type Answer, type Json, type OrgUnderTest } from './independent-client.ts';

let now = Date.parse('2026-06-01T12:00:00.700Z');
let t: OrgUnderTest;
beforeAll(async () => {
  t = await orgUnderTest(
    [
      ...seedRecords(20),
      seedRecord({ Id: 'a0P800000000001', Snappt_Property_ID__c: 'twice' }),
      seedRecord({ Id: 'a0P800000000002', Snappt_Property_ID__c: 'twice' }),
    ],
    {
      clock: () => now,
      workflowDelayMs: 5_000,
      fields: [
        { name: 'Tier__c', label: 'Tier', type: 'picklist', picklistValues: ['Gold', 'Silver'] },
        { name: 'Locked__c', label: 'Locked', type: 'string', createable: false, updateable: false },
      ],
    },
  );
});
afterAll(() => t.close());

const rows = `${base}/sobjects/Product_Property__c`;
const collections = `${base}/composite/sobjects`;
const read = async (key: string): Promise<Json> => (await t.call('GET', `${rows}/Snappt_Property_ID__c/${key}`)).json;
const create = (fields: Record<string, unknown>): Promise<Answer> => t.call('POST', rows, fields);

test('A created record is trimmed, has its system fields, and gets its production id from the workflow', async () => {
  const made = await create({
    name: '  New Court ',
    Snappt_Property_ID__c: 'made-1',
    City__c: '   ',
    Bank_Linking_Enabled__c: true,
    Bank_Linking_Enabled_At__c: '2026-02-03T04:05:06.789+02:00',
  });
  expect(made.status).toBe(201);
  expect(made.json).toEqual({ id: expect.stringMatching(/^a0P\w{15}$/), success: true, errors: [] });
  expect(toLongId(made.json.id.slice(0, 15))).toBe(made.json.id);
  expect(await read('made-1')).toMatchObject({
    Id: made.json.id,
    Name: 'New Court',
    City__c: null,
    Bank_Linking_Enabled_At__c: '2026-02-03T02:05:06.000+0000',
    SF_Property_ID__c: null,
    CreatedDate: '2026-06-01T12:00:00.000+0000',
    SystemModstamp: '2026-06-01T12:00:00.000+0000',
  });
  now += 5_000;
  const filled = await read('made-1');
  expect(filled.SF_Property_ID__c).toMatch(/^a1P\w{15}$/);
  expect([filled.LastModifiedDate, filled.SystemModstamp]).toEqual(['2026-06-01T12:00:00.000+0000', '2026-06-01T12:00:05.000+0000']);
  expect((await t.journal()).at(-1)).toMatchObject({ actor: 'workflow', operation: 'workflow', externalKey: 'made-1' });
});

test.each([
  [{ Snappt_Property_ID__c: 'x1' }, 'REQUIRED_FIELD_MISSING', ['Name']],
  [{ Name: '   ' }, 'REQUIRED_FIELD_MISSING', ['Name']],
  [{ Name: 'N'.repeat(81) }, 'STRING_TOO_LONG', ['Name']],
  [{ Name: 'N', Tier__c: 'Bronze' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['Tier__c']],
  [{ Name: 'N', Bank_Linking_Enabled__c: 'true' }, 'INVALID_TYPE_ON_FIELD_IN_RECORD', ['Bank_Linking_Enabled__c']],
  [{ Name: 'N', Bank_Linking_Enabled__c: null }, 'INVALID_TYPE_ON_FIELD_IN_RECORD', ['Bank_Linking_Enabled__c']],
  [{ Name: 5 }, 'INVALID_TYPE_ON_FIELD_IN_RECORD', ['Name']],
  [{ Name: 'N', Bank_Linking_Enabled_At__c: '2026-02-30T00:00:00Z' }, 'INVALID_TYPE_ON_FIELD_IN_RECORD', ['Bank_Linking_Enabled_At__c']],
  [{ Name: 'N', Locked__c: 'x', CreatedDate: '2026-01-01T00:00:00Z' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Locked__c', 'CreatedDate']],
  [{ Name: 'N', Nope__c: 'x' }, 'INVALID_FIELD', []],
  [{ Name: 'N', Snappt_Property_ID__c: 'prop-3' }, 'DUPLICATE_VALUE', []],
])('%j is refused with %s', async (fields, errorCode, named) => {
  const answer = await create(fields);
  expect([answer.status, answer.json[0].errorCode, answer.json[0].fields]).toEqual([400, errorCode, named]);
});

test('A row is read, changed and deleted by either spelling of its id and by its key', async () => {
  const longId = toLongId('a0P000000000001');
  expect((await t.call('PATCH', `${rows}/${longId}`, { City__c: 'Reno' })).status).toBe(204);
  expect((await t.call('GET', `${rows}/a0P000000000001?fields=City__c,Id`)).json).toMatchObject({ City__c: 'Reno' });
  expect((await t.call('DELETE', `${rows}/Snappt_Property_ID__c/prop-1`)).status).toBe(204);
  const gone = await t.call('GET', `${rows}/${longId}`);
  expect([gone.status, gone.json[0].errorCode]).toEqual([404, 'ENTITY_IS_DELETED']);
  expect((await t.call('PATCH', `${rows}/${longId}`, { City__c: 'X' })).status).toBe(404);
  expect((await create({ Name: 'Again', Snappt_Property_ID__c: 'prop-1' })).status).toBe(201);
});

test('An upsert by key creates, updates, keeps to updateOnly, and answers 300 for several records', async () => {
  const put = (key: string, body: unknown, query = ''): Promise<Answer> =>
    t.call('PATCH', `${rows}/Snappt_Property_ID__c/${encodeURIComponent(key)}${query}`, body);
  const made = await put('a/b ?1', { Name: 'Slash' });
  expect([made.status, made.json.created]).toEqual([201, true]);
  const changed = await put('a/b ?1', { Name: 'Slash 2' });
  expect([changed.status, changed.json]).toEqual([200, { id: made.json.id, success: true, errors: [], created: false }]);
  expect((await put('missing', { Name: 'M' }, '?updateOnly=true')).status).toBe(404);
  expect((await put('prop-2', { Id: 'a0P000000000002', Name: 'M' })).json[0].errorCode).toBe('INVALID_FIELD');
  const several = await put('twice', { Name: 'M' });
  expect([several.status, several.json]).toEqual([300, [`${rows}/a0P800000000001`, `${rows}/a0P800000000002`]]);
});

test('A conditional update is refused with 412 when the record changed since, by whole seconds', async () => {
  const patch = (since: string): Promise<Answer> =>
    t.call('PATCH', `${rows}/a0P000000000005`, { City__c: 'Once' }, { 'if-unmodified-since': since });
  expect((await patch('yesterday')).status).toBe(400);
  expect((await patch(new Date('2026-01-01T00:00:00Z').toUTCString())).status).toBe(204);
  const refused = await patch(new Date('2026-01-01T00:00:00Z').toUTCString());
  expect([refused.status, refused.text]).toEqual([412, '']);
  expect((await patch(new Date(now).toUTCString())).status).toBe(204);
});

test('A collections create answers in order, and the second record with a key is refused', async () => {
  const answer = await t.call('POST', collections, {
    allOrNone: false,
    records: [
      staged({ Name: 'A', Snappt_Property_ID__c: 'same' }),
      staged({ Name: 'B', Snappt_Property_ID__c: 'same' }),
      staged({ Name: 'C', Snappt_Property_ID__c: 'SAME' }),
      { attributes: { type: 'Nothing__c' }, Name: 'D' },
    ],
  });
  expect(answer.status).toBe(200);
  expect(answer.json.map((one: Json) => one.success)).toEqual([true, false, true, false]);
  expect(answer.json[1]).toEqual({
    success: false,
    errors: [
      {
        statusCode: 'DUPLICATE_VALUE',
        message: `duplicate value found: Snappt_Property_ID__c duplicates value on record with id: ${answer.json[0].id.slice(0, 15)}`,
        fields: [],
      },
    ],
  });
});

test('A collections update refuses each bad record by itself', async () => {
  const answer = await t.call('PATCH', collections, {
    records: [
      staged({ Id: 'a0P000000000006', City__c: 'Ok' }),
      staged({ id: toLongId('a0P000000000007'), Name: '' }),
      staged({ City__c: 'No id' }),
      staged({ Id: 'a0P777777777777', City__c: 'Unknown' }),
      staged({ Id: 'nonsense', City__c: 'Malformed' }),
      staged({ Id: 'a0P000000000001', City__c: 'Deleted' }),
      staged({ Id: 'a0P000000000008', City__c: 'Twice' }),
      staged({ Id: toLongId('a0P000000000008'), City__c: 'Twice' }),
    ],
  });
  expect(answer.json.map((one: Json) => one.errors[0]?.statusCode ?? 'ok')).toEqual([
    'ok',
    'REQUIRED_FIELD_MISSING',
    'MISSING_ARGUMENT',
    'INVALID_CROSS_REFERENCE_KEY',
    'MALFORMED_ID',
    'ENTITY_IS_DELETED',
    'DUPLICATE_VALUE',
    'DUPLICATE_VALUE',
  ]);
});

test('With allOrNone one failure undoes the whole call, in records and in the journal', async () => {
  const before = (await t.journal()).length;
  const answer = await t.call('PATCH', collections, {
    allOrNone: true,
    records: [staged({ Id: 'a0P000000000009', City__c: 'Gone' }), staged({ Id: 'a0P000000000010', Name: 'x'.repeat(99) })],
  });
  expect(answer.json.map((one: Json) => one.errors[0].statusCode)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'STRING_TOO_LONG']);
  expect((await read('prop-9')).City__c).toBe('Austin');
  expect((await t.journal()).length).toBe(before);
});

test('A collections upsert tells what it created and refuses a key given twice', async () => {
  const answer = await t.call('PATCH', `${collections}/Product_Property__c/Snappt_Property_ID__c`, {
    records: [
      staged({ Snappt_Property_ID__c: 'prop-11', City__c: 'Up' }),
      staged({ Snappt_Property_ID__c: 'fresh', Name: 'Fresh' }),
      staged({ Snappt_Property_ID__c: 'dup', Name: '1' }),
      staged({ Snappt_Property_ID__c: 'dup', Name: '2' }),
      staged({ Name: 'no key' }),
      staged({ Snappt_Property_ID__c: 'twice', City__c: 'Two' }),
    ],
  });
  expect(answer.json.map((one: Json) => one.created ?? one.errors[0].statusCode)).toEqual([
    false,
    true,
    'DUPLICATE_VALUE',
    'DUPLICATE_VALUE',
    'MISSING_ARGUMENT',
    'DUPLICATE_EXTERNAL_ID',
  ]);
});

test('A collections delete and retrieve answer per id', async () => {
  const removed = await t.call('DELETE', `${collections}?ids=a0P000000000012,a0P000000000001&allOrNone=true`);
  expect(removed.json.map((one: Json) => [one.id, one.errors[0].statusCode])).toEqual([
    ['a0P000000000012', 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
    [undefined, 'ENTITY_IS_DELETED'],
  ]);
  expect((await t.call('DELETE', `${collections}?ids=a0P000000000012`)).json).toEqual([{ id: 'a0P000000000012', success: true, errors: [] }]);
  const ids = ['a0P000000000013', 'a0P000000000012', 'a0P777777777777'];
  const posted = await t.call('POST', `${collections}/Product_Property__c`, { ids, fields: ['Name'] });
  expect(posted.json).toEqual([
    { attributes: expect.anything(), Id: 'a0P000000000013', Name: 'Property 00013' },
    null,
    null,
  ]);
  const got = await t.call('GET', `${collections}/Product_Property__c?ids=${ids.join(',')}&fields=Name`);
  expect(got.json).toEqual(posted.json);
});

test('A call that is too large or no JSON is refused as a whole', async () => {
  const many = await t.call('POST', collections, { records: Array.from({ length: 201 }, () => staged({ Name: 'N' })) });
  expect([many.status, many.json[0].errorCode]).toEqual([400, 'EXCEEDED_ID_LIMIT']);
  const broken = await t.call('POST', collections, '{"records":', { 'content-type': 'application/json' });
  expect([broken.status, broken.json[0].errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
  const nested = await t.call('POST', collections, { records: [staged({ Name: { a: 1 } }), staged({ Name: 'fine' })] });
  expect([nested.status, nested.json[0].errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
  expect((await t.call('POST', collections, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
});

test('Composite resolves references and honours conditional headers', async () => {
  const answer = await t.call('POST', `${base}/composite`, {
    allOrNone: false,
    compositeRequest: [
      { method: 'POST', url: rows, referenceId: 'made', body: { Name: 'By composite', Snappt_Property_ID__c: 'comp-1' } },
      { method: 'PATCH', url: `${rows}/@{made.id}`, referenceId: 'changed', body: { City__c: '@{made.id}' } },
      { method: 'GET', url: `${rows}/@{made.id}?fields=City__c`, referenceId: 'seen' },
      {
        method: 'PATCH',
        url: `${rows}/@{made.id}`,
        referenceId: 'late',
        httpHeaders: { 'If-Unmodified-Since': 'Thu, 01 Jan 2026 00:00:00 GMT' },
        body: { City__c: 'Late' },
      },
      { method: 'GET', url: `${base}/query?q=SELECT+COUNT()+FROM+Product_Property__c+WHERE+Name='By+composite'`, referenceId: 'counted' },
      { method: 'PATCH', url: `${rows}/@{nothing.id}`, referenceId: 'lost', body: {} },
    ],
  });
  const replies = answer.json.compositeResponse;
  expect(replies.map((one: Json) => [one.referenceId, one.httpStatusCode])).toEqual([
    ['made', 201],
    ['changed', 204],
    ['seen', 200],
    ['late', 412],
    ['counted', 200],
    ['lost', 400],
  ]);
  expect(replies[1].body).toBeNull();
  expect(replies[2].body.City__c).toBe(replies[0].body.id);
  expect(replies[4].body.totalSize).toBe(1);
});

test('Composite with allOrNone undoes every subrequest when one fails', async () => {
  const answer = await t.call('POST', `${base}/composite`, {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url: rows, referenceId: 'one', body: { Name: 'Undone', Snappt_Property_ID__c: 'undone' } },
      { method: 'POST', url: rows, referenceId: 'two', body: {} },
    ],
  });
  expect(answer.json.compositeResponse.map((one: Json) => one.body[0].errorCode)).toEqual(['PROCESSING_HALTED', 'REQUIRED_FIELD_MISSING']);
  expect((await t.call('GET', `${rows}/Snappt_Property_ID__c/undone`)).status).toBe(404);
  const requests = Array.from({ length: 26 }, (_, index) => ({ method: 'GET', url: rows, referenceId: `r${index}` }));
  expect((await t.call('POST', `${base}/composite`, { compositeRequest: requests })).status).toBe(400);
});

test('Of many simultaneous creates with one key exactly one succeeds', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create({ Name: 'Race', Snappt_Property_ID__c: 'race' })));
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
  expect(answers.filter((answer) => answer.json[0]?.errorCode === 'DUPLICATE_VALUE')).toHaveLength(19);
});

test('A client can follow which records were updated and deleted in a time', async () => {
  const window = `start=${encodeURIComponent('2026-06-01T12:00:30+00:00')}&end=${encodeURIComponent('2026-06-01T12:05:00+00:00')}`;
  const updated = (await t.call('GET', `${rows}/updated/?${window}`)).json;
  expect(updated.latestDateCovered).toBe('2026-06-01T12:05:00.000+0000');
  expect(updated.ids).toContain('a0P000000000006');
  expect(updated.ids).not.toContain('a0P000000000020');
  const deleted = (await t.call('GET', `${rows}/deleted/?${window}`)).json;
  expect(deleted.deletedRecords).toContainEqual({ id: 'a0P000000000012', deletedDate: expect.stringMatching(/^2026-06-01T12:00:0/) });
  expect((await t.call('GET', `${rows}/updated/?start=x&end=y`)).json[0].errorCode).toBe('INVALID_REPLICATION_DATE');
});

test('Objects other than the staging object cannot be written', async () => {
  expect((await t.call('POST', `${base}/sobjects/User`, { Username: 'x' })).status).toBe(400);
  const answer = await t.call('POST', collections, { records: [{ attributes: { type: 'User' }, Username: 'x' }] });
  expect(answer.json[0].success).toBe(false);
});
