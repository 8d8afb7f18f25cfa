import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { BulkJob, BulkRow, Org } from '../../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from '../simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;
const html = '<html><body>Down for maintenance</body></html>';
const unavailable = [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }];

describe('faults of a bulk job', () => {
  let server: OrgServer;
  let org: Org;
  let key = 0;
  const fault = (match: object, action: object, times = 1): Promise<unknown> => server.control('POST', '/faults', { match, action, times });
  const create = (): Promise<BulkJob> => org.bulk.create({ object, operation: 'insert' }, signal);
  const upload = (jobId: string, count = 1): Promise<void> =>
    org.bulk.upload({ jobId, records: Array.from({ length: count }, () => ({ [keyField]: `job-${(key += 1)}`, Name: 'In a job' })) }, signal);
  const uploaded = async (count = 1): Promise<string> => {
    const { id } = await create();
    await upload(id, count);
    return id;
  };
  const untilEnded = async (id: string): Promise<BulkJob> => {
    for (;;) {
      const job = await org.bulk.job(id, signal);
      if (job && !['Open', 'UploadComplete', 'InProgress'].includes(job.state)) return job;
    }
  };
  const rowsOf = async (id: string): Promise<BulkRow[]> => {
    const rows: BulkRow[] = [];
    for await (const page of org.bulk.results(id, signal)) rows.push(...page);
    return rows;
  };

  beforeAll(async () => {
    server = await startOrgServer();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    org = server.open(server.connect.password);
    await org.identity(signal);
  });
  afterEach(() => server.control('DELETE', '/faults'));

  const steps: Record<'create' | 'upload' | 'close' | 'abort', { match: object; prepare(): Promise<string>; send(id: string): Promise<unknown>; hadEffect(id: string): Promise<boolean> }> = {
    create: {
      match: { method: 'POST', path: '/jobs/ingest$' },
      prepare: async () => String(((await server.control('GET', '/calls')) as { total: number }).total),
      send: create,
      // A job that was made and never heard of again does nothing.
      hadEffect: async () => false,
    },
    upload: {
      match: { method: 'PUT', path: '/batches$' },
      prepare: async () => (await create()).id,
      send: (id) => upload(id),
      hadEffect: (id) => org.bulk.close(id, signal).then(() => true, () => false),
    },
    close: {
      match: { method: 'PATCH', path: '/jobs/ingest/' },
      prepare: () => uploaded(),
      send: (id) => org.bulk.close(id, signal),
      hadEffect: async (id) => (await org.bulk.job(id, signal))?.state !== 'Open',
    },
    abort: {
      match: { method: 'PATCH', path: '/jobs/ingest/' },
      prepare: () => uploaded(),
      send: (id) => org.bulk.abort(id, signal),
      hadEffect: async (id) => (await org.bulk.job(id, signal))?.state === 'Aborted',
    },
  };
  const faults: [string, object, object, boolean][] = [
    ['a connection dropped before the effect', { drop: 'before-effect' }, { effect: 'unknown' }, false],
    ['a connection dropped after the effect', { drop: 'after-effect' }, { effect: 'unknown' }, true],
    ['HTTP 502 after the effect', { effectThen: { status: 502 } }, { effect: 'unknown', status: 502 }, true],
    ['HTTP 504 from an edge', { status: 504, html }, { effect: 'unknown', status: 504 }, false],
    ['a page with status 200', { status: 200, html }, { effect: 'unknown', code: 'UNREADABLE_ANSWER' }, false],
    ['HTTP 503 with Retry-After', { status: 503, body: unavailable, headers: { 'Retry-After': '7' } }, { effect: 'not-processed', retryable: true, retryAfterMs: 7000 }, false],
    ['HTTP 429', { status: 429, body: [] }, { effect: 'not-processed', retryable: true }, false],
    ['the daily limit', { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'x' }] }, { effect: 'not-processed', retryable: false, code: 'REQUEST_LIMIT_EXCEEDED' }, false],
  ];
  const cells = Object.keys(steps).flatMap((step) => faults.map((one) => [step as keyof typeof steps, ...one] as const));

  it.each(cells)('Row 34: the %s that meets %s is sent once, and the job itself says what happened', async (step, _name, action, expected, hadEffect) => {
    const { match, prepare, send, hadEffect: look } = steps[step];
    const id = await prepare();
    await fault(match, action);
    const before = org.usage().writeCalls;
    await expect(send(id)).rejects.toMatchObject({ name: 'OrgCallError', ...expected });
    expect(org.usage().writeCalls - before).toBe(1);
    if (step !== 'create') expect(await look(id)).toBe(hadEffect);
  });

  it.each([
    ['HTTP 503', { status: 503, html }],
    ['HTTP 429', { status: 429, body: [] }],
    ['a dropped connection', { drop: 'before-effect' }],
    ['an answer that breaks off', { drop: 'mid-body' }],
  ])('Row 12: looking at a job and reading its results is repeated after %s', async (_name, action) => {
    const id = await uploaded(3);
    await org.bulk.close(id, signal);
    await untilEnded(id);
    await fault({ method: 'GET', path: '/jobs/ingest/\\w+$' }, action, 2);
    expect(await org.bulk.job(id, signal)).toMatchObject({ state: 'JobComplete', processed: 3 });
    await fault({ method: 'GET', path: '/successfulResults' }, action, 2);
    expect(await rowsOf(id)).toHaveLength(3);
  });

  it('results that cannot be read are an org that is unavailable, and are there at the next try', async () => {
    const id = await uploaded(3);
    await org.bulk.close(id, signal);
    await untilEnded(id);
    for (const action of [{ truncateJson: true }, { status: 200, html }, { status: 500, html }]) {
      await fault({ path: '/successfulResults' }, action);
      const failure = await rowsOf(id).catch((error: unknown) => error);
      expect(failure instanceof AppFailure && failure.error.code).toBe('org-unavailable');
    }
    expect(await rowsOf(id)).toHaveLength(3);
  });

  it('an edge page that says 404 does not make a job unknown', async () => {
    const id = await uploaded();
    await fault({ method: 'GET', path: '/jobs/ingest/' }, { status: 404, html });
    await expect(org.bulk.job(id, signal)).rejects.toBeInstanceOf(AppFailure);
    expect(await org.bulk.job(id, signal)).toMatchObject({ id, state: 'Open' });
  });

  it('Row 13: rows that another process has locked, and rows that are refused, are named with code and fields', async () => {
    const { id } = await create();
    await fault({}, { lockRows: { keys: ['row-1'] } });
    await fault({ path: '/jobs/ingest/' }, { recordErrors: [{ key: 'row-2', statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Rule: no', fields: ['Name', 'City__c'] }] });
    await org.bulk.upload({ jobId: id, records: [1, 2, 3].map((row) => ({ [keyField]: `row-${row}`, Name: 'x' })) }, signal);
    await org.bulk.close(id, signal);
    await untilEnded(id);
    const rows = (await rowsOf(id)).toSorted((one, other) => String(one.values[keyField]).localeCompare(String(other.values[keyField])));
    expect(rows).toMatchObject([
      { outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW', fields: [] },
      { outcome: 'failed', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Rule: no', fields: ['Name', 'City__c'] },
      { outcome: 'succeeded', created: true },
    ]);
  });

  it('Row 14: a job that fails half way gives every row, written or not', async () => {
    await fault({ path: '/jobs/ingest/' }, { job: { failAfterRows: 250 } });
    const id = await uploaded(400);
    await org.bulk.close(id, signal);
    expect(await untilEnded(id)).toMatchObject({ state: 'Failed', processed: 250, message: expect.any(String) });
    const rows = await rowsOf(id);
    const keysOf = (outcome: BulkRow['outcome']): string[] => rows.flatMap((row) => (row.outcome === outcome ? [row.values[keyField] ?? ''] : []));
    expect([keysOf('succeeded').length, keysOf('failed').length, keysOf('unprocessed').length]).toEqual([250, 0, 150]);
    const there = await org.readByKeys({ object, keyField, keys: rows.map((row) => row.values[keyField] ?? ''), fields: [] }, signal);
    expect(there.map((record) => String(record[keyField])).sort()).toEqual(keysOf('succeeded').sort());
  });

  it('Row 7: a job whose closing takes effect late can be aborted before, and then writes nothing', async () => {
    const id = await uploaded(2);
    await fault({ method: 'PATCH', path: '/jobs/ingest/' }, { drop: 'before-effect', effectAfterMs: 2_500 });
    await expect(org.bulk.close(id, signal)).rejects.toMatchObject({ effect: 'unknown' });
    expect(await org.bulk.abort(id, signal)).toMatchObject({ state: 'Aborted' });
    const wasRefused = async (): Promise<boolean> => {
      const { recent } = (await server.control('GET', '/calls')) as { recent: { method: string; path: string; status: number }[] };
      return recent.some((call) => call.method === 'PATCH' && call.path.endsWith(id) && call.status === 400);
    };
    await expect.poll(wasRefused, { timeout: 20_000 }).toBe(true);
    expect((await rowsOf(id)).map((row) => row.outcome)).toEqual(['unprocessed', 'unprocessed']);
  });
});
