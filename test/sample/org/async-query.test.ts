import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCsv } from '../../../electron/sample/org/bulk/csv.ts';
import { base, orgUnderTest, seedRecords, type Answer, type OrgUnderTest } from './independent-client.ts';

let t: OrgUnderTest;
let session: Record<string, string>;
beforeAll(async () => {
  t = await orgUnderTest(seedRecords(2_500));
  const { username, password, clientId, clientSecret } = t.org.credentials;
  const form = new URLSearchParams({ grant_type: 'password', username, password, client_id: clientId, client_secret: clientSecret });
  session = { 'x-sfdc-session': (await t.open('POST', '/services/oauth2/token', form)).json.access_token };
});
afterAll(() => t.close());

const jobs = '/services/async/64.0/job';
const ask = (method: string, path: string, body?: string): Promise<Answer> => t.open(method, path, body, { ...session, 'content-type': 'application/xml' });
const element = (answer: Answer, name: string): string => new RegExp(`<${name}>([^<]*)<`, 'u').exec(answer.text)?.[1] ?? '';
const newJob = (operation = 'query'): Promise<Answer> => ask('POST', jobs, `<jobInfo><operation>${operation}</operation><object>Product_Property__c</object><contentType>CSV</contentType></jobInfo>`);

async function batchOf(soql: string): Promise<{ job: string; batch: string; state: string; message: string }> {
  const job = element(await newJob(), 'id');
  const batch = element(await ask('POST', `${jobs}/${job}/batch`, soql), 'id');
  for (;;) {
    const info = await ask('GET', `${jobs}/${job}/batch/${batch}`);
    const state = element(info, 'state');
    if (state === 'Completed' || state === 'Failed') return { job, batch, state, message: element(info, 'stateMessage') };
  }
}

test('A query by Bulk API 1.0 answers every row as CSV, and its job can be closed', async () => {
  const { job, batch, state } = await batchOf("SELECT Id, City__c, Identity_Verification_Enabled__c FROM Product_Property__c WHERE City__c = 'Austin'");
  expect(state).toBe('Completed');
  const result = element(await ask('GET', `${jobs}/${job}/batch/${batch}/result`), 'result');
  const rows = parseCsv((await ask('GET', `${jobs}/${job}/batch/${batch}/result/${result}`)).text, ',') ?? [];
  expect(rows.slice(0, 2)).toEqual([
    ['Id', 'City__c', 'Identity_Verification_Enabled__c'],
    ['a0P000000000001', 'Austin', 'true'],
  ]);
  expect(new Set(rows.slice(1).map(([id]) => id)).size).toBe(1_250);
  expect(element(await ask('GET', `${jobs}/${job}`), 'state')).toBe('Open');
  expect(element(await ask('POST', `${jobs}/${job}`, '<jobInfo><state>Closed</state></jobInfo>'), 'state')).toBe('Closed');
  expect(element(await ask('POST', `${jobs}/${job}/batch`, 'SELECT Id FROM User'), 'exceptionCode')).toBe('InvalidJobState');
});

test('A wrong query fails its batch and says why', async () => {
  const { job, batch, state, message } = await batchOf('SELECT Nothing__c FROM Product_Property__c');
  expect([state, message]).toEqual(['Failed', expect.stringContaining('INVALID_FIELD: No such column')]);
  expect(element(await ask('GET', `${jobs}/${job}/batch/${batch}/result`), 'exceptionCode')).toBe('InvalidBatch');
});

test('Bulk API 1.0 refuses another session, an unknown job and other operations in its own words', async () => {
  const without = await t.call('POST', jobs, '<jobInfo/>');
  expect([without.status, element(without, 'exceptionCode')]).toEqual([400, 'InvalidSessionId']);
  expect(element(await ask('GET', `${jobs}/750000000000000AAA`), 'exceptionCode')).toBe('InvalidJob');
  expect(element(await newJob('insert'), 'exceptionCode')).toBe('InvalidOperation');
  expect(element(await ask('GET', '/services/async/64.0/nothing'), 'exceptionCode')).toBe('InvalidUrl');
});

test('Jobs that have no query yet do not disturb an org that starts again', async () => {
  const job = element(await newJob(), 'id');
  const again = await t.restart();
  expect((await again.call('GET', `${base}/jobs/query/${job}`)).json.state).toBe('Open');
  await again.org.close();
});
