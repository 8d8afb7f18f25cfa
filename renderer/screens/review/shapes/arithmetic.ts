import { priorities } from '../../../../shared/domain/pending-change.ts';
import type { Shape } from '../../../../shared/domain/shape.ts';
import type { Priority } from './shape-rows.ts';

export interface Arithmetic {
  parts: { priority: Priority; records: number }[];
  sum: number;
  shapes: number;
  /** Why the shapes cannot be trusted; null when the sum is the number it must be. */
  problem: { expected: number; of: 'filter' | 'snapshot' } | null;
}

/**
 * Adds up the shapes and compares the sum with what it must be.
 *
 * Shape:  `records`: how many match the filter, counted without the shapes. `snapshot`: what the snapshot says of itself; null under a
 *         filter, where it says nothing.
 * Errors: never throws.
 */
export function arithmeticOf(shapes: readonly Pick<Shape, 'priority' | 'count'>[], records: number, snapshot: number | null): Arithmetic {
  const of = (priority: Priority) => shapes.filter((shape) => shape.priority === priority).reduce((sum, shape) => sum + shape.count, 0);
  const parts = priorities.map((priority) => ({ priority, records: of(priority) })).filter((part) => part.records > 0);
  const sum = parts.reduce((total, part) => total + part.records, 0);
  const problem = snapshot !== null && sum !== snapshot ? { expected: snapshot, of: 'snapshot' as const } : sum !== records ? { expected: records, of: 'filter' as const } : null;
  return { parts, sum, shapes: shapes.length, problem };
}
