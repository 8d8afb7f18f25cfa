import type { CallOutput } from '../../../../../shared/contract.ts';
import { decisionStates, priorities } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks } from '../../../../../shared/domain/review.ts';
import type { Shape } from '../../../../../shared/domain/shape.ts';
import { transitions, type Transition } from '../../../../../shared/domain/transition.ts';
import type { Summary } from '../../../../../shared/domain/summary.ts';
import { countMask, tally, type Mask } from './masks.ts';
import type { Review } from './review.ts';

/** From so many contributors on the numbers are taken together. */
const manyContributors = 5;

/**
 * Counts the records of a mask by change shape.
 *
 * Shape:  the shape with the riskiest record first, of equal ones the larger. Every record is counted in one shape.
 */
export function countShapes(review: Review, mask: Mask): CallOutput<'shapes.list'> {
  const { mapping, index } = review;
  const state = review.state();
  const perClass = decisionStates.length * reviewMarks.length;
  const counts = new Uint32Array(index.classes.length * perClass);
  for (let place = 0; place < mask.length; place += 1) {
    if (mask[place] !== 1) continue;
    (counts[(index.classOf[place] as number) * perClass + (state.decision[place] as number) * reviewMarks.length + (state.mark[place] as number)] as number) += 1;
  }
  const shapes = new Map<string, { shape: Shape; risk: number }>();
  index.classes.forEach((one, at) => {
    const cells = counts.subarray(at * perClass, (at + 1) * perClass);
    const count = cells.reduce((sum, cell) => sum + cell, 0);
    if (count === 0) return;
    const known = shapes.get(one.shape);
    const { shape } = known ?? {
      shape: {
        id: one.shape, kind: one.kind, priority: one.priority, isMulti: one.isMulti,
        fields: mapping.fields.flatMap(({ field, label, rule }, place) => ((one.changedMask & (1 << place)) === 0 ? [] : [{ field, label, rule, transition: one.transitions[place] as Transition }])),
        count: 0, outliers: 0, viewed: 0, flagged: 0, blocked: 0, decided: { none: 0, approve: 0, hold: 0, exclude: 0 },
      },
    };
    shapes.set(one.shape, { shape, risk: Math.min(known?.risk ?? one.risk, one.risk) });
    if (priorities.indexOf(one.priority) < priorities.indexOf(shape.priority)) shape.priority = one.priority;
    shape.count += count;
    if ((index.outliers[at] ?? []).length > 0) shape.outliers += count;
    if (one.isBlocked) shape.blocked += count;
    cells.forEach((cell, number) => {
      const mark = reviewMarks[number % reviewMarks.length];
      const decision = decisionStates[Math.floor(number / reviewMarks.length)];
      if (mark !== 'unseen') shape.viewed += cell;
      if (mark === 'flagged') shape.flagged += cell;
      if (decision !== undefined) shape.decided[decision] += cell;
    });
  });
  const inOrder = [...shapes.values()].sort((a, b) => a.risk - b.risk || b.shape.count - a.shape.count || (a.shape.id < b.shape.id ? -1 : 1));
  return { records: countMask(mask), shapes: inOrder.map(({ shape }) => shape) };
}

/** Says how the records of a mask change, field by field. */
export function summarizeChanges({ mapping, index }: Review, mask: Mask): Summary {
  const counts = tally(mask, index.classOf, index.classes.length);
  const sums = mapping.fields.map(() => new Uint32Array(transitions.length));
  index.classes.forEach((one, at) => {
    one.transitions.forEach((transition, field) => {
      const sum = sums[field];
      if (transition !== null && sum !== undefined) (sum[transitions.indexOf(transition)] as number) += counts[at] as number;
    });
  });
  const fields = mapping.fields.map(({ field, label, type, rule }, at) => {
    const found = transitions.map((transition, place) => ({ transition, count: sums[at]?.[place] ?? 0 })).filter(({ count }) => count > 0);
    return { field, label, type, rule, count: found.reduce((sum, { transition, count }) => (transition === 'blank' ? sum : sum + count), 0), transitions: found };
  });
  const byContributors = new Uint32Array(manyContributors + 1);
  for (let place = 0; place < mask.length; place += 1) if (mask[place] === 1) (byContributors[Math.min(index.contributors[place] as number, manyContributors)] as number) += 1;
  const contributors = Array.from(byContributors, (count, number) => ({ value: number === manyContributors ? `${number}+` : String(number), count })).slice(1);
  return { records: countMask(mask), fields: fields.filter((field) => field.transitions.length > 0), contributors };
}
