import { decisionStates, type PendingKey } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks } from '../../../../../shared/domain/review.ts';
import type { Sample } from '../../../../../shared/domain/shape.ts';
import type { Selection } from '../../../../../shared/domain/selection.ts';
import { AppFailure } from '../../../../core/app-failure.ts';
import type { StoredSample } from '../../../../core/ledger-ports.ts';
import type { Chosen } from '../../../../core/ports.ts';
import type { SqliteDatabase } from '../../open-database.ts';
import { setBit } from '../../position-bits.ts';
import { readFilter } from './field-terms.ts';
import { countMask, type Mask } from './masks.ts';
import type { Review } from './review.ts';
import { placeOfKey } from './review-index.ts';

/** The records that a selection names; one that is not pending is left out. */
export function selectedRecords(db: SqliteDatabase, review: Review, selection: Selection): Mask {
  const places = (items: readonly PendingKey[]): number[] => items.flatMap((item) => placeOfKey(db, review.index, item) ?? []);
  if ('items' in selection) {
    const mask = new Uint8Array(review.index.count);
    for (const place of places(selection.items)) mask[place] = 1;
    return mask;
  }
  const mask = review.match(readFilter(selection.filter));
  if (selection.except.length === 0) return mask;
  const rest = mask.slice();
  for (const place of places(selection.except)) rest[place] = 0;
  return rest;
}

/**
 * Names the records of a selection as bits, for a decision on all of them.
 *
 * Errors: throws `not-found` for a named change that is not pending; `invalid-input` for a filter that cannot be read.
 */
export function chooseRecords(db: SqliteDatabase, review: Review, snapshotId: string, selection: Selection): Chosen {
  const { index } = review;
  if ('items' in selection) {
    const missing = selection.items.find((item) => placeOfKey(db, index, item) === null);
    if (missing !== undefined) throw new AppFailure('not-found', `The ${missing.kind} of ${missing.key} is not pending.`, { key: missing.key, kind: missing.kind });
  }
  const mask = selectedRecords(db, review, selection);
  return { snapshotId, seenStep: review.state().seenStep, ...toBits(review, mask) };
}

function toBits({ index }: Review, mask: Mask): Pick<Chosen, 'count' | 'blocked' | 'bits'> {
  const bits = new Uint8Array((index.placeOf.length >> 3) + 1);
  let blocked = 0;
  for (let place = 0; place < mask.length; place += 1) {
    if (mask[place] !== 1) continue;
    setBit(bits, index.position[place] as number);
    if (index.classes[index.classOf[place] as number]?.isBlocked === true) blocked += 1;
  }
  return { count: countMask(mask), blocked, bits };
}

/**
 * Counts how far the review of a draw has come.
 *
 * Shape:  one that is left for later has not been judged, so it does not count as viewed; one that was held or excluded was judged.
 */
export function coverageOf(review: Review, draw: StoredSample): Pick<Sample, 'population' | 'drawn' | 'viewed' | 'wrong'> {
  const population = review.match(readFilter(draw.filter));
  const members = review.draws.of(draw, population);
  const state = review.state();
  let viewed = 0;
  let wrong = 0;
  for (let place = 0; place < members.length; place += 1) {
    if (members[place] !== 1) continue;
    const mark = reviewMarks[state.mark[place] as number];
    const decision = decisionStates[state.decision[place] as number];
    const isWrong = mark === 'flagged' || decision === 'hold' || decision === 'exclude';
    if (isWrong) wrong += 1;
    if (isWrong || mark === 'viewed') viewed += 1;
  }
  return { population: countMask(population), drawn: countMask(members), viewed, wrong };
}
