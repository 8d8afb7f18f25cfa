import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Org, OrgRecord } from '../../../electron/core/org-ports.ts';

export interface OrgUnderTest {
  org: Org;
  orgId: string;
  /** Live staging records before the first case. */
  records: number;
  close(): Promise<void>;
}

const object = 'Product_Property__c';
const keyField = 'Snappt_Property_ID__c';
const fields = ['Name', 'City__c', 'Bank_Linking_Enabled__c', 'Bank_Linking_Enabled_At__c'];
const signal = new AbortController().signal;

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof AppFailure ? error.error.code : String(error);
};

async function readAll(org: Org): Promise<{ records: OrgRecord[]; longestPage: number }> {
  const records: OrgRecord[] = [];
  let longestPage = 0;
  for await (const page of org.scan({ object, fields: [keyField, ...fields] }, signal)) {
    records.push(...page);
    longestPage = Math.max(longestPage, page.length);
  }
  return { records, longestPage };
}

/** Runs the cases that every adapter of the Org port must pass. */
export function orgContract(name: string, open: () => Promise<OrgUnderTest>): void {
  describe(`${name} keeps the contract of an org`, () => {
    let under: OrgUnderTest;
    let org: Org;
    const insert = async (records: Parameters<Org['insert']>[0]['records']): Promise<string[]> => {
      const results = await org.insert({ object, records }, signal);
      return results.map((result) => (result.ok ? result.id : `${result.code}: ${result.message}`));
    };
    const readKeys = (keys: string[]): Promise<OrgRecord[]> => org.readByKeys({ object, keyField, keys, fields }, signal);

    beforeAll(async () => {
      under = await open();
      org = under.org;
    });
    afterAll(() => under.close());

    it('says who is signed in where', async () => {
      const identity = await org.identity(signal);
      expect(identity).toMatchObject({ orgId: under.orgId, orgName: expect.any(String), isProduction: false });
      expect(identity.userId).toHaveLength(18);
      expect(identity.username).not.toBe('');
    });

    it('describes the key field as a unique external id', async () => {
      const described = await org.describe(object, signal);
      expect(described).toMatchObject({ name: object, createable: true, updateable: true });
      expect(described.fields.find((field) => field.name === keyField)).toMatchObject({ type: 'string', externalId: true, unique: true, caseSensitive: true });
      expect(described.fields.find((field) => field.name === 'Name')).toMatchObject({ nillable: false, length: 80 });
    });

    it('scans every live record once, in order of Id, in pages of at most 2,000', async () => {
      const { records, longestPage } = await readAll(org);
      const ids = records.map((record) => record.Id);
      expect(ids).toEqual([...new Set(ids)].sort());
      expect(ids).toHaveLength(await org.countRecords(object, signal));
      expect(ids).toHaveLength(under.records);
      expect(longestPage).toBeLessThanOrEqual(2000);
    });

    it('inserts records and reads them back with instants to the millisecond in UTC', async () => {
      const at = '2026-03-01T08:30:00.000Z';
      const [id] = await insert([{ [keyField]: 'insert-1', Name: 'Park Kennedy', City__c: null, Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: at }]);
      expect(await readKeys(['insert-1'])).toEqual([
        { Id: id, [keyField]: 'insert-1', Name: 'Park Kennedy', City__c: null, Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: at },
      ]);
    });

    it('keeps a text that looks like an instant as it stands', async () => {
      await insert([{ [keyField]: 'insert-2', Name: '2026-01-01T00:00:00.000+0000' }]);
      expect(await readKeys(['insert-2'])).toMatchObject([{ Name: '2026-01-01T00:00:00.000+0000', Bank_Linking_Enabled_At__c: null }]);
    });

    it('tells keys apart letter by letter', async () => {
      await insert([
        { [keyField]: 'Letter-A', Name: 'Upper' },
        { [keyField]: 'letter-a', Name: 'Lower' },
      ]);
      expect(await readKeys(['letter-a', 'LETTER-A', 'letter-A'])).toMatchObject([{ [keyField]: 'letter-a', Name: 'Lower' }]);
    });

    it('finds keys with every kind of character, and none for blank or impossible ones', async () => {
      const keys = ["it's", 'back\\slash', '"quoted"', 'a,b', '-lead', '100%', 'a+b & c#d?', 'Ünïcødé 🏠', "') OR (Name != '", 'a\tb'];
      expect((await insert(keys.map((key, index) => ({ [keyField]: key, Name: `Odd ${index}` })))).filter((id) => id.length !== 18)).toEqual([]);
      const found = await readKeys([...keys, '', '   ', 'x'.repeat(300), 'broken \ud800']);
      expect(found.map((record) => record[keyField]).sort()).toEqual([...keys].sort());
    });

    it('reads hundreds of keys, each given once however often it is asked for', async () => {
      const keys = Array.from({ length: 600 }, (_, index) => `many-${String(index).padStart(4, '0')}-4f1c-9d2e-b7a6`);
      for (let start = 0; start < keys.length; start += 200) {
        await insert(keys.slice(start, start + 200).map((key) => ({ [keyField]: key, Name: key })));
      }
      const found = await readKeys([...keys, ...keys, 'not-there']);
      expect(found.map((record) => record['Name']).sort()).toEqual(keys);
    });

    it('reads by id in the order asked for, with null where there is none', async () => {
      const [first = '', second = ''] = await insert([
        { [keyField]: 'by-id-1', Name: 'One' },
        { [keyField]: 'by-id-2', Name: 'Two' },
      ]);
      const missing = `${first.slice(0, 8)}zzzzzzz`;
      const read = await org.readByIds({ object, ids: [second, missing, first.slice(0, 15), second], fields: ['Name', 'SystemModstamp'] }, signal);
      expect(read.map((record) => record && record['Name'])).toEqual(['Two', null, 'One', 'Two']);
      expect(read[0]?.['SystemModstamp']).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);
    });

    it('updates the fields given and no others', async () => {
      const [id = ''] = await insert([{ [keyField]: 'update-1', Name: 'Before', City__c: 'Reno', Bank_Linking_Enabled__c: true }]);
      expect(await org.update({ object, records: [{ Id: id, Name: 'After', City__c: null }] }, signal)).toEqual([{ ok: true, id }]);
      expect(await readKeys(['update-1'])).toMatchObject([{ Name: 'After', City__c: null, Bank_Linking_Enabled__c: true }]);
    });

    it('answers each record of a call in its place, refused ones with code and fields', async () => {
      const results = await org.insert(
        {
          object,
          records: [
            { [keyField]: 'mixed-1', Name: 'Good' },
            { [keyField]: 'mixed-2', Name: 'x'.repeat(81) },
            { [keyField]: 'mixed-1-again', Name: 'Good too' },
          ],
        },
        signal,
      );
      expect(results).toEqual([
        { ok: true, id: expect.any(String) },
        { ok: false, code: 'STRING_TOO_LONG', message: expect.any(String), fields: ['Name'] },
        { ok: true, id: expect.any(String) },
      ]);
    });

    it('lets Salesforce refuse a second record with a key', async () => {
      await insert([{ [keyField]: 'twice', Name: 'First' }]);
      const results = await org.insert({ object, records: [{ [keyField]: 'twice', Name: 'Second' }] }, signal);
      expect(results).toMatchObject([{ ok: false, code: 'DUPLICATE_VALUE' }]);
      expect(await readKeys(['twice'])).toMatchObject([{ Name: 'First' }]);
    });

    it('sends no call that carries more than 200 records, and none that carries nothing', async () => {
      const before = org.usage();
      const tooMany = Array.from({ length: 201 }, (_, index) => ({ [keyField]: `too-many-${index}`, Name: 'x' }));
      await expect(org.insert({ object, records: tooMany }, signal)).rejects.toBeInstanceOf(RangeError);
      expect(await org.insert({ object, records: [] }, signal)).toEqual([]);
      expect(await org.readByIds({ object, ids: [], fields: ['Name'] }, signal)).toEqual([]);
      expect(await readKeys([])).toEqual([]);
      expect(org.usage()).toEqual(before);
    });

    it('accepts nothing but API names for objects and fields', async () => {
      const work = org.readByKeys({ object, keyField: 'Name FROM User--', keys: ['a'], fields }, signal);
      await expect(work).rejects.toBeInstanceOf(RangeError);
    });

    it('says that an unknown object or field is missing or hidden', async () => {
      expect(await codeOf(org.describe('No_Such_Object__c', signal))).toBe('permission-denied');
      expect(await codeOf(org.readByKeys({ object, keyField, keys: ['a'], fields: ['No_Such_Field__c'] }, signal))).toBe('permission-denied');
    });

    it('sends nothing for a caller who has already given up', async () => {
      const before = org.usage();
      expect(await codeOf(org.insert({ object, records: [{ [keyField]: 'given-up', Name: 'x' }] }, AbortSignal.abort()))).toBe('cancelled');
      expect(await codeOf(org.countRecords(object, AbortSignal.abort()))).toBe('cancelled');
      expect(org.usage()).toEqual(before);
    });

    it('counts its calls and knows the daily limit', async () => {
      const before = org.usage();
      await insert([{ [keyField]: 'counted', Name: 'x' }]);
      const after = org.usage();
      expect(after).toMatchObject({ calls: before.calls + 1, writeCalls: before.writeCalls + 1 });
      expect(after.dailyUsed).toBeLessThanOrEqual(after.dailyLimit ?? 0);
    });
  });
}
