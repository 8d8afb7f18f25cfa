import * as fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { chosenColumns, columns, columnTracks, readColumnChoice, saveColumnChoice, type ColumnChoice } from '../../renderer/screens/review/columns.ts';
import { sortOrders } from '../../shared/contract.ts';

const idsOf = (choice: ColumnChoice, isNarrow = false) => chosenColumns(choice, isNarrow).map(({ id }) => id);
const choice: fc.Arbitrary<ColumnChoice> = fc.dictionary(fc.constantFrom(...columns.map(({ id }) => id)), fc.boolean());

let stored: Map<string, string>;
beforeEach(() => {
  stored = new Map();
  vi.stubGlobal('window', { localStorage: { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value) } });
});

describe('the columns of the grid', () => {
  test('can each be told apart, and each sorts by an order of its own', () => {
    for (const fact of ['id', 'label', 'sort'] as const) expect(new Set(columns.map((column) => column[fact])).size).toBe(columns.length);
    expect(sortOrders).toEqual(expect.arrayContaining(columns.map(({ sort }) => sort)));
  });

  test('are fewer in a narrow pane, as long as nobody has chosen', () => {
    expect(idsOf({})).toEqual(['progress', 'priority', 'kind', 'name', 'change', 'contributors', 'checks', 'decision']);
    expect(idsOf({}, true)).toEqual(['progress', 'priority', 'name', 'change', 'checks', 'decision']);
    expect(idsOf({ kind: true, key: true, change: false, name: false }, true)).toEqual(['progress', 'priority', 'kind', 'name', 'checks', 'decision', 'key']);
  });

  test('are those that were chosen, in the order of the grid, and always the name', () => {
    fc.assert(
      fc.property(choice, fc.boolean(), (wanted, isNarrow) => {
        const shown = idsOf(wanted, isNarrow);
        for (const { id } of columns) if (wanted[id] !== undefined) expect(shown.includes(id)).toBe(wanted[id] || id === 'name');
        expect(shown).toContain('name');
        expect(shown).toEqual(columns.map(({ id }) => id).filter((id) => shown.includes(id)));
      }),
    );
  });

  test('have one track each behind the box to select, and scroll sideways only below the sum of what they need at least', () => {
    fc.assert(
      fc.property(choice, fc.boolean(), (wanted, isNarrow) => {
        const shown = chosenColumns(wanted, isNarrow);
        const { tracks, least } = columnTracks(shown, isNarrow);
        const widths = tracks.split(/ (?!\d*\.?\d+fr)/u);
        expect(widths).toHaveLength(shown.length + 1);
        const sum = widths.reduce((total, width) => total + Number.parseFloat(width.replace('minmax(', '')), 0);
        expect(least).toBe(`calc(${sum}rem + ${shown.length} * var(--col-gap) + 2 * var(--space-3))`);
      }),
    );
  });

  test('give the name and the decision less room in a narrow pane', () => {
    const tracks = (isNarrow: boolean) => columnTracks(chosenColumns({ progress: false, priority: false, kind: false, change: false, contributors: false, checks: false }, isNarrow), isNarrow).tracks;
    expect([tracks(false), tracks(true)]).toEqual(['1.25rem minmax(6.5rem, 0.93fr) 5.75rem', '1.25rem minmax(6rem, 0.93fr) 1.25rem']);
  });
});

describe('the choice of columns', () => {
  test('is the same after it was written and read', () => {
    expect(readColumnChoice()).toEqual({});
    fc.assert(
      fc.property(choice, (wanted) => {
        saveColumnChoice(wanted);
        expect(readColumnChoice()).toEqual(wanted);
      }),
    );
  });

  test.each([
    ['{', {}],
    ['null', {}],
    ['7', {}],
    ['[true]', {}],
    ['"name"', {}],
    ['{"company":"yes","state":1,"key":null,"kind":false}', { kind: false }],
    ['{"a-column-of-another-version":true,"state":true,"__proto__":{"key":true}}', { state: true }],
  ])('that another version or a hand has written (%s) is read as far as it makes sense', (text, read) => {
    saveColumnChoice({});
    for (const name of stored.keys()) stored.set(name, text);
    expect(readColumnChoice()).toEqual(read);
  });
});
