import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findOutliers } from '../../../../../electron/adapters/sqlite/cache/review/outliers.ts';
import type { ReviewClass } from '../../../../../electron/adapters/sqlite/cache/review/review-class.ts';
import { riskNames, type OutlierReason, type RiskName } from '../../../../../shared/domain/review.ts';

interface Facts {
  shape?: string;
  checks?: readonly string[];
  risk?: RiskName;
  count: number;
}

/** Why the records of each class stand out. */
function reasonsOf(...all: readonly Facts[]): OutlierReason[][] {
  const classes = all.map(({ shape = 's', checks = [], risk = 'p3' }): ReviewClass => ({
    kind: 'update', priority: 'P3', transitions: [], isMulti: false, isBlocked: false, hasWarning: false, changedMask: 0, changeCount: 0, shape, checks, risk: riskNames.indexOf(risk),
  }));
  return findOutliers(classes, Uint32Array.from(all, ({ count }) => count));
}

describe('a record stands out in its shape', () => {
  test.each([
    [1, 20, false],
    [1, 21, true],
    [7, 140, false],
    [7, 141, true],
    [50_000, 1_000_000, false],
    [49_999, 1_000_000, true],
  ])('by what fewer than one in twenty have: %i of %i, %s', (some, all, standsOut) => {
    const [plain, odd] = reasonsOf({ count: all - some }, { count: some, checks: ['missing-zip'] });
    expect(plain).toEqual([]);
    expect(odd).toEqual(standsOut ? [{ reason: 'check', check: 'missing-zip', count: some }] : []);
  });

  test('by every reason that is rare there, the rarest first, with the number of records that share it', () => {
    expect(
      reasonsOf({ count: 97 }, { count: 1, checks: ['a'], risk: 'blanking' }, { count: 1, checks: ['a', 'b'] }, { count: 1, checks: ['a'], risk: 'blanking' }),
    ).toEqual([
      [],
      [{ reason: 'blanking', check: null, count: 2 }, { reason: 'check', check: 'a', count: 3 }],
      [{ reason: 'check', check: 'b', count: 1 }, { reason: 'check', check: 'a', count: 3 }],
      [{ reason: 'blanking', check: null, count: 2 }, { reason: 'check', check: 'a', count: 3 }],
    ]);
  });

  test('never by what its priority says, nor by being blocked: the check that blocks it says that', () => {
    const odd = riskNames.filter((risk) => reasonsOf({ count: 99 }, { count: 1, risk })[1]?.length === 1);
    expect(odd).toEqual(['conflict', 'large-group', 'blanking', 'rare']);
  });

  const facts = fc.record({ shape: fc.constantFrom('s', 't'), checks: fc.subarray(['a', 'b', 'c']), risk: fc.constantFrom(...riskNames), count: fc.integer({ min: 1, max: 60 }) });

  test('by its own shape alone, whatever the others have', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 12 }), (all) => {
        reasonsOf(...all).forEach((reasons, at) => {
          const { shape, checks, risk } = all[at] as Required<Facts>;
          const alike = all.filter((one) => one.shape === shape);
          const numberOf = (has: (one: Required<Facts>) => boolean) => alike.reduce((sum, one) => (has(one) ? sum + one.count : sum), 0);
          const own = [
            ...checks.map((check) => ({ reason: 'check', check, count: numberOf((one) => one.checks.includes(check)) })),
            ...(['conflict', 'large-group', 'blanking', 'rare'].includes(risk) ? [{ reason: risk, check: null, count: numberOf((one) => one.risk === risk) }] : []),
          ];
          const rare = own.filter(({ count }) => count * 20 < numberOf(() => true));
          expect(reasons.toSorted(byName)).toEqual(rare.toSorted(byName));
          expect(reasons.map(({ count }) => count)).toEqual(rare.map(({ count }) => count).sort((a, b) => a - b));
        });
      }),
    );
  });
});

function byName(one: { reason: string; check: string | null }, other: { reason: string; check: string | null }): number {
  return `${one.reason} ${one.check}` < `${other.reason} ${other.check}` ? -1 : 1;
}
