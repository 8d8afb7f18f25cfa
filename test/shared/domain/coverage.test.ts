import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upperBound } from '../../../shared/domain/coverage.ts';

const bound = (drawn: number, wrong: number, population = 1_000_000) => upperBound({ drawn, wrong, population });

/** Chance of at most `wrong` wrong ones among `drawn`, added up term by term. */
function chance(drawn: number, wrong: number, share: number): number {
  let term = (1 - share) ** drawn;
  let sum = term;
  for (let k = 0; k < wrong; k += 1) {
    term *= (((drawn - k) / (k + 1)) * share) / (1 - share);
    sum += term;
  }
  return sum;
}

describe('what a random draw says of the rest', () => {
  test('none wrong in 50 is at most about 6 %, in 100 about 3 %', () => {
    expect(bound(50, 0)).toBeCloseTo(1 - 0.05 ** (1 / 50), 9);
    expect(bound(50, 0)).toBeCloseTo(0.058, 3);
    expect(bound(100, 0)).toBeCloseTo(0.0295, 4);
  });

  test('known values of Clopper and Pearson', () => {
    // One-sided 95 %: 1 in 10 is 39.4 %, 5 in 100 is 10.2 %.
    expect(bound(10, 1)).toBeCloseTo(0.394, 3);
    expect(bound(100, 5)).toBeCloseTo(0.1022, 3);
  });

  test('nothing drawn says nothing, everything drawn says all', () => {
    expect(bound(0, 0)).toBe(1);
    expect(upperBound({ drawn: 20, wrong: 3, population: 20 })).toBe(0.15);
    expect(bound(20, 20)).toBe(1);
  });

  test('with the share of the bound, so few wrong ones would be seen in 5 of 100 draws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat({ max: 299 }), (drawn, some) => {
        // Beyond the half, the first term of the plain sum is too small for a number.
        const wrong = Math.min(some, Math.floor(drawn / 2));
        const share = bound(drawn, wrong);
        expect(share).toBeGreaterThan(wrong / drawn);
        expect(chance(drawn, wrong, share)).toBeCloseTo(0.05, 6);
      }),
    );
  });

  test('more drawn is never worse, more wrong is never better', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat({ max: 50 }), (drawn, some) => {
        const wrong = Math.min(some, drawn);
        expect(bound(drawn + 1, wrong)).toBeLessThanOrEqual(bound(drawn, wrong));
        expect(bound(drawn, Math.min(drawn, wrong + 1))).toBeGreaterThanOrEqual(bound(drawn, wrong));
      }),
    );
  });
});
