import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallOutput } from '../../../shared/contract.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from '../snapshot/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-preflight-'));
let ws: TestWorkspace;
let checks: CallOutput<'checks.list'>;

const found = (id: string) => checks.checks.find((check) => check.id === id);
const blockedBy = async (check: string) => (await ws.cache.page({ filter: `check:${check}`, sort: 'key', descending: false, limit: 100 })).items.map(({ key, blockers }) => [key, blockers > 0]);

beforeAll(async () => {
  writeFileSync(
    join(folder, 'properties.csv'),
    [
      'id,name,address,city,state,zip,company_id,company_name,status,sfdc_id,created_at,updated_at',
      'plain,Park,,,,,,,ACTIVE,,,2025-01-01',
      'lengthy,Park,123456,,,,,,ACTIVE,,,2025-01-01',
      'abroad,Park,,,ZZ,,,,ACTIVE,,,2025-01-01',
      'local,Park,,,CA,,,,ACTIVE,,,2025-01-01',
      'urban,Park,,Dallas,,,,,ACTIVE,,,2025-01-01',
      'zipped,Park,,,,75001,,,ACTIVE,,,2025-01-01',
      'an-id-of-more-than-thirty-characters,Park,,,,,,,ACTIVE,,,2025-01-01',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'property_features.csv'), 'property_id,feature_code,enabled,enabled_at,updated_at\n');
  ws = await openTestWorkspace(
    { folder, records: [] },
    {
      org: {
        fields: [
          { name: 'Address__c', label: 'Address', type: 'string', length: 5 },
          { name: 'State__c', label: 'State', type: 'picklist', length: 255, picklistValues: ['CA', 'TX'] },
          { name: 'City__c', label: 'City', type: 'string', length: 255, createable: false, updateable: false },
          { name: 'Zip__c', label: 'Zip', type: 'double' },
          { name: 'Snappt_Property_ID__c', label: 'Key', type: 'string', length: 30, externalId: true },
          { name: 'Region__c', label: 'Region', type: 'string', length: 20, required: true },
          { name: 'Owner_Note__c', label: 'Note', type: 'string', length: 20, required: true, createable: false },
        ],
      },
    },
  );
  const town = { ...mapping.fields.find(({ field }) => field === 'City__c'), field: 'Town__c', label: 'Town' } as (typeof mapping.fields)[number];
  await ws.refresh({ mapping: { ...mapping, fields: [...mapping.fields, town] } });
  checks = await ws.cache.checks();
});

afterAll(async () => {
  await ws.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the org preflight', () => {
  test.each([
    ['text-too-long', 'pending', ['an-id-of-more-than-thirty-characters', 'lengthy'], ['The key has 36 of at most 30 characters', 'Address has 6 of at most 5 characters']],
    ['picklist-value', 'pending', ['abroad'], ['State "ZZ"']],
    ['field-missing', 'field', ['Town__c'], [null]],
    ['field-not-writable', 'field', ['City__c'], [null]],
    ['field-type', 'field', ['Zip__c'], ['It is double in the org']],
    ['key-not-unique', 'field', ['Snappt_Property_ID__c'], [null]],
    ['required-missing', 'field', ['Region__c'], [null]],
  ] as const)('%s, a blocker, finds the %s %j', (id, subject, keys, details) => {
    expect(found(id)).toMatchObject({ severity: 'blocker', subject, passed: false, count: keys.length, keys, details });
  });

  test('a field’s finding blocks the changes that would send it, and a missing required field all creates', async () => {
    expect(await blockedBy('picklist-value')).toEqual([['abroad', true]]);
    expect(await blockedBy('field-missing')).toEqual([['urban', true]]);
    expect(await blockedBy('field-not-writable')).toEqual([['urban', true]]);
    expect(await blockedBy('field-type')).toEqual([['zipped', true]]);
    expect(await blockedBy('required-missing')).toHaveLength(7);
    expect(await blockedBy('key-not-unique')).toHaveLength(7);
  });
});
