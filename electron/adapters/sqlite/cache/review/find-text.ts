import type { Mask } from './masks.ts';
import type { TextColumn, ValueColumn } from './review-index.ts';

/** A text as the letters of a text column. */
export function lettersOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Adds the records whose text holds what is looked for, letter by letter. Both are folded. */
export function addTextHits(mask: Mask, { letters, ends, blocks, words }: TextColumn, wanted: string): void {
  const needle = lettersOf(wanted);
  if (words.addHits(mask, needle)) return;
  for (const { from, to } of blocks.near(needle)) {
    const start = startOf(ends, from);
    // A slice is no copy; without one a search goes on to the next hit, wherever that is.
    const part = letters.slice(start, ends[to - 1]);
    let place = from;
    let next = 0;
    for (;;) {
      const hit = part.indexOf(needle, next);
      if (hit < 0 || hit >= part.length) break;
      place = placeAt(ends, start + hit, place);
      const end = (ends[place] as number) - start;
      // One that runs over into the next record is none; the next may begin one byte later.
      if (hit + needle.length > end) {
        next = hit + 1;
      } else {
        mask[place] = 1;
        next = end;
      }
    }
  }
}

/** Adds the records whose value holds what is looked for. */
export function addValueHits(mask: Mask, { ids, folded }: ValueColumn, wanted: string): void {
  const holds = Uint8Array.from(folded, (value) => (value.includes(wanted) ? 1 : 0));
  if (!holds.includes(1)) return;
  for (let place = 0; place < ids.length; place += 1) (mask[place] as number) |= holds[ids[place] as number] as number;
}

/** The record whose text holds this byte, at or after a place. Hits are often near each other, so steps begin small. */
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

/** True when a record's text begins with these letters. */
export function beginsWith({ letters, ends }: TextColumn, place: number, prefix: string): boolean {
  const start = startOf(ends, place);
  return (ends[place] as number) - start >= prefix.length && letters.startsWith(prefix, start);
}

function startOf(ends: Uint32Array, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] as number);
}
