import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findOddCharacters } from '../../../shared/domain/odd-character.ts';

describe('Row 37: findOddCharacters', () => {
  test.each([
    ['a zero-width space', 'Park\u200B Kennedy', [{ at: 4, codePoint: 'U+200B', kind: 'invisible' }]],
    ['a no-break space', 'Park\u00A0Kennedy', [{ at: 4, codePoint: 'U+00A0', kind: 'invisible' }]],
    ['a right-to-left override', '\u202Eabc', [{ at: 0, codePoint: 'U+202E', kind: 'bidirectional' }]],
    ['a Cyrillic letter in a Latin word', 'P\u0430rk', [{ at: 1, codePoint: 'U+0430', kind: 'look-alike' }]],
  ])('finds %s', (_, text, expected) => {
    expect(findOddCharacters(text)).toMatchObject(expected);
  });

  test.each(['Park Kennedy', 'Caf\u00E9 Zo\u00EB', '\u041F\u0430\u0440\u043A', '\u05D1\u05D9\u05EA', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467} Homes', '=1+1', '<b>x</b>'])('finds nothing odd in %s', (text) => {
    expect(findOddCharacters(text)).toEqual([]);
  });

  test('every place it names holds that character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { at, character } of findOddCharacters(text)) expect(text.startsWith(character, at)).toBe(true);
      }),
    );
  });
});
