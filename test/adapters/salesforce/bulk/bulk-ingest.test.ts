import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { BulkJob, BulkRow, Org, OrgRecord } from '../../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from '../simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;
type Records = readonly Readonly<Record<string, FieldValue>>[];

describe('a bulk job', () => {
  let server: OrgServer;
  let org: Org;
  const read = (keys: string[], fields = ['Name', 'City__c', 'State__c']): Promise<OrgRecord[]> => org.readByKeys({ object, keyField, keys, fields }, signal);
  const untilEnded = async (id: string): Promise<BulkJob> => {
    for (;;) {
      const job = await org.bulk.job(id, signal);
      if (job && job.state !== 'UploadComplete' && job.state !== 'InProgress') return job;
    }
  };
  const resultsOf = async (id: string): Promise<BulkRow[]> => {
    const rows: BulkRow[] = [];
    for await (const page of org.bulk.results(id, signal)) rows.push(...page);
    return rows;
  };
  const run = async (operation: 'insert' | 'update', records: Records): Promise<{ job: BulkJob; rows: BulkRow[] }> => {
    const { id } = await org.bulk.create({ object, operation }, signal);
    await org.bulk.upload({ jobId: id, records }, signal);
    await org.bulk.close(id, signal);
    return { job: await untilEnded(id), rows: await resultsOf(id) };
  };

  beforeAll(async () => {
    server = await startOrgServer({ seedRecords: 3_000 });
    org = server.open(server.connect.password);
  });
  afterAll(() => server.close());
  afterEach(() => server.control('DELETE', '/faults'));

  it('inserts records and says of each what became of it, with the cells as they were uploaded', async () => {
    const { job, rows } = await run('insert', [
      { [keyField]: 'bulk-1', Name: 'A "quoted", name', Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: '2026-03-01T08:30:00.000Z' },
      { [keyField]: 'bulk-2', Name: 'x'.repeat(81) },
      { [keyField]: 'seed-1', Name: 'Twice', City__c: null },
    ]);
    expect(job).toMatchObject({ state: 'JobComplete', processed: 3, failed: 2, message: null });
    const [stored] = await read(['bulk-1'], ['Name', 'Bank_Linking_Enabled__c', 'Bank_Linking_Enabled_At__c']);
    expect(stored).toMatchObject({ Name: 'A "quoted", name', Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: '2026-03-01T08:30:00.000Z' });
    const byKey = new Map(rows.map((row) => [row.values[keyField], row]));
    expect(rows).toHaveLength(3);
    expect(byKey.get('bulk-1')).toMatchObject({
      outcome: 'succeeded',
      id: stored?.Id,
      created: true,
      values: { Name: 'A "quoted", name', Bank_Linking_Enabled__c: 'true', Bank_Linking_Enabled_At__c: '2026-03-01T08:30:00.000Z', City__c: '' },
    });
    expect(byKey.get('bulk-2')).toMatchObject({ outcome: 'failed', code: 'STRING_TOO_LONG', message: expect.stringContaining('(max length=80)'), fields: ['Name'] });
    expect(byKey.get('seed-1')).toMatchObject({ outcome: 'failed', code: 'DUPLICATE_VALUE', fields: [], values: { City__c: '#N/A' } });
  });

  it('blanks the fields that are blank, and leaves alone those that a record does not have', async () => {
    const [one, two] = await read(['seed-2', 'seed-3']);
    const { rows } = await run('update', [
      { Id: one?.Id ?? '', City__c: null, Name: 'line one\nline "two"' },
      { Id: two?.Id ?? '', State__c: '' },
    ]);
    expect(rows.map((row) => row.outcome)).toEqual(['succeeded', 'succeeded']);
    expect(await read(['seed-2', 'seed-3'])).toMatchObject([
      { Name: 'line one\nline "two"', City__c: null, State__c: 'TX' },
      { Name: 'Property 3', City__c: 'Austin', State__c: null },
    ]);
  });

  it('gives the results of thousands of rows in pages of at most 2,000', async () => {
    const records = (await read(Array.from({ length: 3_000 }, (_, index) => `seed-${index}`), [])).slice(0, 2_600);
    const { id } = await org.bulk.create({ object, operation: 'update' }, signal);
    await org.bulk.upload({ jobId: id, records: records.map(({ Id }) => ({ Id, Name: 'Paged' })) }, signal);
    await org.bulk.close(id, signal);
    await untilEnded(id);
    const pages: number[] = [];
    const ids = new Set<string>();
    for await (const page of org.bulk.results(id, signal)) {
      pages.push(page.length);
      for (const row of page) if (row.outcome === 'succeeded') ids.add(row.id);
    }
    expect(pages).toEqual([2_000, 600]);
    expect(ids).toEqual(new Set(records.map((record) => record.Id)));
  });

  it('writes nothing before it is closed, and nothing once it was aborted', async () => {
    const { id, state } = await org.bulk.create({ object, operation: 'insert' }, signal);
    expect(state).toBe('Open');
    await org.bulk.upload({ jobId: id, records: [{ [keyField]: 'aborted', Name: 'Never' }] }, signal);
    expect(await org.bulk.abort(id, signal)).toMatchObject({ id, state: 'Aborted' });
    expect(await org.bulk.job(id, signal)).toMatchObject({ state: 'Aborted', processed: 0 });
    expect(await resultsOf(id)).toEqual([{ outcome: 'unprocessed', values: { [keyField]: 'aborted', Name: 'Never' } }]);
    expect(await read(['aborted'])).toEqual([]);
    await expect(org.bulk.close(id, signal)).rejects.toMatchObject({ name: 'OrgCallError', effect: 'not-processed', code: 'INVALIDJOBSTATE' });
  });

  it('that failed as a whole says why, and gives its rows as unprocessed', async () => {
    const { job, rows } = await run('insert', [{ [keyField]: 'whole', No_Such_Field__c: 'x' }]);
    expect(job).toMatchObject({ state: 'Failed', message: expect.stringContaining('No_Such_Field__c') });
    expect(rows).toEqual([{ outcome: 'unprocessed', values: { [keyField]: 'whole', No_Such_Field__c: 'x' } }]);
  });

  it('is null once Salesforce does not know it any more', async () => {
    expect(await org.bulk.job('750000000000000AAA', signal)).toBeNull();
    await expect(resultsOf('750000000000000AAA')).rejects.toMatchObject({ name: 'AppFailure' });
  });

  it('counts its create, its upload and its close as write calls, and looking at it as none', async () => {
    await org.identity(signal);
    const before = org.usage();
    const { id } = await org.bulk.create({ object, operation: 'insert' }, signal);
    await org.bulk.upload({ jobId: id, records: [{ [keyField]: 'counted', Name: 'x' }] }, signal);
    await org.bulk.close(id, signal);
    expect(org.usage()).toMatchObject({ calls: before.calls + 3, writeCalls: before.writeCalls + 3 });
    await untilEnded(id);
    await resultsOf(id);
    expect(org.usage().writeCalls - before.writeCalls).toBe(3);
  });

  it('sends nothing for a caller who has already given up', async () => {
    const before = org.usage();
    await expect(org.bulk.create({ object, operation: 'insert' }, AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    await expect(org.bulk.close('750000000000000AAA', AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect(org.usage()).toEqual(before);
  });
});
