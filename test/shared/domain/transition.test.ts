import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffField } from '../../../shared/domain/field-diff.ts';
import type { FieldType, FieldValue } from '../../../shared/domain/field-value.ts';
import { transitionOf, transitions } from '../../../shared/domain/transition.ts';

const someValue = fc.oneof(fc.constant(null), fc.boolean(), fc.string({ unit: 'grapheme' }), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()));

describe('the kind of change of a field', () => {
  test.each<[string, FieldType, FieldValue, FieldValue, string]>([
    ['a flag that goes on', 'flag', false, true, 'turned-on'],
    ['a flag that goes off', 'flag', true, false, 'turned-off'],
    ['a text over a blank', 'text', null, 'Park Kennedy', 'filled'],
    ['another text', 'text', 'Park Kennedy', 'Ashton Brook', 'replaced'],
    ['the same text in capitals', 'text', 'Park Kennedy', 'PARK KENNEDY', 'respelled'],
    ['the same text with other punctuation', 'text', '12 Main St', '12, Main St.', 'respelled'],
    ['one letter more', 'text', '12 Main St', '12 Main Str', 'replaced'],
    ['a word with an accent', 'text', 'Cafe', 'Café', 'replaced'],
    ['the same accent in another Unicode form', 'text', 'Cafe\u0301', 'Caf\u00e9', 'respelled'],
    ['a date moved back', 'instant', '2025-03-02T00:00:00.000Z', '2025-03-01T00:00:00.000Z', 'earlier'],
    ['a date moved on', 'instant', '2025-03-01T00:00:00.000Z', '2025-03-02T00:00:00.000Z', 'later'],
    ['a date over a blank', 'instant', null, '2025-03-02T00:00:00.000Z', 'filled'],
    ['a blank over a text, which is kept', 'text', '02139', null, 'blank'],
  ])('%s', (_, type, before, after, kind) => {
    const { change } = diffField({ column: 'c', field: 'F__c', label: 'F', type, rule: 'primary' }, before, after, 'update');
    expect(transitionOf(type, change, before, after)).toBe(kind);
  });

  test('a blank that the mapping sends is cleared', () => {
    const diff = diffField({ column: 'c', field: 'F__c', label: 'F', type: 'text', rule: 'primary', clear: true }, '02139', null, 'update');
    expect(transitionOf('text', diff.change, diff.before, diff.after)).toBe('cleared');
  });

  test('every field that changes has a kind, and only those', () => {
    fc.assert(
      fc.property(fc.constantFrom<FieldType>('text', 'flag', 'instant'), fc.constantFrom('create' as const, 'update' as const), someValue, someValue, fc.boolean(), (type, kind, before, after, clear) => {
        const diff = diffField({ column: 'c', field: 'F__c', label: 'F', type, rule: 'primary', clear }, before, after, kind);
        const transition = transitionOf(type, diff.change, diff.before, diff.after);
        expect(transition === null).toBe(diff.change === 'equal');
        if (transition !== null) expect(transitions).toContain(transition);
      }),
    );
  });
});
