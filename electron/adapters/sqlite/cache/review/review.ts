import { sortOrders } from '../../../../../shared/contract.ts';
import { formatFilter, type FilterTerm } from '../../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { AppFailure } from '../../../../core/app-failure.ts';
import type { ReadableCache } from '../cache-file.ts';
import type { Sources } from './conditions.ts';
import { createDrawMembers, type DrawMembers } from './draw-members.ts';
import { readFilter } from './field-terms.ts';
import { createLedgerReader, type LedgerState } from './ledger-state.ts';
import { createBodyMatch } from './match-bodies.ts';
import { followsLedger, matchFilter } from './match-filter.ts';
import { countMask, type Mask } from './masks.ts';
import { keepNewest } from './newest.ts';
import { orderedList, type OrderedList } from './ordered-list.ts';
import { orderFollowsLedger, sortRecords, type ReviewOrder, type SortOrder } from './orders.ts';
import { loadReviewIndex, type ReviewIndex } from './review-index.ts';

const masksKept = 16;
/** Each order there is, so that none is sorted twice; at a million records one of them has 8 MB. */
const ordersKept = sortOrders.length;
/** The ledger moves on, and with it each of its orders. */
const ordersOfLedgerKept = 2;
const listsKept = 4;
/** Of texts, in one step of preparing. */
const blocksAtOnce = 500;
const recordsAtOnce = 30_000;
/** One for each window that reviews, and the ones it has left; at a million records the largest of them has 12 MB. */
const openedListsKept = 8;

/** The pending changes of one snapshot, ready to be filtered, counted and sorted. Masks and lists are not to be changed. */
export interface Review {
  mapping: Mapping;
  index: ReviewIndex;
  draws: DrawMembers;
  state(): LedgerState;
  match(terms: readonly FilterTerm[]): Mask;
  count(terms: readonly FilterTerm[]): number;
  /** The records of a filter in an order; of a list that was opened under a name, those that it had then. */
  list(terms: readonly FilterTerm[], sort: SortOrder, opened?: string): OrderedList;
  /** Does a step of what makes later searches and orders quicker, a few hundredths of a second long; false when all is done. */
  prepare(): boolean;
}

/**
 * Loads the columns of a snapshot and answers from them.
 *
 * Shape:  what was found is remembered as long as it holds: over the whole life of the snapshot, or until the ledger says
 *         something new where the filter or the order follows it.
 * Errors: `match` throws `invalid-input` for an unknown field or draw.
 */
export function createReview(cache: ReadableCache, mapping: Mapping): Review {
  const { db, ledger } = cache;
  const index = loadReviewIndex(db, mapping);
  const ledgerReader = createLedgerReader(cache, index);
  const draws = createDrawMembers(db, index);
  const matchBodies = createBodyMatch(db, mapping, index);
  const masks = keepNewest<{ mask: Mask; count: number }>(masksKept);
  const orders = keepNewest<ReviewOrder>(ordersKept);
  const ordersOfLedger = keepNewest<ReviewOrder>(ordersOfLedgerKept);
  const lists = keepNewest<OrderedList>(listsKept);
  const openedLists = keepNewest<OrderedList>(openedListsKept);
  const drawing = new Set<string>();

  const withKey = (key: string): number[] =>
    (db.prepare('SELECT position FROM pending WHERE key = ?').pluck().all(key) as number[]).map((position) => index.placeOf[position] as number);
  const drawn = (id: string): Mask => {
    const draw = db.prepare(`SELECT filter, seed, size FROM ${ledger}.sample WHERE id = ?`).get(id) as { filter: string; seed: string; size: number } | undefined;
    // A draw from itself would never end.
    if (draw === undefined || drawing.has(id)) throw new AppFailure('invalid-input', `There is no draw ${id} in this workspace.`, { id });
    drawing.add(id);
    try {
      return draws.of(draw, matched(readFilter(draw.filter)).mask);
    } finally {
      drawing.delete(id);
    }
  };
  const versionOf = (follows: boolean): string => (follows ? String(ledgerReader.read().version) : '');
  const questionOf = (terms: readonly FilterTerm[]): string => `${versionOf(followsLedger(terms))} ${formatFilter(terms)}`;
  const matched = (terms: readonly FilterTerm[]): { mask: Mask; count: number } =>
    masks.get(questionOf(terms), () => {
      const sources: Sources = { mapping, index, state: ledgerReader.read(), withKey, drawn };
      const mask = matchFilter(terms, sources, matchBodies);
      return { mask, count: countMask(mask) };
    });
  const order = (sort: SortOrder): ReviewOrder => {
    const known = orderFollowsLedger(sort) ? ordersOfLedger : orders;
    return known.get(`${versionOf(orderFollowsLedger(sort))} ${sort}`, () => sortRecords(sort, index, () => ledgerReader.read()));
  };
  const listNow = (terms: readonly FilterTerm[], sort: SortOrder): OrderedList => {
    if (terms.length === 0) return orderedList(order(sort), null);
    return lists.get(`${versionOf(orderFollowsLedger(sort))} ${sort} ${questionOf(terms)}`, () => orderedList(order(sort), matched(terms)));
  };

  const ordersAhead = sortOrders.filter((sort) => !orderFollowsLedger(sort));

  return {
    mapping,
    index,
    draws,
    state: () => ledgerReader.read(),
    match: (terms) => matched(terms).mask,
    count: (terms) => (terms.length === 0 ? index.count : matched(terms).count),
    list: (terms, sort, opened) => (opened === undefined ? listNow(terms, sort) : openedLists.get(`${opened} ${sort} ${formatFilter(terms)}`, () => listNow(terms, sort))),
    prepare: () => {
      if (index.name.blocks.note(blocksAtOnce) || index.text.blocks.note(blocksAtOnce)) return true;
      const sort = ordersAhead.shift();
      if (sort === undefined) return [...index.name.words, ...index.text.words].some((words) => words.note(recordsAtOnce));
      order(sort);
      return true;
    },
  };
}
