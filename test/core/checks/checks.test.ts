import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallOutput } from '../../../shared/contract.ts';
import type { OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from '../snapshot/workspace.ts';

const group = (letter: string) => `a0A00000000${letter.repeat(4)}`;
const folder = mkdtempSync(join(tmpdir(), 'countersign-source-'));
let ws: TestWorkspace;
let checks: CallOutput<'checks.list'>;

function properties(rows: readonly Record<string, string>[]): string {
  const columns = ['id', 'name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name', 'status', 'sfdc_id', 'created_at', 'updated_at'];
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return [columns.join(','), ...rows.map((row) => columns.map((column) => (row[column] === undefined ? '' : cell(row[column]))).join(','))].join('\n');
}

const staged = (number: number, key: string | null, values: Partial<OrgSeedRecord> = {}): OrgSeedRecord =>
  ({
    Id: `a0P0000000000${String(number).padStart(2, '0')}`,
    IsDeleted: false,
    ...Object.fromEntries(mapping.fields.map(({ field, type }) => [field, type === 'flag' ? false : null])),
    Snappt_Property_ID__c: key,
    SF_Property_ID__c: null,
    Name: `Record ${number}`,
    ...values,
  }) as OrgSeedRecord;

beforeAll(async () => {
  const base = { name: 'Park', status: 'ACTIVE', updated_at: '2025-01-01' };
  writeFileSync(
    join(folder, 'properties.csv'),
    properties([
      { ...base, id: 'plain' },
      { ...base, id: 'twice' },
      { ...base, id: 'twice', name: 'Other', updated_at: '2025-01-02' },
      { ...base, id: 'nameless', name: ' ' },
      { ...base, id: 'cut', sfdc_id: 'a0A0000' },
      { ...base, id: 'case' },
      { ...base, id: 'CASE' },
      { ...base, id: 'suffix', sfdc_id: `${group('s')}ZZZ` },
      { ...base, id: 'two1', sfdc_id: group('t') },
      { ...base, id: 'two2', sfdc_id: group('t') },
      { ...base, id: 'undated' },
      { ...base, id: 'future' },
      { ...base, id: 'lower', status: 'active' },
      { ...base, id: 'off', status: 'DISABLED' },
      { ...base, id: 'stuck', sfdc_id: group('b') },
      { ...base, id: 'long', name: 'x'.repeat(81) },
      { ...base, id: 'odd', name: 'Park\u200B' },
      { ...base, id: 'kept', name: '' },
      { ...base, id: 'guest', status: 'DISABLED' },
      { ...base, id: 'guest', status: 'DISABLED', city: 'Other' },
      { ...base, id: 'host', sfdc_id: group('g') },
      { ...base, id: 'wide ' },
    ]),
  );
  writeFileSync(
    join(folder, 'property_features.csv'),
    ['property_id,feature_code,enabled,enabled_at,updated_at', 'undated,bank_linking,true,,2025-01-01', 'future,bank_linking,true,2030-01-01,2025-01-01', 'off,bank_linking,true,2024-01-01,2025-01-01', 'plain,bank_linking,true,2024-01-01,2025-01-01'].join('\n'),
  );
  ws = await openTestWorkspace({
    folder,
    records: [
      staged(1, 'two1', { Name: 'Old' }),
      staged(2, 'two2', { Name: 'Old' }),
      staged(3, 'nobody'),
      staged(4, null, { SF_Property_ID__c: group('b') }),
      staged(5, 'kept', { Name: 'Filled', City__c: 'Rome' }),
      staged(6, 'lower', { SF_Property_ID__c: 'N/A' }),
      staged(7, 'guest', { SF_Property_ID__c: group('g') }),
    ],
  });
  await ws.refresh();
  checks = await ws.cache.checks();
});

afterAll(async () => {
  await ws.close();
  rmSync(folder, { recursive: true, force: true });
});

const found = (id: string) => checks.checks.find((check) => check.id === id);

describe('the validation suite', () => {
  test.each([
    ['duplicate-key', 'blocker', ['guest', 'twice']],
    ['missing-name', 'blocker', ['nameless']],
    ['key-white-space', 'blocker', ['wide ']],
    ['blocked-property', 'blocker', ['stuck']],
    ['text-too-long', 'blocker', ['long']],
    ['blank-over-filled', 'warning', ['kept']],
    ['malformed-production-id', 'warning', ['cut']],
    ['malformed-staging-production-id', 'warning', ['lower']],
    ['key-collision', 'warning', ['CASE', 'case', 'suffix']],
    ['two-staging-records', 'warning', ['two1', 'two2']],
    ['enabled-without-date', 'warning', ['undated']],
    ['date-in-future', 'warning', ['future']],
    ['unknown-status', 'warning', ['lower']],
    ['feature-on-disabled-property', 'warning', ['off']],
    ['looks-alike', 'warning', ['odd']],
  ] as const)('%s, a %s, finds exactly %j', (id, severity, keys) => {
    expect(found(id)).toMatchObject({ severity, count: keys.length, keys, passed: false });
  });

  test('orphans are staging records whose key RDS does not know, or without a key', () => {
    expect(found('orphan-staging-record')?.keys).toEqual(expect.arrayContaining(['nobody']));
    expect(found('orphan-staging-record')?.count).toBe(2);
  });

  test('a blocked property names the record that carries its production id', () => {
    expect(found('blocked-property')?.details[0]).toMatch(/Record a0P\w+, which has no key, carries its production id a0A00000000bbbb/u);
  });

  test.each(['sets-overlap', 'union-rule', 'inactive-contributor', 'p1-accounted', 'already-in-org', 'gone-from-org', 'field-missing', 'field-not-writable', 'field-type', 'key-not-unique', 'required-missing', 'picklist-value', 'duplicate-staging-key'])(
    '%s passes',
    (id) => {
      expect(found(id)).toMatchObject({ passed: true, count: 0, keys: [] });
    },
  );

  test('what was not checked is said', () => {
    expect(checks.notChecked).toEqual(['Triggers', 'Flows', 'Validation rules', 'Duplicate rules', 'Page layouts', 'Record types', 'Sharing']);
  });

  test('a finding is on the pending change that it concerns, and the filter finds it there', async () => {
    const page = await ws.cache.page({ filter: 'severity:blocker', sort: 'key', descending: false, limit: 100 });
    expect(page.items.map(({ key, checks, blockers }) => [key, checks, blockers])).toEqual([
      ['guest', ['duplicate-key'], 1],
      ['long', ['text-too-long'], 1],
      ['nameless', ['missing-name'], 1],
      ['twice', ['duplicate-key'], 1],
      ['wide ', ['key-white-space'], 1],
    ]);
    expect((await ws.cache.page({ filter: 'check:two-staging-records', sort: 'key', descending: false, limit: 10 })).items.map(({ key }) => key)).toEqual(['two1', 'two2']);
    expect((await ws.cache.show('odd', undefined))?.recordChecks).toMatchObject([{ id: 'looks-alike', severity: 'warning', detail: 'Name has U+200B (invisible)' }]);
  });

  test('records with blockers come first in the order of risk, then P1', async () => {
    const { items } = await ws.cache.page({ filter: '', sort: 'risk', descending: false, limit: 5 });
    expect(items.slice(0, 3).map(({ key }) => key)).toEqual(['guest', 'long', 'nameless']);
    expect(items.slice(4, 5).every(({ priority, checks }) => priority === 'P1' || checks.length > 0)).toBe(true);
  });
});
