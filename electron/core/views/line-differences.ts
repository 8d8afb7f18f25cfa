import type { ViewReport } from '../../../shared/domain/warehouse.ts';

/**
 * Lines that are in one of two texts only, in the order of the texts.
 *
 * Shape:  `line` counts from 1 in the text of its side. Where a line was changed, what was expected comes first.
 * Source: longest common subsequence by dynamic programming; a view has some hundred lines.
 */
export function lineDifferences(expected: string, deployed: string): ViewReport['differences'] {
  const left = expected.split('\n');
  const right = deployed.split('\n');
  /** Length of the longest common subsequence of the rests that begin at (row, column). */
  const common = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const length = left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      common[row]?.fill(length, column, column + 1);
    }
  }
  const differences: ViewReport['differences'] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      row += 1;
      column += 1;
    } else if (row < left.length && (column === right.length || at(row + 1, column) >= at(row, column + 1))) {
      differences.push({ line: row + 1, side: 'expected', text: left[row] ?? '' });
      row += 1;
    } else {
      differences.push({ line: column + 1, side: 'deployed', text: right[column] ?? '' });
      column += 1;
    }
  }
  return differences;
}
