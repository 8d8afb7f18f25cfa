import { priorities } from '../../../../shared/domain/pending-change.ts';
import type { Shape } from '../../../../shared/domain/shape.ts';

export type Priority = Shape['priority'];

/** A row of the grid: the heading of a priority, a shape, or the shapes of one record each that are folded into one row. */
export type ShapeRow = { kind: 'group'; id: string; priority: Priority; records: number } | { kind: 'shape'; id: string; shape: Shape } | { kind: 'fold'; id: string; priority: Priority; shapes: readonly Shape[] };

/** Fewer shapes of one record are not worth a fold. */
const fewestFolded = 3;

/**
 * Puts shapes into rows, the largest first under their priority.
 *
 * Shape:  every shape is in exactly one row, alone or in a fold. `open`: priorities whose shapes of one record stand alone; those of
 *         `current`, the shape that is looked at, do so too.
 * Errors: never throws.
 */
export function shapeRows(shapes: readonly Shape[], open: readonly string[], current: string | null): ShapeRow[] {
  return priorities.flatMap((priority): ShapeRow[] => {
    const own = shapes.filter((shape) => shape.priority === priority).sort((a, b) => b.count - a.count);
    if (own.length === 0) return [];
    const single = own.filter((shape) => shape.count === 1);
    const isFolded = single.length >= fewestFolded && !open.includes(priority) && !single.some((shape) => shape.id === current);
    const alone = isFolded ? own.filter((shape) => shape.count !== 1) : own;
    const rows: ShapeRow[] = alone.map((shape) => ({ kind: 'shape', id: shape.id, shape }));
    return [
      { kind: 'group', id: `group ${priority}`, priority, records: own.reduce((sum, shape) => sum + shape.count, 0) },
      ...rows,
      ...(isFolded ? [{ kind: 'fold' as const, id: `fold ${priority}`, priority, shapes: single }] : []),
    ];
  });
}

/** The next row that is not a heading, in the direction of the move. */
export function nextShapeRow(rows: readonly ShapeRow[], from: number, to: number): number {
  const step = to >= from ? 1 : -1;
  let row = Math.max(0, Math.min(rows.length - 1, to));
  while (rows[row]?.kind === 'group' && row + step >= 0 && row + step < rows.length) row += step;
  if (rows[row]?.kind !== 'group') return row;
  // A move onto the first heading ends at the row below it.
  return rows[row + 1] === undefined ? from : row + 1;
}
