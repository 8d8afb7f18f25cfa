/** One byte for each record: 1 where it belongs to a set. */
export type Mask = Uint8Array;

/** How many records a mask holds. */
export function countMask(mask: Mask): number {
  let count = 0;
  for (let at = 0; at < mask.length; at += 1) count += mask[at] as number;
  return count;
}

/** How many records of a mask have each value of a column. */
export function tally(mask: Mask, column: Uint32Array | Uint8Array, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let at = 0; at < mask.length; at += 1) if (mask[at] === 1) (counts[column[at] as number] as number) += 1;
  return counts;
}

/** The places of a mask's records, in order of position. */
export function placesIn(mask: Mask): Uint32Array {
  const places = new Uint32Array(countMask(mask));
  let at = 0;
  for (let place = 0; place < mask.length; place += 1) {
    if (mask[place] !== 1) continue;
    places[at] = place;
    at += 1;
  }
  return places;
}
