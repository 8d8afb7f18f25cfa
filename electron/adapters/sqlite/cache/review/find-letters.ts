/** Texts one after the other. */
export interface Letters {
  /** A letter for each byte of their UTF-8: a string is searched several times as fast as a buffer. */
  letters: string;
  /** Where each text ends; it begins where the one before ends. */
  ends: Uint32Array;
}

/** Names each text, from `from` to before `to`, that holds what is looked for, in their order. */
export function eachHolding({ letters, ends }: Letters, needle: string, { from, to }: { from: number; to: number }, found: (place: number) => void): void {
  if (to <= from) return;
  const start = startOf(ends, from);
  // A slice is no copy; without one a search goes on to the next hit, wherever that is.
  const part = letters.slice(start, ends[to - 1]);
  let place = from;
  let next = 0;
  for (;;) {
    const hit = part.indexOf(needle, next);
    if (hit < 0 || hit >= part.length) return;
    place = placeAt(ends, start + hit, place);
    const end = (ends[place] as number) - start;
    // One that runs over into the next text is none; the next may begin one byte later.
    if (hit + needle.length > end) {
      next = hit + 1;
    } else {
      found(place);
      next = end;
    }
  }
}

/** Where a text begins. */
export function startOf(ends: Uint32Array, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] as number);
}

/** The text that holds this byte, at or after a place. Hits are often near each other, so steps begin small. */
function placeAt(ends: Uint32Array, byte: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < ends.length && (ends[low + step - 1] as number) <= byte) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, ends.length - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) <= byte) low = middle + 1;
    else high = middle;
  }
  return low;
}
