import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Org, OrgRecord } from '../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from './simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;
const html = '<html><body>Down for maintenance</body></html>';

interface Logged {
  method: string;
  path: string;
  status: number;
}

describe('faults of strict writes', () => {
  let server: OrgServer;
  let org: Org;
  let key = 0;
  const fault = (match: object, action: object): Promise<unknown> => server.control('POST', '/faults', { match, action });
  const read = async (name: string): Promise<OrgRecord | undefined> => (await org.readByKeys({ object, keyField, keys: [name], fields: ['City__c', 'LastModifiedDate'] }, signal))[0];
  const seeded = async (name: string): Promise<OrgRecord> => {
    const record = await read(name);
    if (!record) throw new Error(`no record ${name}`);
    return record;
  };
  const update = (record: OrgRecord, city: string) => org.updateStrict({ object, records: [{ record: { Id: record.Id, City__c: city }, unmodifiedSince: String(record['LastModifiedDate']) }] }, signal);
  const composites = async (): Promise<number[]> => ((await server.control('GET', '/calls')) as { recent: Logged[] }).recent.filter((call) => call.path.endsWith('/composite')).map((call) => call.status);

  beforeAll(async () => {
    server = await startOrgServer({ seedRecords: 100 });
    org = server.open(server.connect.password);
    await org.identity(signal);
  });
  afterAll(() => server.close());
  afterEach(() => server.control('DELETE', '/faults'));

  it.each([
    ['a connection dropped before the effect', { drop: 'before-effect' }, { effect: 'unknown' }, false],
    ['a connection dropped after the effect', { drop: 'after-effect' }, { effect: 'unknown' }, true],
    ['an answer that breaks off', { drop: 'mid-body' }, { effect: 'unknown' }, true],
    ['half of the JSON', { truncateJson: true }, { effect: 'unknown', code: 'UNREADABLE_ANSWER' }, true],
    ['HTTP 500 after the effect', { effectThen: { status: 500 } }, { effect: 'unknown', status: 500 }, true],
    ['a page with status 200', { status: 200, html }, { effect: 'unknown', code: 'UNREADABLE_ANSWER' }, false],
    ['HTTP 503', { status: 503, html }, { effect: 'not-processed', retryable: true }, false],
    ['HTTP 429', { status: 429, body: [] }, { effect: 'not-processed', retryable: true }, false],
  ])('Row 12: a strict write that meets %s is sent once and says what is known of its effect', async (_name, action, expected, written) => {
    key += 1;
    await fault({ path: '/composite$' }, action);
    const before = org.usage().writeCalls;
    await expect(org.insertStrict({ object, records: [{ [keyField]: `strict-fault-${key}`, Name: 'x' }] }, signal)).rejects.toMatchObject({ name: 'OrgCallError', ...expected });
    expect(org.usage().writeCalls - before).toBe(1);
    expect((await read(`strict-fault-${key}`)) !== undefined).toBe(written);
  });

  it.each([
    ['503 without effect', { status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }] }, { code: 'SUBREQUEST_503', retryable: true }],
    ['429 without effect', { status: 429, body: [] }, { code: 'SUBREQUEST_429', retryable: true }],
    ['the daily limit', { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'x' }] }, { code: 'SUBREQUEST_403', retryable: false }],
    ['500 after the effect', { effectThen: { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }] } }, { code: 'SUBREQUEST_500', retryable: false }],
  ])('a part answered with %s leaves the effect of the whole call unknown', async (_name, action, expected) => {
    const records = await Promise.all(['seed-11', 'seed-12'].map(seeded));
    await fault({ path: `/sobjects/${object}/${records[1]?.Id}$` }, action);
    const city = JSON.stringify(action).slice(0, 20);
    const write = org.updateStrict({ object, records: records.map(({ Id }) => ({ record: { Id, City__c: city }, unmodifiedSince: '2100-01-01T00:00:00.000Z' })) }, signal);
    await expect(write).rejects.toMatchObject({ name: 'OrgCallError', effect: 'unknown', ...expected });
    expect(await read('seed-11')).toMatchObject({ City__c: city });
  });

  it('Row 7: an update that takes effect late is refused when the record was written meanwhile', async () => {
    const record = await seeded('seed-21');
    await fault({ path: '/composite$' }, { drop: 'before-effect', effectAfterMs: 2_500 });
    await expect(update(record, 'Late')).rejects.toMatchObject({ effect: 'unknown' });
    expect(await update(record, 'Again')).toEqual([{ ok: true, id: record.Id }]);
    const logged = await composites();
    await expect.poll(async () => (await composites()).length, { timeout: 20_000 }).toBe(logged.length + 1);
    expect(await read('seed-21')).toMatchObject({ City__c: 'Again' });
    const { entries } = (await server.control('GET', '/journal?limit=10000')) as { entries: { externalKey: string; operation: string }[] };
    expect(entries.filter((entry) => entry.externalKey === 'seed-21')).toHaveLength(1);
  });

  it('Row 7: a create that takes effect late is refused for its key when it was sent again meanwhile', async () => {
    const create = () => org.insertStrict({ object, records: [{ [keyField]: 'late-create', Name: 'x' }] }, signal);
    await fault({ path: '/composite$' }, { drop: 'before-effect', effectAfterMs: 2_500 });
    await expect(create()).rejects.toMatchObject({ effect: 'unknown' });
    expect(await create()).toMatchObject([{ ok: true }]);
    const logged = await composites();
    await expect.poll(async () => (await composites()).length, { timeout: 20_000 }).toBe(logged.length + 1);
    const { entries } = (await server.control('GET', '/journal?limit=10000')) as { entries: { externalKey: string; operation: string }[] };
    expect(entries.filter((entry) => entry.externalKey === 'late-create' && entry.operation === 'create')).toHaveLength(1);
  });
});
