import { riskNames, type OutlierReason } from '../../../../../shared/domain/review.ts';
import type { ReviewClass } from './review-class.ts';

/** What fewer than this part of a shape has stands out; in one of up to 20 records nothing does. */
const rareShare = 0.05;

const oddRisks = ['conflict', 'large-group', 'blanking', 'rare'] as const;

/**
 * Says why the records of each class stand out in their change shape.
 *
 * Shape:  `counts` are the records of each class in the whole snapshot; one list for each class, the rarest reason first.
 */
export function findOutliers(classes: readonly ReviewClass[], counts: Uint32Array): OutlierReason[][] {
  const shapes = new Map<string, { records: number; having: Map<string, number> }>();
  classes.forEach((one, at) => {
    const shape = shapes.get(one.shape) ?? { records: 0, having: new Map<string, number>() };
    shapes.set(one.shape, shape);
    const count = counts[at] ?? 0;
    shape.records += count;
    for (const { name } of attributesOf(one)) shape.having.set(name, (shape.having.get(name) ?? 0) + count);
  });
  return classes.map((one) => {
    const shape = shapes.get(one.shape);
    if (shape === undefined) return [];
    return attributesOf(one)
      .map(({ name, reason, check }) => ({ reason, check, count: shape.having.get(name) ?? 0 }))
      .filter(({ count }) => count < shape.records * rareShare)
      .sort((a, b) => a.count - b.count);
  });
}

function attributesOf({ checks, risk }: ReviewClass): { name: string; reason: OutlierReason['reason']; check: string | null }[] {
  const odd = oddRisks.find((name) => riskNames[risk] === name);
  return [...checks.map((check) => ({ name: `check ${check}`, reason: 'check' as const, check })), ...(odd === undefined ? [] : [{ name: odd, reason: odd, check: null }])];
}
