import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes, refusalRules } from '../../shared/errors.ts';
import { addressOf, placeOf } from '../../renderer/app/place.ts';
import { splitCodePoints } from '../../renderer/components/code-points.ts';
import { originOf, scrollTo, tallestScroll, topOf, windowOf } from '../../renderer/components/grid-window.ts';
import { RowSlots } from '../../renderer/components/row-slots.ts';
import { diffWords, excerptOf } from '../../renderer/components/word-diff.ts';
import { nextRow, rowsOf } from '../../renderer/screens/checks/check-rows.ts';
import { allSelected, countSelected, includes, nothingSelected, toSelection, withItems } from '../../renderer/screens/review/row-selection.ts';
import { failureWords } from '../../renderer/words/errors.ts';
import { factLabel, factValue } from '../../renderer/words/audit.ts';
import { ageOf, instantOf, utcOf, withMoments } from '../../renderer/words/dates.ts';
import { createsAndUpdates, number, percent, plural } from '../../renderer/words.ts';
import { checkResults } from './fake-answers.ts';

const key = fc.record({ key: fc.string({ minLength: 1, maxLength: 5 }), kind: fc.constantFrom('create' as const, 'update' as const) });

describe('the window of a grid', () => {
  const view = fc.record({ rowCount: fc.integer({ min: 1, max: 2_000_000 }), rowHeight: fc.constantFrom(26, 30, 36), viewHeight: fc.integer({ min: 100, max: 1_200 }) });

  test('any row can be scrolled into view, also of two million', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (shape, from, to) => {
        const pixels = Math.max(0, Math.min(shape.rowCount * shape.rowHeight, tallestScroll) - shape.viewHeight);
        const index = Math.round(to * (shape.rowCount - 1));
        const reached = { ...shape, scrollTop: scrollTo({ ...shape, scrollTop: from * pixels }, index) };
        const shown = windowOf(reached);
        expect(shown.first).toBeLessThanOrEqual(index);
        expect(shown.last).toBeGreaterThanOrEqual(index);
        const top = originOf(reached, shown).top + topOf(reached, shown, index) - reached.scrollTop;
        expect(top).toBeGreaterThanOrEqual(-1);
        expect(top + shape.rowHeight).toBeLessThanOrEqual(Math.max(shape.viewHeight, shape.rowHeight) + 1);
      }),
    );
  });

  test('few rows are drawn and the height stays below the limit of browsers', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), (shape, at) => {
        const shown = windowOf({ ...shape, scrollTop: at * tallestScroll });
        expect(shown.height).toBeLessThanOrEqual(tallestScroll);
        expect(shown.last - shown.first).toBeLessThan(shape.viewHeight / shape.rowHeight + 16);
        expect(shown.last).toBeLessThan(shape.rowCount);
      }),
    );
  });

  test('a row that is in view does not move the list', () => {
    const shape = { rowCount: 1_000, rowHeight: 30, viewHeight: 600, scrollTop: 300 };
    expect(scrollTo(shape, 15)).toBe(300);
    expect(scrollTo(shape, 0)).toBe(0);
  });
});

describe('a selection', () => {
  test('marks exactly what was put in or taken out, whichever way it began', () => {
    fc.assert(
      fc.property(fc.array(key), fc.array(key), fc.boolean(), (put, taken, fromAll) => {
        const selection = withItems(withItems(fromAll ? allSelected : nothingSelected, put, true), taken, false);
        for (const item of taken) expect(includes(selection, item)).toBe(false);
        for (const item of put) expect(includes(selection, item)).toBe(!taken.some((other) => other.key === item.key && other.kind === item.kind));
      }),
    );
  });

  test('never becomes a list of everything', () => {
    const except = withItems(allSelected, [{ key: 'a', kind: 'create' }], false);
    expect(countSelected(except, 1_000_214)).toBe(1_000_213);
    expect(toSelection(except, 'priority:P2')).toEqual({ filter: 'priority:P2', except: [{ key: 'a', kind: 'create' }] });
    expect(toSelection(nothingSelected, '')).toBeNull();
  });
});

describe('the elements of rows', () => {
  const rows = (first: number, count: number) => Array.from({ length: count }, (_, offset) => first + offset);

  test('no two rows share an element, rows that stay keep theirs, and a drawing twice over changes nothing', () => {
    const step = fc.record({ first: fc.integer({ min: 0, max: 300 }), count: fc.integer({ min: 1, max: 40 }), current: fc.integer({ min: 0, max: 340 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const slots = new RowSlots();
        let before: ReadonlyMap<number, number> = new Map();
        for (const { first, count, current } of steps) {
          const drawn = [...new Set([...rows(first, count), current])];
          const now = slots.assign(drawn, current);
          expect(new Set(now.values()).size).toBe(drawn.length);
          for (const [index, slot] of now) if (before.has(index)) expect(slot).toBe(before.get(index));
          expect(slots.assign(drawn, current)).toEqual(now);
          before = now;
        }
      }),
    );
  });

  test('a jump fills the elements that are there, but the row that becomes current gets one of its own', () => {
    const slots = new RowSlots();
    const before = slots.assign(rows(0, 30), 20);
    const after = slots.assign(rows(5_000, 30), 5_020);
    const filled = [...after].filter(([, slot]) => [...before.values()].includes(slot)).map(([index]) => index);
    expect(filled).toEqual(rows(5_000, 30).filter((index) => index !== 5_020));
    expect(filled.map((index) => after.get(index))).toEqual([...before.values()].slice(0, 29));
  });
});

describe('texts', () => {
  test('a word diff gives both texts back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }), (before, after) => {
        const diff = diffWords(before, after);
        expect(diff.before.map((piece) => piece.text).join('')).toBe(before);
        expect(diff.after.map((piece) => piece.text).join('')).toBe(after);
        const same = (pieces: typeof diff.before) => pieces.filter((piece) => !piece.isChanged).map((piece) => piece.text).join('');
        expect(same(diff.before)).toBe(same(diff.after));
      }),
    );
  });

  test('only the changed word is marked', () => {
    expect(diffWords('1245 Kennedy St', '1245 Kennedy Street').before.filter((piece) => piece.isChanged).map((piece) => piece.text)).toEqual(['St']);
  });

  test('splitting at code points gives the text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(splitCodePoints(text).map((piece) => piece.text).join('')).toBe(text);
      }),
    );
  });

  test.each([
    ['Park\u200bville', 'U+200B'],
    ['Park\u00a0Kennedy', 'NBSP'],
    ['P\u0430rk', 'Cyrillic \u0430'],
    ['abc\u202egnp', 'U+202E'],
    ['Park\uff21', 'Fullwidth \uff21'],
  ])('Row 37: %j shows what cannot be seen as %s', (text, badge) => {
    expect(splitCodePoints(text).flatMap((piece) => (piece.kind === 'badge' ? [piece.badge] : []))).toEqual([badge]);
  });

  test('a name in another script alone has no badges', () => {
    expect(splitCodePoints('Парк Кеннеди').every((piece) => piece.kind === 'plain')).toBe(true);
  });
});

describe('words', () => {
  test('every failure has a title and says what it means for the data', () => {
    const errors = [...errorCodes.filter((code) => code !== 'refused').map((code) => ({ code, message: '', details: {} })), ...refusalRules.map((rule) => ({ code: 'refused' as const, message: '', details: { rule } }))];
    const words = errors.map((error) => failureWords(error));
    expect(words.filter(({ title, meaning }) => title === '' || meaning === '' || /!|please|oops|successfully/iu.test(`${title} ${meaning}`))).toEqual([]);
    expect(new Set(words.map(({ title }) => title)).size).toBe(words.length);
  });

  test('numbers are grouped and plurals written out', () => {
    expect(number(1_081)).toBe('1,081');
    expect(percent(0.0044)).toBe('0.4 %');
    expect(plural(1, 'record')).toBe('1 record');
    expect(createsAndUpdates(0, 7_980)).toBe('7,980 updates');
  });

  test('two instants of one day show their time to the second', () => {
    expect(instantOf('2025-03-14T09:00:00.000Z', '2025-03-14T09:00:01.000Z')).toMatch(/\d{2}:\d{2}:\d{2}/u);
    expect(instantOf('2025-03-14T09:00:00.000Z', null)).toBe('14 Mar 2025');
  });

  test('what is sent is told in UTC, to the second or finer', () => {
    expect(utcOf('2025-03-14T09:00:01.000Z')).toBe('2025-03-14 09:00:01 UTC');
    expect(utcOf('2025-03-14T09:00:01Z')).toBe('2025-03-14 09:00:01 UTC');
    expect(utcOf('2025-03-14T09:00:01.120Z')).toBe('2025-03-14 09:00:01.120 UTC');
  });

  test('ages are rounded down', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    expect(ageOf('2026-11-23T11:48:00Z', now)).toBe('12 min old');
    expect(ageOf('2026-11-22T10:00:00Z', now)).toBe('26 h old');
    expect(ageOf('2026-10-13T10:00:00Z', now)).toBe('41 d old');
  });
});

test('an address and a place say the same', () => {
  const place = placeOf(addressOf('review', { filter: 'company:"A & B" -priority:P3', record: 'x/1?', why: null }));
  expect(place.screen).toBe('review');
  expect(place.query.get('filter')).toBe('company:"A & B" -priority:P3');
  expect(place.query.get('record')).toBe('x/1?');
  expect(place.query.has('why')).toBe(false);
  expect(placeOf('/nowhere').screen).toBe('review');
});

test('moving through the checks skips the headings', () => {
  const rows = rowsOf(checkResults());
  expect(rows.map((row) => row.kind)).toEqual(['group', 'check', 'group', 'check', 'check', 'group', 'check', 'group', 'not-checked', 'not-checked']);
  expect(nextRow(rows, 1, 2)).toBe(3);
  expect(nextRow(rows, 3, 2)).toBe(1);
  expect(nextRow(rows, 1, 0)).toBe(1);
  expect(nextRow(rows, 1, 99)).toBe(9);
});

describe('the excerpt of a long text', () => {
  test('shows its first change, is no longer than asked for, and is a part of the text', () => {
    const texts = fc.array(fc.lorem({ maxCount: 40 }), { maxLength: 6 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 100, max: 300 }), (before, after, size) => {
        const pieces = diffWords(before, after).after;
        const cut = excerptOf(pieces, size);
        const text = cut.pieces.map((piece) => piece.text).join('');
        expect(text).toBe(after.slice(cut.from, cut.to));
        expect(text.length).toBeLessThanOrEqual(size);
        const change = pieces.find((piece) => piece.isChanged);
        if (change) expect(cut.pieces.some((piece) => piece.isChanged)).toBe(true);
      }),
    );
  });

  test('never cuts a character in two', () => {
    const cut = excerptOf([{ text: '🏠'.repeat(200), isChanged: true, at: 0 }], 101);
    expect(cut.pieces.map((piece) => piece.text).join('')).toBe('🏠'.repeat(50));
  });
});

test('facts of audit events have names and values in words', () => {
  expect(['apiCalls', 'notSent', 'publicKey', 'planned'].map(factLabel)).toEqual(['API calls', 'Not sent', 'Public key', 'Planned']);
  expect([1278, 0.533, null, [], ['a', 'b'], 'text', true, { orgRecords: 1278, source: null }].map(factValue)).toEqual(['1,278', '0.533', 'none', 'none', 'a, b', 'text', 'true', 'Org records: 1,278; Source: none']);
});

test('instants inside a sentence are written as moments', () => {
  expect(withMoments('The approval holds until 2026-11-24T16:04:42.987Z.', new Date('2026-11-23T12:00:00Z'))).toMatch(/^The approval holds until 2[45] Nov, \d\d:\d\d\.$/u);
});
