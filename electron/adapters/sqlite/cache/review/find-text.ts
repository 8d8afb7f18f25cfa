import type { Mask } from './masks.ts';
import type { TextColumn, ValueColumn } from './review-index.ts';

/** A text as the letters of a text column. */
export function lettersOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Adds the records whose text holds what is looked for, letter by letter. Both are folded. */
export function addTextHits(mask: Mask, { letters, ends }: TextColumn, wanted: string): void {
  const needle = lettersOf(wanted);
  let place = 0;
  let from = 0;
  for (;;) {
    const hit = letters.indexOf(needle, from);
    if (hit < 0 || hit >= letters.length) return;
    place = placeAt(ends, hit, place);
    const end = ends[place] as number;
    // One that runs over into the next record is none; the next may begin one byte later.
    if (hit + needle.length > end) {
      from = hit + 1;
    } else {
      mask[place] = 1;
      from = end;
    }
  }
}

/** Adds the records whose value holds what is looked for. */
export function addValueHits(mask: Mask, { ids, folded }: ValueColumn, wanted: string): void {
  const holds = Uint8Array.from(folded, (value) => (value.includes(wanted) ? 1 : 0));
  if (!holds.includes(1)) return;
  for (let place = 0; place < ids.length; place += 1) if (holds[ids[place] as number] === 1) mask[place] = 1;
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
  const start = place === 0 ? 0 : (ends[place - 1] as number);
  return (ends[place] as number) - start >= prefix.length && letters.startsWith(prefix, start);
}
