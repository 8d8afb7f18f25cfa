import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Org } from '../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from './simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;

describe('Row 9: a session that expires', () => {
  let server: OrgServer;
  const tokenCalls = async (): Promise<number> => {
    const calls = (await server.control('GET', '/calls')) as { byRoute: Record<string, number> };
    return calls.byRoute['POST /services/oauth2/token'] ?? 0;
  };
  const open = async (saved: string[] = []): Promise<Org> => {
    const { accessToken, refreshToken } = await server.signInPerson();
    const { url, credentials } = server.simulated;
    return server.open({ instanceUrl: url, loginUrl: url, clientId: credentials.clientId, accessToken, refreshToken }, { saveRefreshToken: async (token) => void saved.push(token) });
  };
  const created = async (name: string): Promise<number> => {
    const { entries } = (await server.control('GET', '/journal?limit=10000')) as { entries: { externalKey: string | null; operation: string }[] };
    const keys = entries.flatMap((entry) => (entry.operation === 'create' && entry.externalKey?.startsWith(`${name}-`) ? [entry.externalKey] : []));
    expect(new Set(keys).size).toBe(keys.length);
    return keys.length;
  };

  beforeAll(async () => {
    server = await startOrgServer();
  });
  afterAll(() => server.close());

  /** Parts of a Composite call have no session of their own. */
  const wholeCall = '^/services/(?!data/v[0-9.]+/sobjects/\\w+(/a0P\\w+)?$)';

  /** A little of everything that a run does. */
  const work = async (org: Org, name: string): Promise<void> => {
    await org.identity(signal);
    const record = (part: string) => ({ [keyField]: `${name}-${part}`, Name: 'x' });
    const results = [...(await org.insert({ object, records: [record('collections')] }, signal)), ...(await org.insertStrict({ object, records: [record('strict')] }, signal))];
    expect(results.map((result) => result.ok)).toEqual([true, true]);
    const { id } = await org.bulk.create({ object, operation: 'insert' }, signal);
    await org.bulk.upload({ jobId: id, records: [record('bulk')] }, signal);
    await org.bulk.close(id, signal);
    while ((await org.bulk.job(id, signal))?.state !== 'JobComplete');
    for await (const page of org.bulk.results(id, signal)) results.push(...page.map((row) => (row.outcome === 'succeeded' ? { ok: true as const, id: row.id } : { ok: false as const, code: row.outcome, message: '', fields: [] })));
    const read = await org.readByKeys({ object, keyField, keys: ['collections', 'strict', 'bulk'].map((part) => `${name}-${part}`), fields: ['LastModifiedDate'] }, signal);
    expect(read.map((one) => one.Id).sort()).toEqual(results.map((result) => (result.ok ? result.id : '')).sort());
    const [first] = read;
    if (!first) throw new Error('nothing was read');
    const updates = [
      ...(await org.update({ object, records: [{ Id: first.Id, City__c: 'A' }] }, signal)),
      ...(await org.updateStrict({ object, records: [{ record: { Id: first.Id, City__c: 'B' }, unmodifiedSince: '2100-01-01T00:00:00.000Z' }] }, signal)),
    ];
    expect(updates).toEqual([{ ok: true, id: first.Id }, { ok: true, id: first.Id }]);
  };

  it('at any request k is renewed once, that request is sent again, and everything happens once', async () => {
    let met = 0;
    for (let k = 0; ; k += 1) {
      const saved: string[] = [];
      const org = await open(saved);
      const before = await tokenCalls();
      await server.control('POST', '/faults', { match: { path: wholeCall, after: k }, action: { unauthorized: true } });
      await work(org, `k${k}`);
      const { faults } = (await server.control('GET', '/faults')) as { faults: { used: number }[] };
      await server.control('DELETE', '/faults');
      expect([k, await created(`k${k}`)]).toEqual([k, 3]);
      if (faults[0]?.used === 0) break;
      met += 1;
      expect([k, (await tokenCalls()) - before, saved.length]).toEqual([k, 1, 1]);
    }
    expect(met).toBeGreaterThanOrEqual(14);
  }, 120_000);

  it('under fifty reads and writes at once is renewed once, and each write happens once', async () => {
    const saved: string[] = [];
    const org = await open(saved);
    await org.describe(object, signal);
    await server.control('POST', '/tokens/expire');
    const before = await tokenCalls();
    const one = (index: number): Promise<unknown> => {
      const records = [{ [keyField]: `many-${index}`, Name: 'x' }];
      if (index % 5 === 0) return org.countRecords(object, signal);
      if (index % 5 === 1) return org.bulk.create({ object, operation: 'insert' }, signal);
      return index % 2 === 0 ? org.insert({ object, records }, signal) : org.insertStrict({ object, records }, signal);
    };
    await Promise.all(Array.from({ length: 50 }, (_, index) => one(index)));
    expect([(await tokenCalls()) - before, saved.length, await created('many')]).toEqual([1, 1, 30]);
  });
});
