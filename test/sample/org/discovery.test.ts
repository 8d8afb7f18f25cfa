import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { base, orgUnderTest, type Json, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
beforeAll(async () => {
  t = await orgUnderTest([], { dailyApiLimit: 1000, fields: [{ name: 'Secret__c', label: 'Secret', type: 'string', visible: false }] });
});
afterAll(() => t.close());

test('Versions are listed without signing in, resources and limits with it', async () => {
  const versions = await t.open('GET', '/services/data');
  expect(versions.json.map((one: Json) => one.version)).toEqual(expect.arrayContaining(['64.0', '65.0', '67.0']));
  const resources = await t.call('GET', `${base}/`);
  expect(resources.json).toMatchObject({ sobjects: `${base}/sobjects`, query: `${base}/query` });
  expect(resources.json.identity).toMatch(`${t.org.url}/id/${t.org.orgId}/005`);
  const limits = await t.call('GET', `${base}/limits`);
  expect(limits.json.DailyApiRequests.Max).toBe(1000);
  expect(limits.json.DailyApiRequests.Remaining).toBeLessThan(1000);
});

test('Describe tells types, lengths, keys and rights, and leaves hidden fields out', async () => {
  const described = (await t.call('GET', `${base}/sobjects/Product_Property__c/describe`)).json;
  const fields = new Map<string, Json>(described.fields.map((field: Json) => [field.name, field]));
  expect(described).toMatchObject({ keyPrefix: 'a0P', label: 'Product Property', custom: true, createable: true });
  expect(fields.get('Name')).toMatchObject({ type: 'string', length: 80, nillable: false, nameField: true });
  expect(fields.get('Snappt_Property_ID__c')).toMatchObject({ length: 64, externalId: true, unique: true, caseSensitive: true, idLookup: true });
  expect(fields.get('SF_Property_ID__c')).toMatchObject({ length: 18, externalId: true, unique: false });
  expect(fields.get('Bank_Linking_Enabled__c')).toMatchObject({ type: 'boolean', nillable: false, defaultedOnCreate: true });
  expect(fields.get('SystemModstamp')).toMatchObject({ type: 'datetime', createable: false, updateable: false });
  expect(fields.has('Secret__c')).toBe(false);
  const list = (await t.call('GET', `${base}/sobjects`)).json;
  expect(list.sobjects.map((one: Json) => one.name)).toEqual(['Product_Property__c', 'User', 'Organization', 'ScratchOrgInfo']);
  const known = await t.call('GET', `${base}/sobjects/Product_Property__c/describe`, undefined, { 'if-modified-since': new Date().toUTCString() });
  expect(known.status).toBe(304);
});

test('What does not exist is refused with its HTTP status', async () => {
  expect((await t.call('GET', `${base}/sobjects/Nothing__c/describe`)).json).toEqual([
    { message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' },
  ]);
  expect((await t.call('GET', '/services/data/v99.0/limits')).status).toBe(404);
  expect((await t.call('GET', '/services/data/v25.0/limits')).status).toBe(410);
  expect((await t.call('PUT', `${base}/sobjects/Product_Property__c`)).status).toBe(405);
  expect((await t.open('GET', '/nowhere')).status).toBe(404);
  expect((await t.open('GET', `${base}/limits`)).status).toBe(401);
});

test('An address over 16,384 bytes is refused with 414, long headers with 431', async () => {
  expect((await t.call('GET', `${base}/query?q=${'x'.repeat(16_400)}`)).status).toBe(414);
  expect((await t.call('GET', `${base}/limits`, undefined, { 'x-long': 'x'.repeat(16_400) })).status).toBe(431);
});

test('Another Host header than that of the loopback address is refused', async () => {
  const { port } = new URL(t.org.url);
  const status = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/services/data', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  expect(await status(`localhost:${port}`)).toBe(200);
  expect(await status('attacker.example')).toBe(421);
  expect(await status('127.0.0.1')).toBe(421);
});

test('After the daily limit every API call is refused, but not sign-in or control', async () => {
  const small = await orgUnderTest([], { dailyApiLimit: 2 });
  expect((await small.call('GET', `${base}/limits`)).status).toBe(200);
  const last = await small.call('GET', `${base}/limits`);
  expect(last.headers.get('sforce-limit-info')).toBe('api-usage=2/2');
  const refused = await small.call('GET', `${base}/limits`);
  expect([refused.status, refused.json]).toEqual([403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]]);
  expect((await small.open('GET', '/_control/calls')).json.apiUsed).toBe(2);
  await small.close();
});
