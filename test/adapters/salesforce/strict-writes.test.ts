import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Org, OrgRecord, WriteResult } from '../../../electron/core/org-ports.ts';
import { startOrgServer, type OrgServer } from './simulated-org.ts';

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const signal = new AbortController().signal;

describe('strict writes', () => {
  let server: OrgServer;
  let org: Org;
  const read = (keys: string[]): Promise<OrgRecord[]> => org.readByKeys({ object, keyField, keys, fields: ['Name', 'City__c', 'LastModifiedDate'] }, signal);
  const readOne = async (key: string): Promise<OrgRecord> => {
    const [record] = await read([key]);
    if (!record) throw new Error(`no record ${key}`);
    return record;
  };
  const unmodifiedSince = (record: OrgRecord): string => String(record['LastModifiedDate']);
  const fault = (match: object, action: object): Promise<unknown> => server.control('POST', '/faults', { match, action });

  beforeAll(async () => {
    server = await startOrgServer({ seedRecords: 100 });
    org = server.open(server.connect.password);
  });
  afterAll(() => server.close());
  afterEach(() => server.control('DELETE', '/faults'));

  it('inserts each record by itself, the refused ones with code and fields, by one write call', async () => {
    await org.identity(signal);
    const before = org.usage().writeCalls;
    const results = await org.insertStrict(
      {
        object,
        records: [
          { [keyField]: 'strict-1', Name: 'Good', City__c: null },
          { [keyField]: 'strict-2', Name: 'x'.repeat(81) },
          { [keyField]: 'seed-1', Name: 'Again' },
          { [keyField]: 'strict-4', Name: 'Good too' },
        ],
      },
      signal,
    );
    const ok = { ok: true, id: expect.stringMatching(/^a0P\w{15}$/u) };
    expect(results).toEqual([ok, { ok: false, code: 'STRING_TOO_LONG', message: expect.any(String), fields: ['Name'] }, { ok: false, code: 'DUPLICATE_VALUE', message: expect.any(String), fields: [] }, ok]);
    expect(org.usage().writeCalls - before).toBe(1);
    expect((await read(['strict-1', 'strict-2', 'strict-4'])).map((record) => record['Name'])).toEqual(['Good', 'Good too']);
  });

  it('Row 16: refuses to write over a record that was changed since it was read, and writes the others', async () => {
    const records = await Promise.all(['seed-2', 'seed-3', 'seed-4'].map(readOne));
    await server.control('PATCH', '/records/seed-3', { City__c: 'Behind' });
    const results = await org.updateStrict({ object, records: records.map((record) => ({ record: { Id: record.Id, City__c: 'Mine' }, unmodifiedSince: unmodifiedSince(record) })) }, signal);
    expect(results).toEqual([{ ok: true, id: records[0]?.Id }, { ok: false, code: 'PRECONDITION_FAILED', message: '', fields: [] }, { ok: true, id: records[2]?.Id }]);
    expect((await read(['seed-2', 'seed-3', 'seed-4'])).map((record) => record['City__c'])).toEqual(['Mine', 'Behind', 'Mine']);
  });

  it('writes over a record whose own instant is the precondition, whatever its milliseconds', async () => {
    const record = await readOne('seed-5');
    const instant = unmodifiedSince(record).replace('.000Z', '.999Z');
    expect(await org.updateStrict({ object, records: [{ record: { Id: record.Id, Name: 'Once' }, unmodifiedSince: instant }] }, signal)).toEqual([{ ok: true, id: record.Id }]);
    expect(await readOne('seed-5')).toMatchObject({ Name: 'Once', City__c: 'Austin' });
  });

  it('Row 17: says of a deleted record that it is gone', async () => {
    const record = await readOne('seed-6');
    await server.control('DELETE', '/records/seed-6');
    const [result] = await org.updateStrict({ object, records: [{ record: { Id: record.Id, Name: 'Late' }, unmodifiedSince: unmodifiedSince(record) }] }, signal);
    expect(result).toMatchObject({ ok: false, code: 'ENTITY_IS_DELETED' });
  });

  it('Row 13: names the record that another process has locked, and no other', async () => {
    const records = await Promise.all(['seed-7', 'seed-8'].map(readOne));
    await fault({}, { lockRows: { keys: ['seed-7'] } });
    const update = (): Promise<WriteResult[]> =>
      org.updateStrict({ object, records: records.map((record) => ({ record: { Id: record.Id, City__c: 'Free' }, unmodifiedSince: '2100-01-01T00:00:00.000Z' })) }, signal);
    expect(await update()).toMatchObject([{ ok: false, code: 'UNABLE_TO_LOCK_ROW' }, { ok: true }]);
    expect(await update()).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('carries 25 records and not one more', async () => {
    const records = Array.from({ length: 26 }, (_, index) => ({ [keyField]: `many-${index}`, Name: 'x' }));
    await expect(org.insertStrict({ object, records }, signal)).rejects.toBeInstanceOf(RangeError);
    const results = await org.insertStrict({ object, records: records.slice(1) }, signal);
    expect(results.filter((result) => result.ok)).toHaveLength(25);
    expect(await org.insertStrict({ object, records: [] }, signal)).toEqual([]);
  });

  it('sends nothing that names no record or no instant', async () => {
    const before = org.usage();
    const update = (Id: string, unmodifiedSince: string): Promise<unknown> => org.updateStrict({ object, records: [{ record: { Id, Name: 'x' }, unmodifiedSince }] }, signal);
    await expect(update('a0P000000000001/../x', '2026-01-01T00:00:00Z')).rejects.toBeInstanceOf(RangeError);
    await expect(update('a0P000000000001AAA', 'yesterday')).rejects.toBeInstanceOf(RangeError);
    await expect(org.insertStrict({ object, records: [{ Name: 'x' }] }, AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect(org.usage()).toEqual(before);
  });
});
