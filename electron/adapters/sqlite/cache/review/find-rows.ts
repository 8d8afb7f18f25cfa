import type { CallParsed } from '../../../../../shared/contract.ts';
import { foldText } from '../fold-text.ts';
import { readFilter } from './field-terms.ts';
import { beginsWith } from './find-text.ts';
import { countBefore } from './orders.ts';
import { readPageCursor, writePageCursor, type CursorList, type PageEnd } from './page-cursor.ts';
import type { Review } from './review.ts';

/** Records of one page by their positions. */
export interface PagePlaces {
  total: number;
  positions: number[];
  next: string | null;
}

/**
 * Finds the records of one page.
 *
 * Errors: throws `invalid-input` for a filter that cannot be read, and for a cursor of another order or snapshot.
 */
export function findPage(review: Review, snapshotId: string, input: CallParsed<'pending.page'>): PagePlaces {
  const { sort, descending, limit, after, offset = 0 } = input;
  const { index } = review;
  const cursorList: CursorList = { sort, descending, snapshotId };
  const end = after === undefined ? null : readPageCursor(after, cursorList);
  const list = review.list(readFilter(input.filter), sort);
  const order = review.order(sort);
  const start = end === null ? offset : rowAfter(review, list, input, end);
  const rows = Math.max(0, Math.min(limit, list.length - start));
  const positions = Array.from({ length: rows }, (_, row) => index.position[list[atRow(list, start + row, descending)] as number] as number);
  const last = list[atRow(list, start + rows - 1, descending)];
  const next = rows === 0 || last === undefined || start + rows >= list.length ? null : writePageCursor(cursorList, { rank: order.rank[last] as number, keyPlace: index.keyPlace[last] as number });
  return { total: list.length, positions, next };
}

function rowAfter(review: Review, list: Uint32Array, { sort, descending }: { sort: Parameters<Review['order']>[0]; descending: boolean }, end: PageEnd): number {
  const before = countBefore(list, review.order(sort), review.index.keyPlace, end, !descending);
  return descending ? list.length - before : before;
}

/** Row of a record in a list; null when the list does not hold it. */
export function locateRow(review: Review, place: number, { filter, sort, descending }: Pick<CallParsed<'pending.locate'>, 'filter' | 'sort' | 'descending'>): number | null {
  const list = review.list(readFilter(filter), sort);
  const order = review.order(sort);
  const at = countBefore(list, order, review.index.keyPlace, { rank: order.rank[place] as number, keyPlace: review.index.keyPlace[place] as number }, false);
  return list[at] === place ? atRow(list, at, descending) : null;
}

/** First row from `from` on, and round again, whose name begins with the prefix, whatever the letter case. */
export function findRow(review: Review, { filter, sort, descending, prefix, from }: CallParsed<'pending.find'>): number | null {
  const list = review.list(readFilter(filter), sort);
  const wanted = Buffer.from(foldText(prefix), 'utf8');
  const start = from < list.length ? from : 0;
  for (let step = 0; step < list.length; step += 1) {
    const row = start + step < list.length ? start + step : start + step - list.length;
    if (beginsWith(review.index.name, list[atRow(list, row, descending)] as number, wanted)) return row;
  }
  return null;
}

/** A descending list is the same list read from its end. */
function atRow(list: Uint32Array, row: number, descending: boolean): number {
  return descending ? list.length - 1 - row : row;
}
