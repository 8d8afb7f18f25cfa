import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import { buildCandidate, candidateShape, contentHash, hashLayout } from '../../../electron/core/snapshot/build-candidate.ts';
import type { WarehouseRow } from '../../../electron/core/ports.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { mapping } from './workspace.ts';

const row: WarehouseRow = {
  snappt_property_id: 'K',
  sfdc_key: null,
  contributing_property_ids: '["K"]',
  ignored_property_ids: '[]',
  primary_property_id: 'K',
  priority: 'P3',
  ...Object.fromEntries(mapping.fields.flatMap(({ column, type }) => [[column, type === 'flag' ? false : null], [`${column}_winner_id`, null]])),
};
const shape = candidateShape(mapping);
const record = (values: Record<string, string | boolean | null>) => ({ key: 'K', id: 'a0P000000000001AAA', productionId: 'a0A', values: mapping.fields.map(({ field }) => values[field] ?? null) });

describe('contentHash', () => {
  const hashOf = (kind: 'create' | 'update', key: string, diffs: readonly { field: string; before: FieldValue; after: FieldValue }[], contributors: readonly string[]) =>
    contentHash(hashLayout(diffs.map(({ field }) => field)), { kind, key, before: diffs.map(({ before }) => before), after: diffs.map(({ after }) => after), contributors });
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null));
  const diffs = fc.uniqueArray(fc.record({ field: fc.string({ minLength: 1, unit: fc.constantFrom('a', 'B', '_', 'c', 'z') }), before: value, after: value }), { selector: ({ field }) => field });

  test('is SHA-256 over the canonical JSON of kind, key, fields and contributors, whatever the order of the fields', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), diffs, fc.array(fc.string()), (key, diffs, contributors) => {
        const fields = Object.fromEntries(diffs.map(({ field, before, after }) => [field, { before, after }]));
        const expected = sha256(canonicalJson({ kind: 'update', key, fields, contributors }));
        expect(hashOf('update', key, diffs, contributors)).toBe(expected);
        expect(hashOf('update', key, diffs.toReversed(), contributors)).toBe(expected);
      }),
    );
  });

  test('differs with kind, key, any value and the contributors', () => {
    const diffs = [{ field: 'Name', before: null, after: 'Park' }];
    const hashes = [
      hashOf('create', 'K', diffs, ['K']),
      hashOf('update', 'K', diffs, ['K']),
      hashOf('create', 'k', diffs, ['K']),
      hashOf('create', 'K', [{ field: 'Name', before: 'x', after: 'Park' }], ['K']),
      hashOf('create', 'K', [{ field: 'Name', before: null, after: 'park' }], ['K']),
      hashOf('create', 'K', diffs, ['K', 'L']),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('buildCandidate', () => {
  test('a create is pending even without a value, and its priority is the view’s', () => {
    expect(buildCandidate(shape, 'create', { ...row, priority: 'P1' }, null)).toMatchObject({ key: 'K', kind: 'create', priority: 'P1', isPending: true, recordId: null });
  });

  test('an update that changes nothing is not pending', () => {
    expect(buildCandidate(shape, 'update', { ...row, name: ' Park ' }, record({ Name: 'Park' }))).toMatchObject({ isPending: false, contentHash: '' });
  });

  test('a blank over a filled value alone is not pending', () => {
    expect(buildCandidate(shape, 'update', row, record({ Name: 'Park' }))).toMatchObject({ isPending: false, changes: expect.arrayContaining(['blank']) });
  });

  test('an update that changes a flag in either direction is P2, any other is P3', () => {
    const flag = 'bank_linking_enabled';
    expect(buildCandidate(shape, 'update', { ...row, [flag]: true }, record({})).priority).toBe('P2');
    expect(buildCandidate(shape, 'update', row, record({ Bank_Linking_Enabled__c: true })).priority).toBe('P2');
    expect(buildCandidate(shape, 'update', { ...row, name: 'Park' }, record({})).priority).toBe('P3');
  });

  test('the winner is the primary for rule primary and what the view says otherwise', () => {
    const candidate = buildCandidate(shape, 'update', { ...row, primary_property_id: 'P', bank_linking_enabled_winner_id: 'W' }, record({}));
    expect(candidate.winners[0]).toBe('P');
    expect(candidate.winners[mapping.fields.findIndex(({ column }) => column === 'bank_linking_enabled')]).toBe('W');
    expect(candidate.winners[mapping.fields.findIndex(({ column }) => column === 'bank_linking_enabled_at')]).toBeNull();
  });

  test('a row without a column of the view is a bug, not a blank', () => {
    const { primary_property_id: _, ...broken } = row;
    expect(() => buildCandidate(shape, 'create', broken, null)).toThrow(/no column primary_property_id/u);
  });
});
