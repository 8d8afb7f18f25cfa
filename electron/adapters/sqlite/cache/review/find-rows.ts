import type { CallParsed } from '../../../../../shared/contract.ts';
import { foldText } from '../fold-text.ts';
import { readFilter } from './field-terms.ts';
import { beginsWith, lettersOf } from './find-text.ts';
import { countBefore } from './orders.ts';
import { atRow, type OrderedList } from './ordered-list.ts';
import { readPageCursor, writePageCursor, type CursorList, type PageEnd } from './page-cursor.ts';
import type { Review } from './review.ts';

/** What names a list. */
export type ListInput = Omit<CallParsed<'pending.locate'>, 'item'>;

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
  const list = review.list(readFilter(input.filter), sort, input.opened);
  const start = end === null ? offset : rowAfter(review, list, descending, end);
  const places = list.rows(start, limit, descending);
  const last = places.at(-1);
  const next = last === undefined || start + places.length >= list.count ? null : writePageCursor(cursorList, { rank: list.order.rank[last] as number, keyPlace: index.keyPlace[last] as number });
  return { total: list.count, positions: places.map((place) => index.position[place] as number), next };
}

function rowAfter(review: Review, list: OrderedList, descending: boolean, end: PageEnd): number {
  const before = countBefore(list.places(), list.order, review.index.keyPlace, end, !descending);
  return descending ? list.count - before : before;
}

/** Row of a record in a list; null when the list does not hold it. */
export function locateRow(review: Review, place: number, { filter, sort, descending, opened }: ListInput): number | null {
  const list = review.list(readFilter(filter), sort, opened);
  if (!list.holds(place)) return null;
  const { rank } = list.order;
  const before = countBefore(list.places(), list.order, review.index.keyPlace, { rank: rank[place] as number, keyPlace: review.index.keyPlace[place] as number }, false);
  return atRow(list.count, before, descending);
}

/** First row from `from` on, and round again, whose name begins with the prefix, whatever the letter case. */
export function findRow(review: Review, { filter, sort, descending, opened, prefix, from }: CallParsed<'pending.find'>): number | null {
  const places = review.list(readFilter(filter), sort, opened).places();
  const wanted = lettersOf(foldText(prefix));
  const start = from < places.length ? from : 0;
  for (let step = 0; step < places.length; step += 1) {
    const row = start + step < places.length ? start + step : start + step - places.length;
    if (beginsWith(review.index.name, places[atRow(places.length, row, descending)] as number, wanted)) return row;
  }
  return null;
}
