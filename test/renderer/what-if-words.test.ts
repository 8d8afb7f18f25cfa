import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparedSentence, consequenceOf, fateOf, isSame, sidesOf, sumsOf, whatIfShare } from '../../renderer/words/what-if.ts';
import type { WhatIf, WhatIfRecord } from '../../shared/domain/what-if.ts';

const counts = { creates: 1_081, updates: 7_980, total: 9_061, p1: 120, p2: 799 };
const whatIf = (change: Partial<WhatIf> = {}): WhatIf => ({ id: 'c', snapshotId: 'S-0139', draft: { field: 'F', rule: 'primary' }, view: 'v', sql: 's', a: counts, b: { ...counts, total: 9_053, p2: 596 }, unchanged: 8_847, enter: 3, leave: 11, change: 203, unknown: 0, rows: [], kinds: [], seconds: 1, ...change });
const size = fc.integer({ min: 0, max: 10_000_000 });
const digitsOf = (text: string) => [...text.matchAll(/[\d,]+/gu)].map(([found]) => Number(found.replaceAll(',', '')));

describe('both sums', () => {
  test('are written out', () => {
    expect(sumsOf(whatIf())).toEqual({ a: 'A: 8,847 + 203 + 11 = 9,061.', b: 'B: 8,847 + 203 + 3 = 9,053.', addsUp: true });
  });

  test('never state a false equation, and say so when a plan has another number', () => {
    fc.assert(
      fc.property(fc.record({ unchanged: size, enter: size, leave: size, change: size }), size, size, (parts, a, b) => {
        const sums = sumsOf(whatIf({ ...parts, a: { ...counts, total: a }, b: { ...counts, total: b } }));
        for (const text of [sums.a, sums.b]) {
          const [one = 0, two = 0, three = 0, sum] = digitsOf(text);
          expect(one + two + three).toBe(sum);
        }
        expect(sums.addsUp).toBe(parts.unchanged + parts.change + parts.leave === a && parts.unchanged + parts.change + parts.enter === b);
        expect(`${sums.a}${sums.b}`.includes('but the plan has')).toBe(!sums.addsUp);
      }),
    );
  });
});

describe('the consequence', () => {
  test('names what would shrink or grow, from the numbers alone', () => {
    const after = (change: Partial<WhatIf['b']>) => consequenceOf({ a: counts, b: { ...counts, ...change } });
    expect([after({ p2: 596, total: 9_053 }), after({ p1: 121, p2: 800 }), after({ total: 9_060 }), after({})]).toEqual([
      'P2 would shrink from 799 to 596.',
      'P1 would grow from 120 to 121. P2 would grow from 799 to 800.',
      'The plan would shrink from 9,061 to 9,060. P1 and P2 would keep their numbers.',
      'The plan would keep its 9,061 records, 120 in P1 and 799 in P2, with other content.',
    ]);
  });

  test('is spoken with all three numbers, or as nothing', () => {
    const none = whatIf({ enter: 0, leave: 0, change: 0 });
    expect([comparedSentence(whatIf()), comparedSentence(none)]).toEqual(['Compared: 203 change, 3 enter, 11 leave.', 'Compared: nothing differs.']);
    expect([isSame(none), isSame(whatIf({ leave: 0, change: 0, enter: 1 }))]).toEqual([true, false]);
  });
});

test('a record is told to enter or leave with the reason, not only with the word', () => {
  const fate = (change: Partial<WhatIfRecord>) => fateOf({ key: 'k', kind: 'update', state: 'change', name: null, inA: true, inB: true, isBeforeKnown: true, contributorCount: 2, fields: [], ...change });
  expect([fate({}), fate({ state: 'enter' }), fate({ state: 'enter', inA: false }), fate({ state: 'leave' }), fate({ state: 'leave', inB: false, contributorCount: 1 })]).toEqual([
    'Update, 2 contributors. Pending in both plans, with other content.',
    'Update, 2 contributors. Enters: in plan A there is nothing to send for it.',
    'Update, 2 contributors. Enters: plan A does not have it.',
    'Update, 2 contributors. Leaves: in plan B there is nothing to send for it.',
    'Update, 1 contributor. Leaves: plan B does not have it.',
  ]);
});

test('kinds of difference are words, and contributors are no values', () => {
  expect([sidesOf({ field: 'F', a: 'TRUE', b: 'FALSE' }), sidesOf({ field: 'F', a: 'date', b: 'later' }), sidesOf({ field: 'record', a: 'absent', b: 'present' }), sidesOf({ field: 'contributors', a: 'value', b: 'fewer' }), sidesOf({ field: 'contributors', a: 'value', b: 'other' })]).toEqual([
    { a: 'TRUE', b: 'FALSE' },
    { a: 'a date', b: 'a later date' },
    { a: 'not in the plan', b: 'in the plan' },
    { a: 'these', b: 'fewer' },
    { a: 'these', b: 'others' },
  ]);
});

test('progress only goes forward through the steps and never past the whole', () => {
  const shares = (['load', 'plan-a', 'plan-b', 'compare'] as const).flatMap((step) => [whatIfShare({ step, done: 0, total: 10 }), whatIfShare({ step, done: 7, total: 10 }), whatIfShare({ step, done: 30, total: 10 })]);
  expect(shares).toEqual([...shares].sort((one, other) => one - other));
  expect([whatIfShare(null), shares[0], shares.at(-1), whatIfShare({ step: 'compare', done: 0, total: null })]).toEqual([0, 0, 1, 0.75]);
});
