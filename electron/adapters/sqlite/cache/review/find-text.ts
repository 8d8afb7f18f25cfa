import type { Mask } from './masks.ts';
import type { TextColumn, ValueColumn } from './review-index.ts';

/** Adds the records whose text holds what is looked for, letter by letter. Both are folded. */
export function addTextHits(mask: Mask, { bytes, ends }: TextColumn, wanted: string): void {
  const needle = Buffer.from(wanted, 'utf8');
  let place = 0;
  let from = 0;
  for (;;) {
    const hit = bytes.indexOf(needle, from);
    if (hit < 0 || hit >= bytes.length) return;
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

/** True when a record's text begins with these bytes. */
export function beginsWith({ bytes, ends }: TextColumn, place: number, prefix: Buffer): boolean {
  const start = place === 0 ? 0 : (ends[place - 1] as number);
  if ((ends[place] as number) - start < prefix.length) return false;
  for (let at = 0; at < prefix.length; at += 1) if (bytes[start + at] !== prefix[at]) return false;
  return true;
}
