/** How many letters must be put in, taken out, changed or swapped with the next to get from one word to the other. */
function distanceOf(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, at) => at)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (isSame ? 0 : 1), isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY));
    }
  }
  return at(from.length, to.length);
}

const mostWrong = 2;

/**
 * Finds the known word that somebody may have meant.
 *
 * Shape:  at most two letters off and more than half of it right, or the beginning or the plural of a known word; upper and lower case
 *         are the same. Of several the first nearest. Null where none is near.
 * Errors: never throws.
 * Source: optimal string alignment, which counts two letters swapped as one step.
 */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  if (wanted === '') return null;
  const near = known.map((one) => ({ one, distance: wanted.length > 1 && one.startsWith(wanted) ? 1 : Math.abs(wanted.length - one.length) > mostWrong ? Number.POSITIVE_INFINITY : distanceOf(wanted, one) })).filter(({ one, distance }) => distance <= mostWrong && distance * 2 < one.length);
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.one ?? null;
}
