/**
 * What a script without any safety does: jsforce, 200 records a call, one call after the other, nothing read before or after.
 * `node push-bare.ts JSON` with `{ address, creates, updates }`; prints `{ seconds, peakMb }`.
 */
import { Connection } from '@jsforce/jsforce-node';
import { watchMemory } from './memory.ts';
import type { OrgAddress } from './org-process.ts';
import { createValues, keyOf, recordIdOf, updateValues } from './push-plan.ts';

const perCall = 200;
const { address, creates, updates } = JSON.parse(process.argv[2] ?? '') as { address: OrgAddress; creates: number; updates: number };
const memory = watchMemory();
const connection = new Connection({ loginUrl: address.url, version: '64.0', oauth2: { loginUrl: address.url, clientId: address.clientId, clientSecret: address.clientSecret } });
await connection.oauth2.authenticate(address.username, address.password).then(({ access_token: accessToken, instance_url: instanceUrl }) => connection._establish({ accessToken, instanceUrl }));

const started = performance.now();
const attributes = { type: 'Product_Property__c' };
for (let start = 1; start <= creates; start += perCall) {
  const records = Array.from({ length: Math.min(perCall, creates - start + 1) }, (_, index) => ({ attributes, Snappt_Property_ID__c: keyOf('create', start + index), ...createValues(start + index) }));
  await write('POST', records);
}
for (let start = 1; start <= updates; start += perCall) {
  const records = Array.from({ length: Math.min(perCall, updates - start + 1) }, (_, index) => ({ attributes, id: recordIdOf(start + index), ...updateValues(start + index) }));
  await write('PATCH', records);
}
process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1_000, peakMb: memory.peakMb() }));
memory.stop();

async function write(method: 'POST' | 'PATCH', records: readonly object[]): Promise<void> {
  const answer = await connection.request<{ success: boolean }[]>({ method, url: '/composite/sobjects', body: JSON.stringify({ allOrNone: false, records }), headers: { 'content-type': 'application/json' } });
  if (!answer.every(({ success }) => success)) throw new Error('A record was refused.');
}
