import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldTypes, normalizeValue } from '../../../shared/domain/field-value.ts';

const anyValue = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.integer(), fc.constant(null), fc.constant(undefined), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()));

describe('normalizeValue', () => {
  test('normalising twice is the same as once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fieldTypes), anyValue, (type, value) => {
        const once = normalizeValue(type, value);
        expect(normalizeValue(type, once)).toEqual(once);
      }),
    );
  });

  test('a flag is always a boolean and blank is FALSE', () => {
    fc.assert(fc.property(anyValue, (value) => { expect(typeof normalizeValue('flag', value)).toBe('boolean'); }));
    expect([null, undefined, '', 'false', false, true, 'true'].map((value) => normalizeValue('flag', value))).toEqual([false, false, false, false, false, true, true]);
  });

  test('a text loses white space at its ends and nothing inside', () => {
    const inner = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
    const white = fc.stringMatching(/^[ \t\r\n]{0,4}$/u);
    fc.assert(fc.property(white, inner, white, (before, text, after) => { expect(normalizeValue('text', before + text + after)).toBe(text); }));
  });

  test('a text of nothing but white space is blank', () => {
    fc.assert(fc.property(fc.stringMatching(/^[ \t\r\n]{0,6}$/u), (white) => { expect(normalizeValue('text', white)).toBeNull(); }));
  });

  test('letter case and Unicode form of a text count', () => {
    expect(normalizeValue('text', 'Cafe\u0301')).not.toBe(normalizeValue('text', 'Caf\u00E9'));
    expect(normalizeValue('text', 'A  b')).toBe('A  b');
  });

  test('an instant is cut to whole seconds, never rounded', () => {
    expect(normalizeValue('instant', '2025-03-14T15:30:12.999999Z')).toBe('2025-03-14T15:30:12.000Z');
    expect(normalizeValue('instant', '1969-12-31T23:59:59.500000Z')).toBe('1969-12-31T23:59:59.000Z');
  });

  test('gives an instant in UTC the second that a date gives it, whatever the day and the digits', () => {
    const digits = fc.stringMatching(/^(?:\.\d{1,9})?$/u);
    const date = fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(date, digits, (date, digits) => {
        const second = date.toISOString().slice(0, 19);
        expect(normalizeValue('instant', `${second}${digits}Z`)).toBe(new Date(`${second}Z`).toISOString());
      }),
    );
    expect(normalizeValue('instant', '2025-13-01T00:00:00Z')).toBe('2025-13-01T00:00:00Z');
  });

  test('instants are compared as instants, whatever their zone is written like', () => {
    expect(normalizeValue('instant', '2025-03-14T17:30:12.000+0200')).toBe('2025-03-14T15:30:12.000Z');
    expect(normalizeValue('instant', '2025-03-14T17:30:12+02:00')).toBe('2025-03-14T15:30:12.000Z');
  });

  test('a text that is no instant stays as it stands', () => {
    expect(normalizeValue('instant', 'soon')).toBe('soon');
    expect(normalizeValue('instant', '  ')).toBeNull();
  });
});
