import { eachHolding, startOf } from './find-letters.ts';
import type { Mask } from './masks.ts';
import type { TextColumn, ValueColumn } from './review-index.ts';

/** A text as the letters of a text column. */
export function lettersOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Adds the records whose text holds what is looked for, letter by letter. Both are folded. */
export function addTextHits(mask: Mask, column: TextColumn, wanted: string): void {
  const needle = lettersOf(wanted);
  if (column.words.some((words) => words.addHits(mask, needle))) return;
  for (const block of column.blocks.near(needle)) {
    eachHolding(column, needle, block, (place) => {
      mask[place] = 1;
    });
  }
}

/** Adds the records whose value holds what is looked for. */
export function addValueHits(mask: Mask, { ids, folded }: ValueColumn, wanted: string): void {
  const holds = Uint8Array.from(folded, (value) => (value.includes(wanted) ? 1 : 0));
  if (!holds.includes(1)) return;
  for (let place = 0; place < ids.length; place += 1) (mask[place] as number) |= holds[ids[place] as number] as number;
}

/** True when a record's text begins with these letters. */
export function beginsWith({ letters, ends }: TextColumn, place: number, prefix: string): boolean {
  const start = startOf(ends, place);
  return (ends[place] as number) - start >= prefix.length && letters.startsWith(prefix, start);
}
