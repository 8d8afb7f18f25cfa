import type { CallParsed } from '../../../../../shared/contract.ts';
import { decisionStates, priorities } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks } from '../../../../../shared/domain/review.ts';
import type { LedgerState } from './ledger-state.ts';
import type { ReviewClass } from './review-class.ts';
import { inverse, type ReviewIndex, type ValueColumn } from './review-index.ts';

export type SortOrder = CallParsed<'pending.page'>['sort'];

/** All records in one order. Records of the same rank follow their keys, so that every record has one place. */
export interface ReviewOrder {
  rank: Uint32Array;
  sorted: Uint32Array;
}

/** Undecided and unseen first: that is where the work is. */
const decisionRank = ['none', 'hold', 'approve', 'exclude'] as const;
const progressRank = ['unseen', 'later', 'flagged', 'viewed'] as const;

/** Orders that a decision or a mark changes. */
export function orderFollowsLedger(sort: SortOrder): boolean {
  return sort === 'decision' || sort === 'progress';
}

/** Sorts all records; the state is asked for by the orders that follow it. */
export function sortRecords(sort: SortOrder, index: ReviewIndex, state: () => LedgerState): ReviewOrder {
  switch (sort) {
    case 'key':
      return { rank: index.keyPlace, sorted: index.keyOrder };
    case 'name':
      return { rank: inverse(index.nameOrder), sorted: index.nameOrder };
    case 'kind': {
      const places = new Uint32Array(index.count);
      for (let place = 0; place < places.length; place += 1) places[place] = place;
      return { rank: places, sorted: places };
    }
    default:
      return sortByRank(rankOf(sort, index, state), index.keyOrder);
  }
}

function rankOf(sort: Exclude<SortOrder, 'key' | 'name' | 'kind'>, index: ReviewIndex, state: () => LedgerState): Uint32Array {
  const byClass = (rank: (one: ReviewClass) => number): Uint32Array => translate(index.classOf, index.classes.map(rank));
  switch (sort) {
    case 'risk':
      return byClass(({ risk }) => risk);
    case 'priority':
      return byClass(({ priority }) => priorities.indexOf(priority));
    case 'changes':
      return byClass(({ changeCount }) => changeCount);
    case 'checks':
      return byClass(({ isBlocked, hasWarning }) => (isBlocked ? 0 : hasWarning ? 1 : 2));
    case 'contributors':
      return index.contributors;
    case 'company':
      return byText(index.company, index.company.folded);
    case 'state':
      return byText(index.state, index.state.values.map((value) => value ?? ''));
    case 'decision':
      return translate(state().decision, decisionStates.map((decision) => decisionRank.indexOf(decision)));
    case 'progress':
      return translate(state().mark, reviewMarks.map((mark) => progressRank.indexOf(mark)));
  }
}

function translate(column: Uint32Array | Uint8Array, ranks: readonly number[]): Uint32Array {
  const rankOfRecord = new Uint32Array(column.length);
  for (let place = 0; place < column.length; place += 1) rankOfRecord[place] = ranks[column[place] as number] as number;
  return rankOfRecord;
}

/** Texts that are equal have the same rank; in byte order, as SQLite sorts. */
function byText({ ids }: ValueColumn, texts: readonly string[]): Uint32Array {
  const distinct = [...new Set(texts)].map((text) => ({ text, bytes: Buffer.from(text, 'utf8') })).sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const rankOfText = new Map(distinct.map(({ text }, rank) => [text, rank]));
  return translate(ids, texts.map((text) => rankOfText.get(text) as number));
}

/** Counting sort, which keeps the order by key within a rank. Numbered loops: over a million entries `for … of` takes five times as long. */
function sortByRank(rank: Uint32Array, keyOrder: Uint32Array): ReviewOrder {
  let most = 0;
  for (let place = 0; place < rank.length; place += 1) most = Math.max(most, rank[place] as number);
  const starts = new Uint32Array(most + 2);
  for (let place = 0; place < rank.length; place += 1) (starts[(rank[place] as number) + 1] as number) += 1;
  for (let value = 1; value < starts.length; value += 1) (starts[value] as number) += starts[value - 1] as number;
  const sorted = new Uint32Array(rank.length);
  for (let row = 0; row < keyOrder.length; row += 1) {
    const place = keyOrder[row] as number;
    const value = rank[place] as number;
    const at = starts[value] as number;
    sorted[at] = place;
    starts[value] = at + 1;
  }
  return { rank, sorted };
}

/** How many of a list, which is in this order, come before a rank and a place in the order of keys; with `orAt` also one that stands there. */
export function countBefore(list: Uint32Array, { rank }: ReviewOrder, keyPlace: Uint32Array, at: { rank: number; keyPlace: number }, orAt: boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = list[middle] as number;
    const difference = (rank[place] as number) - at.rank || (keyPlace[place] as number) - at.keyPlace;
    if (difference < 0 || (orAt && difference === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
