import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffField, diffRecord, isEffective } from '../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { mappingSchema, type MappedField } from '../../../shared/domain/mapping.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };

const mapping = mappingSchema.parse(defaultMapping);
const text: MappedField = { column: 'name', field: 'Name', label: 'Name', type: 'text', rule: 'primary' };
const flag: MappedField = { column: 'x_enabled', field: 'X__c', label: 'X', type: 'flag', rule: 'any' };

const value: fc.Arbitrary<FieldValue> = fc.oneof(fc.string(), fc.boolean(), fc.constant(null));

describe('diffField', () => {
  test('a value over itself is equal, in every type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...mapping.fields), value, (field, same) => {
        expect(diffField(field, same, same, 'update').change).toBe('equal');
      }),
    );
  });

  test('after a change has been written nothing is left to send', () => {
    fc.assert(
      fc.property(fc.constantFrom(...mapping.fields), value, value, (field, before, after) => {
        const diff = diffField(field, before, after, 'update');
        if (isEffective(diff.change)) expect(diffField(field, diff.after, after, 'update').change).toBe('equal');
      }),
    );
  });

  test.each([
    ['null and an empty text are equal', null, '', 'equal'],
    ['white space at the ends does not count', 'Park', ' Park\n', 'equal'],
    ['letter case counts', 'park', 'Park', 'changed'],
    ['a blank that gets a value is filled', ' ', 'Park', 'filled'],
    ['a blank over a value is kept back', 'Park', ' ', 'blank'],
  ] as const)('text: %s', (_, before, after, change) => {
    expect(diffField(text, before, after, 'update').change).toBe(change);
  });

  test('a blank over a value is sent when the mapping says clear', () => {
    expect(diffField({ ...text, clear: true }, 'Park', null, 'update')).toMatchObject({ change: 'cleared', after: null });
  });

  test('a flag without a value in Salesforce counts as FALSE', () => {
    expect(diffField(flag, null, false, 'update').change).toBe('equal');
    expect(diffField(flag, null, true, 'update')).toMatchObject({ before: false, after: true, change: 'changed' });
    expect(diffField(flag, true, null, 'update')).toMatchObject({ before: true, after: false, change: 'changed' });
  });

  test('a create sends every value but blanks and FALSE flags, over nothing', () => {
    const diffs = diffRecord(mapping, 'create', null, { name: 'Park', city: ' ', identity_verification_enabled: true, bank_linking_enabled: false });
    expect(diffs.filter(({ change }) => isEffective(change)).map(({ field }) => field)).toEqual(['Name', 'Identity_Verification_Enabled__c']);
    expect(new Set(diffs.map(({ before }) => before))).toEqual(new Set([null]));
  });

  test('a record is diffed field by field in the order of the mapping', () => {
    const diffs = diffRecord(mapping, 'update', { Name: 'Old', Zip__c: '1' }, { name: 'New', zip: '1' });
    expect(diffs.map(({ field }) => field)).toEqual(mapping.fields.map(({ field }) => field));
    expect(diffs.filter(({ change }) => change !== 'equal')).toEqual([{ field: 'Name', label: 'Name', before: 'Old', after: 'New', change: 'changed' }]);
  });
});
