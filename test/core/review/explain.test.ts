import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainFields, type CachedProperty } from '../../../electron/core/review/explain.ts';
import { diffRecord } from '../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { mappingSchema } from '../../../shared/domain/mapping.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };

const mapping = mappingSchema.parse(defaultMapping);
const flagAt = mapping.fields.findIndex(({ column }) => column === 'bank_linking_enabled');
const dateAt = mapping.fields.findIndex(({ column }) => column === 'bank_linking_enabled_at');

function property(id: string, facts: { updatedAt?: string | null; isActive?: boolean; values?: Record<string, FieldValue> } = {}): CachedProperty {
  const isActive = facts.isActive ?? true;
  return {
    id,
    name: `Property ${id}`,
    status: isActive ? 'ACTIVE' : 'DISABLED',
    isActive,
    updatedAt: facts.updatedAt ?? null,
    productionId: null,
    cells: mapping.fields.map(({ column, type }) => facts.values?.[column] ?? (type === 'flag' ? false : null)),
  };
}

function explain(contributors: CachedProperty[], winners: Record<string, string>, ignored: CachedProperty[] = []) {
  const diffs = diffRecord(mapping, 'update', {}, {});
  return explainFields(mapping, diffs, mapping.fields.map(({ column }) => winners[column] ?? null), { contributors, ignored });
}

describe('explainFields', () => {
  test('a primary wins because it was updated later, and by the smaller id when that is equal', () => {
    const name = explain(
      [property('a', { updatedAt: '2025-01-02T00:00:00.000000Z' }), property('b', { updatedAt: '2025-01-01T00:00:00.000000Z' }), property('c', { updatedAt: '2025-01-02T00:00:00.000000Z' }), property('d')],
      { name: 'a' },
    )[0];
    expect(name?.winner).toBe('a');
    expect(name?.losers.map(({ id, reason, loserCompared, winnerCompared }) => [id, reason, loserCompared, winnerCompared])).toEqual([
      ['b', 'older', '2025-01-01T00:00:00.000000Z', '2025-01-02T00:00:00.000000Z'],
      ['c', 'larger-id', 'c', 'a'],
      ['d', 'older', null, '2025-01-02T00:00:00.000000Z'],
    ]);
  });

  test('the losers of a feature were not enabled, had no date, had a later one, or had the larger id', () => {
    const on = (date: string | null) => ({ values: { bank_linking_enabled: true, bank_linking_enabled_at: date } });
    const fields = explain(
      [property('a', on('2025-01-01T00:00:00.000001Z')), property('b', on('2025-01-01T00:00:00.000002Z')), property('c', on('2025-01-01T00:00:00.000001Z')), property('d', on(null)), property('e')],
      { bank_linking_enabled: 'a', bank_linking_enabled_at: 'a' },
    );
    for (const position of [flagAt, dateAt]) {
      expect(fields[position]?.losers.map(({ id, reason }) => [id, reason])).toEqual([
        ['b', 'later-date'],
        ['c', 'larger-id'],
        ['d', 'no-date'],
        ['e', 'not-enabled'],
      ]);
    }
  });

  test('when no enabled contributor has a date, the flag has a winner and the date has none', () => {
    const on = { values: { bank_linking_enabled: true } };
    const fields = explain([property('a', on), property('b', on)], { bank_linking_enabled: 'a' });
    expect(fields[flagAt]).toMatchObject({ winner: 'a', losers: [{ id: 'b', reason: 'larger-id' }] });
    expect(fields[dateAt]).toMatchObject({ winner: null, losers: [{ id: 'a', reason: 'no-date' }, { id: 'b', reason: 'no-date' }] });
  });

  test('members that are not ACTIVE are ignored, with their status', () => {
    const fields = explain([property('a')], { name: 'a' }, [property('z', { isActive: false, values: { bank_linking_enabled: true } })]);
    expect(fields[flagAt]?.losers).toContainEqual({ id: 'z', value: true, reason: 'ignored', loserCompared: 'DISABLED', winnerCompared: null });
  });

  test('every contributor and every ignored member is the winner or a loser of every field, once', () => {
    const candidate = fc.record({
      updatedAt: fc.option(fc.constantFrom('2025-01-01T00:00:00.000000Z', '2025-01-02T00:00:00.000000Z')),
      values: fc.record({ bank_linking_enabled: fc.boolean(), bank_linking_enabled_at: fc.option(fc.constantFrom('2025-01-01T00:00:00.000000Z', '2025-01-02T00:00:00.000000Z')) }),
    });
    fc.assert(
      fc.property(fc.array(candidate, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 3 }), (facts, ignoredCount) => {
        const contributors = facts.map((fact, at) => property(`c${at}`, fact));
        const ignored = Array.from({ length: ignoredCount }, (_, at) => property(`i${at}`, { isActive: false }));
        const all = [...contributors, ...ignored].map(({ id }) => id).sort();
        for (const field of explain(contributors, { name: 'c0' }, ignored)) {
          expect([...(field.winner === null ? [] : [field.winner]), ...field.losers.map(({ id }) => id)].sort()).toEqual(all);
        }
      }),
    );
  });
});
