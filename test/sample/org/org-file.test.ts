import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createOrgFile } from '../../../electron/sample/org/org-file.ts';
import { idIdentity, makeId, toLongId } from '../../../electron/sample/org/salesforce-id.ts';
import { startOrg } from '../../../electron/sample/org/start-org.ts';
import { base, orgUnderTest, seedRecord, type Json } from './independent-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-org-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('Seed records are stored as they stand, without validation or trimming', async () => {
  const long = 'L'.repeat(300);
  const t = await orgUnderTest([
    seedRecord({ Id: 'row 1, odd', Name: null, Snappt_Property_ID__c: ' key ', Address__c: long, City__c: ' padded ' }),
    seedRecord({ Id: '', Snappt_Property_ID__c: null, SF_Property_ID__c: 'TBD' }),
    seedRecord({ Id: 'row 1, odd', Snappt_Property_ID__c: 'again' }),
    seedRecord({ Id: 'a0P000000000009', IsDeleted: true, Snappt_Property_ID__c: 'deleted' }),
  ]);
  const { records } = (await t.open('GET', '/_control/records')).json;
  expect(records).toHaveLength(3);
  expect(records.find((record: Json) => record.Id === 'row 1, odd')).toMatchObject({
    Name: null,
    Snappt_Property_ID__c: ' key ',
    Address__c: long,
    City__c: ' padded ',
    Identity_Verification_Enabled_At__c: '2025-03-01T10:20:30.000+0000',
    SystemModstamp: '2026-01-01T00:00:00.000+0000',
  });
  expect(new Set(records.map((record: Json) => record.Id)).size).toBe(3);
  const changed = await t.call('PATCH', `${base}/sobjects/Product_Property__c/row%201%2C%20odd`, { City__c: 'Fixed' });
  expect(changed.status).toBe(204);
  await t.close();
});

test('The same seed gives the same org id, another seed another', () => {
  const make = (seed: string): string => createOrgFile({ file: join(folder, 'ids.db'), seed, records: [] }).orgId;
  expect(make('a')).toBe(make('a'));
  expect(make('a')).not.toBe(make('b'));
  expect(make('a')).toMatch(/^00D\w{15}$/);
});

test('A record with a date that is none leaves no file behind', () => {
  const file = join(folder, 'broken.db');
  expect(() => createOrgFile({ file, records: [seedRecord({ SystemModstamp: 'soon' })] })).toThrow('not an instant: soon');
  expect(existsSync(file)).toBe(false);
});

test('A file that is no org, and a port that is taken, are refused', async () => {
  await expect(startOrg({ file: join(folder, 'empty.db') })).rejects.toThrow();
  const t = await orgUnderTest();
  const file = join(folder, 'second.db');
  createOrgFile({ file, records: [] });
  await expect(startOrg({ file, port: Number(new URL(t.org.url).port) })).rejects.toThrow('EADDRINUSE');
  await t.close();
});

test('Records, workflow and ids go on after a restart', async () => {
  let now = 1_800_000_000_000;
  let t = await orgUnderTest([], { clock: () => now, workflowDelayMs: 1_000 });
  const rows = `${base}/sobjects/Product_Property__c`;
  const first = (await t.call('POST', rows, { Name: 'A' })).json.id;
  t = await t.restart();
  now += 1_000;
  expect((await t.call('GET', `${rows}/${first}`)).json.SF_Property_ID__c).toMatch(/^a1P/);
  expect((await t.call('POST', rows, { Name: 'B' })).json.id > first).toBe(true);
  await t.close();
});

test('The 18-character form of a known id is the published one', () => {
  expect(toLongId('001U000001c83gK')).toBe('001U000001c83gKIAQ');
  expect(idIdentity('001U000001c83gKIAQ')).toBe('001U000001c83gK');
});

test('Made-up ids of 18 characters that differ only at their end are records of their own', () => {
  expect(idIdentity('a0P000000000000001')).not.toBe(idIdentity('a0P000000000000002'));
});

test('Ids made later sort after ids made earlier', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      expect(makeId('a0P', 'Nw', a) < makeId('a0P', 'Nw', b)).toBe(a < b);
    }),
  );
});
