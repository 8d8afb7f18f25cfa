import { beforeAll, describe, expect, it } from 'vitest';
import { featureCodes } from '../../../electron/adapters/embedded/source-tables.ts';
import type { WarehouseRow } from '../../../electron/core/ports.ts';
import { toLongId } from '../../../electron/sample/org/salesforce-id.ts';
import { isEffective } from '../../../shared/domain/field-diff.ts';
import { loadSample, type LoadedSample } from './sample-fixture.ts';

const isFlag = (field: string): boolean => field.endsWith('_Enabled__c');

function metrics(sample: LoadedSample): Record<string, WarehouseRow[string]> {
  return Object.fromEntries(sample.views.sync_monitoring_dashboard.map((row) => [String(row['metric']), row['value'] ?? null]));
}

function numbers(sample: LoadedSample) {
  const flagUpdates = [...sample.updates.values()].filter((fields) =>
    fields.some(({ field, change }) => isFlag(field) && isEffective(change)),
  );
  const { to_create, p1_waiting, active_properties, multi_property_members, blocked_properties } = metrics(sample);
  return {
    creates: to_create,
    p1: p1_waiting,
    updates: sample.updates.size,
    featureMismatches: flagUpdates.length,
    multiPropertyMembers: multi_property_members,
    activeProperties: active_properties,
    blocked: blocked_properties,
  };
}

describe('the sample without a number', () => {
  let sample: LoadedSample;
  beforeAll(async () => {
    sample = await loadSample({});
  });

  it('has exactly the proportions of the mission', () => {
    expect(numbers(sample)).toEqual({
      creates: 1_081,
      p1: 507,
      updates: 7_980,
      featureMismatches: 799,
      multiPropertyMembers: 2_410,
      activeProperties: 9_084,
      blocked: 3,
    });
    expect(sample.views.properties_to_update.length - sample.updates.size).toBe(41);
  });

  it('turns identity verification on in each of the 799 updates that change a flag', () => {
    const turned = [...sample.updates.values()].filter((fields) =>
      fields.some((field) => field.field === 'Identity_Verification_Enabled__c' && field.before === false && field.after === true),
    );
    expect(turned).toHaveLength(799);
  });

  it('has Park Kennedy, with the features of its ACTIVE property only', () => {
    const row = sample.views.properties_to_update.find((update) => update['snappt_property_id'] === '5b0e1c9a-77d2')!;
    expect(row).toMatchObject({
      name: 'Park Kennedy',
      contributing_property_ids: '["5b0e1c9a-77d2"]',
      ignored_property_ids: '["2d77f0b4-91c3"]',
      fraud_detection_enabled: false,
    });
    const changes = sample.updates.get(String(row['record_id']))!.filter((field) => isEffective(field.change));
    expect(changes.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['Address__c', '1245 Kennedy St', '1245 Kennedy Street'],
      ['Identity_Verification_Enabled__c', false, true],
      ['Identity_Verification_Enabled_At__c', null, '2025-03-14T15:30:12.000Z'],
      ['Bank_Linking_Enabled__c', false, true],
      ['Bank_Linking_Enabled_At__c', null, '2025-04-02T18:05:44.000Z'],
    ]);
  });

  it('gives every staging record a unique id with a valid suffix, and every live one a unique key', () => {
    const ids = sample.records.map((record) => record.Id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !id.startsWith('a0P') || toLongId(id.slice(0, 15)) !== id)).toEqual([]);
    const keys = sample.records.filter((record) => !record.IsDeleted && record.Snappt_Property_ID__c !== null);
    expect(new Set(keys.map((record) => record.Snappt_Property_ID__c)).size).toBe(keys.length);
  });

  it('has records only with values that Salesforce can hold', () => {
    const wrong = sample.records.filter(
      (record) =>
        record.Name === null ||
        record.Name.length > 80 ||
        Object.values(record).some((value) => typeof value === 'string' && (value === '' || value.trim() !== value || value.length > 255)),
    );
    expect(wrong).toEqual([]);
  });

  it('has every ugly case, and none that keeps a pending change out of a batch', () => {
    const { rds_properties_enriched: properties, properties_to_create: creates, properties_to_update: updates } = sample.views;
    const pending = [...creates, ...updates.filter((row) => sample.updates.has(String(row['record_id'])))];
    const count = (rows: readonly WarehouseRow[], test: (row: WarehouseRow) => boolean): number => rows.filter(test).length;
    const text = (row: WarehouseRow, column: string): string => String(row[column] ?? '');
    const twice = new Set(properties.filter((row) => Number(row['source_row_count']) > 1).map((row) => row['property_id']));
    const blockers = {
      blankName: count(creates, (row) => row['name'] === null),
      longName: count(pending, (row) => text(row, 'name').length > 80),
      longText: count(pending, (row) => text(row, 'address').length > 255 || text(row, 'company_name').length > 255),
      idTwice: count(pending, (row) => twice.has(row['snappt_property_id'])),
    };
    expect(blockers).toEqual({ blankName: 0, longName: 0, longText: 0, idTwice: 0 });
    expect(twice.size).toBe(1);
    const keys = new Set(properties.map((row) => row['property_id']));
    const cases = {
      malformed: count(properties, (row) => row['sfdc_key'] === null && text(row, 'sfdc_id_raw').trim() !== ''),
      blank: count(properties, (row) => row['sfdc_key'] === null && row['sfdc_id_raw'] !== null && text(row, 'sfdc_id_raw').trim() === ''),
      short: count(properties, (row) => text(row, 'sfdc_id').length === 15),
      unknownStatus: count(properties, (row) => row['status'] !== 'ACTIVE' && row['status'] !== 'DISABLED'),
      disabledWithFeature: count(properties, (row) => row['is_active'] === false && Number(row['feature_count']) > 0),
      noDate: count(pending, (row) => featureCodes.some((code) => row[`${code}_enabled`] === true && row[`${code}_enabled_at`] === null)),
      future: count(pending, (row) => /"20(?:3|4)\d-/.test(JSON.stringify(row))),
      formula: count(pending, (row) => /^[=+@-]/.test(text(row, 'name'))),
      html: count(pending, (row) => text(row, 'name').includes('<script>')),
      bidi: count(pending, (row) => text(row, 'name').includes('\u202e')),
      deleted: sample.records.filter((record) => record.IsDeleted).length,
      keyless: sample.records.filter((record) => record.Snappt_Property_ID__c === null).length,
      orphans: sample.records.filter((record) => !record.IsDeleted && !keys.has(record.Snappt_Property_ID__c)).length,
    };
    expect(Object.entries(cases).filter(([, found]) => found === 0)).toEqual([]);
    expect(cases.disabledWithFeature).toBe(14);
  });

  it('is the same again for the same seed and other content for another', async () => {
    const again = await loadSample({});
    expect(again).toEqual(sample);
    const other = await loadSample({ seed: 'another' });
    expect(numbers(other)).toEqual(numbers(sample));
    const keys = new Set(sample.views.properties_to_update.map((row) => row['snappt_property_id']));
    const shared = other.views.properties_to_update.filter((row) => keys.has(row['snappt_property_id']));
    expect(shared.map((row) => row['name'])).toEqual(['Park Kennedy']);
  });
});

describe('the sample with a number', () => {
  it.each([1, 30, 300, 3_000])('has its proportions at %i properties', async (properties) => {
    const sample = await loadSample({ properties });
    const found = numbers(sample);
    const { plan } = sample.counts;
    expect(found).toMatchObject({ creates: plan.creates, p1: plan.p1, updates: plan.updates, featureMismatches: plan.flagUpdates });
    expect(Math.abs(Number(found.activeProperties) - properties)).toBeLessThanOrEqual(Math.max(10, properties * 0.02));
  });
});
