import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from './simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;
const html = '<html><body>Down for maintenance</body></html>';

describe('faults of an org', () => {
  let server: OrgServer;
  let org: Org;
  let waits: number[];
  let key = 0;
  const fault = (match: object, action: object, times = 1): Promise<unknown> => server.control('POST', '/faults', { match, action, times });
  const insertOne = (): Promise<unknown> => {
    key += 1;
    return org.insert({ object, records: [{ [keyField]: `fault-${key}`, Name: 'Fault' }] }, signal);
  };
  const wasWritten = async (): Promise<boolean> => (await org.readByKeys({ object, keyField, keys: [`fault-${key}`], fields: [] }, signal)).length === 1;

  beforeAll(async () => {
    server = await startOrgServer({ seedRecords: 500, org: { pageSize: 200 } });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    waits = [];
    org = server.open(server.connect.password, {
      sleep: async (ms) => {
        waits.push(ms);
      },
    });
  });
  afterEach(() => server.control('DELETE', '/faults'));

  const writeCases: [string, object, object, boolean][] = [
    ['a connection dropped before the effect', { drop: 'before-effect' }, { effect: 'unknown', retryable: false }, false],
    ['a connection dropped after the effect', { drop: 'after-effect' }, { effect: 'unknown', retryable: false }, true],
    ['an answer that breaks off', { drop: 'mid-body' }, { effect: 'unknown' }, true],
    ['half of the JSON', { truncateJson: true }, { effect: 'unknown', code: 'UNREADABLE_ANSWER' }, true],
    ['HTTP 500 after the effect', { effectThen: { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }] } }, { effect: 'unknown', status: 500 }, true],
    ['HTTP 502 from an edge', { status: 502, html }, { effect: 'unknown', status: 502 }, false],
    ['HTTP 504 after the effect', { effectThen: { status: 504 } }, { effect: 'unknown', status: 504 }, true],
    ['a page in HTML with status 200', { status: 200, html }, { effect: 'unknown', code: 'UNREADABLE_ANSWER' }, false],
    ['HTTP 503 with Retry-After', { status: 503, body: [], headers: { 'Retry-After': '7' } }, { effect: 'not-processed', retryable: true, retryAfterMs: 7000 }, false],
    ['HTTP 503 as a page', { status: 503, html }, { effect: 'not-processed', retryable: true }, false],
    ['HTTP 429', { status: 429, body: [] }, { effect: 'not-processed', retryable: true, code: 'HTTP_429' }, false],
    [
      'the daily limit',
      { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] },
      { effect: 'not-processed', retryable: false, code: 'REQUEST_LIMIT_EXCEEDED' },
      false,
    ],
    ['a refusal of the whole call', { status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR', message: 'no' }] }, { effect: 'not-processed', retryable: false, code: 'JSON_PARSER_ERROR' }, false],
    ['a redirect', { status: 307, headers: { Location: 'https://elsewhere.example/' } }, { effect: 'unknown', code: 'REDIRECT' }, false],
  ];

  it.each(writeCases)('a write that meets %s is sent once and says what is known of its effect', async (_name, action, expected, written) => {
    await org.identity(signal);
    await fault({ method: 'POST', path: '/composite/sobjects$' }, action);
    const before = org.usage().writeCalls;
    await expect(insertOne()).rejects.toMatchObject({ name: 'OrgCallError', ...expected });
    expect(org.usage().writeCalls - before).toBe(1);
    expect(await wasWritten()).toBe(written);
  });

  it('a write whose caller gives up in flight has an unknown effect', async () => {
    await org.identity(signal);
    await fault({ method: 'POST', path: '/composite/sobjects$' }, { delayMs: 200 });
    const stop = new AbortController();
    const write = org.insert({ object, records: [{ [keyField]: 'given-up', Name: 'x' }] }, stop.signal);
    while (org.usage().writeCalls === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await expect(write).rejects.toMatchObject({ name: 'OrgCallError', effect: 'unknown', code: 'ABORTED' });
  });

  const repeated: [string, object][] = [
    ['HTTP 503', { status: 503, html }],
    ['HTTP 429', { status: 429, body: [] }],
    ['a dropped connection', { drop: 'before-effect' }],
    ['an answer that breaks off', { drop: 'mid-body' }],
  ];

  it.each(repeated)('a read that meets %s twice is repeated with growing waits', async (_name, action) => {
    await org.identity(signal);
    await fault({ method: 'GET', path: '/query' }, action, 2);
    expect(await org.countRecords(object, signal)).toBeGreaterThanOrEqual(450);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeLessThan((waits[1] ?? 0) * 3);
  });

  it('a read waits as long as Salesforce asks', async () => {
    await fault({ path: '/query' }, { status: 503, body: [], headers: { 'Retry-After': '9' } });
    await org.countRecords(object, signal);
    expect(waits).toEqual([9000]);
  });

  const readCases: [string, object, string, number][] = [
    ['HTTP 503 for ever', { status: 503, html }, 'org-unavailable', 4],
    ['HTTP 429 for ever', { status: 429, body: [] }, 'rate-limited', 4],
    ['a long wait asked for', { status: 503, body: [], headers: { 'Retry-After': '3600' } }, 'org-unavailable', 0],
    ['the daily limit', { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'x' }] }, 'rate-limited', 0],
    ['a missing right', { status: 403, body: [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'x' }] }, 'permission-denied', 0],
    ['HTTP 500', { status: 500, html }, 'org-unavailable', 0],
    ['a page in HTML with status 200', { status: 200, html }, 'org-unavailable', 0],
    ['an answer of another kind', { status: 200, body: { records: 'none' } }, 'org-unavailable', 0],
  ];

  it.each(readCases)('a read that meets %s says so in plain words', async (_name, action, code, repeats) => {
    await fault({ method: 'GET', path: '/query' }, action, -1);
    const error = await org.countRecords(object, signal).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error instanceof AppFailure && error.error.code).toBe(code);
    expect(waits).toHaveLength(repeats);
  });

  it('a scan that loses a page in between repeats that page only', async () => {
    await fault({ method: 'GET', path: '/query/01g' }, { drop: 'mid-body' });
    const ids: string[] = [];
    for await (const page of org.scan({ object, fields: [] }, signal)) ids.push(...page.map((record) => record.Id));
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(await org.countRecords(object, signal));
  });

  it('a scan during which records vanish says that it is not whole', async () => {
    const scan = async (): Promise<void> => {
      let isFirst = true;
      for await (const page of org.scan({ object, fields: [] }, signal)) {
        if (!isFirst) continue;
        isFirst = false;
        const all = (await server.control('GET', '/records?limit=10000')) as { records: { Id: string }[] };
        const later = all.records.filter((record) => record.Id > (page.at(-1)?.Id ?? ''));
        await server.control('DELETE', `/records/${later.at(-1)?.Id}`);
      }
    };
    await expect(scan()).rejects.toMatchObject({ error: { code: 'org-unavailable' } });
  });

  it('repeats a read by ids, though it is a POST', async () => {
    const [first] = (await org.readByKeys({ object, keyField, keys: ['seed-1'], fields: [] }, signal)) as [{ Id: string }];
    await fault({ method: 'POST', path: '/composite/sobjects/Product' }, { drop: 'before-effect' });
    expect(await org.readByIds({ object, ids: [first.Id], fields: [keyField] }, signal)).toMatchObject([{ [keyField]: 'seed-1' }]);
  });
});
