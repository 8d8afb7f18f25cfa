import type { Mask } from './masks.ts';
import type { ReviewOrder } from './orders.ts';

/** Records in an order, both as they were when the list was made. */
export interface OrderedList {
  count: number;
  order: ReviewOrder;
  holds(place: number): boolean;
  /** All its records. */
  places(): Uint32Array;
  /** Its records from a row on. A descending list is the same list read from its end. */
  rows(start: number, count: number, descending: boolean): number[];
}

/** Rows that are found without putting all records in order: the first page of a new filter must not wait for the rest. */
const firstRows = 200;

/** The records of a mask in an order; null: all of them. Neither may be changed afterwards. */
export function orderedList(order: ReviewOrder, records: { mask: Mask; count: number } | null): OrderedList {
  const { sorted } = order;
  let inOrder = records === null ? sorted : null;
  const places = (): Uint32Array => (inOrder ??= records === null ? sorted : pick(sorted, records));
  const count = records?.count ?? sorted.length;
  return {
    count,
    order,
    holds: (place) => records === null || records.mask[place] === 1,
    places,
    rows(start, wanted, descending) {
      const end = Math.min(count, start + wanted);
      if (end <= start) return [];
      if (inOrder === null && records !== null && end <= firstRows) return begin(sorted, records.mask, end, descending).slice(start);
      const all = places();
      return Array.from({ length: end - start }, (_, row) => all[atRow(count, start + row, descending)] as number);
    },
  };
}

/** Where a row stands in the ascending list. */
export function atRow(count: number, row: number, descending: boolean): number {
  return descending ? count - 1 - row : row;
}

function pick(sorted: Uint32Array, { mask, count }: { mask: Mask; count: number }): Uint32Array {
  const places = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < sorted.length; row += 1) {
    const place = sorted[row] as number;
    if (mask[place] !== 1) continue;
    places[at] = place;
    at += 1;
  }
  return places;
}

function begin(sorted: Uint32Array, mask: Mask, wanted: number, descending: boolean): number[] {
  const found: number[] = [];
  for (let row = 0; row < sorted.length && found.length < wanted; row += 1) {
    const place = sorted[atRow(sorted.length, row, descending)] as number;
    if (mask[place] === 1) found.push(place);
  }
  return found;
}
