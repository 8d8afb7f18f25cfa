import type { ReviewMark } from '../../../shared/domain/review.ts';

/**
 * Which marks make way when a record counts as viewed by itself: because it was looked at for a while, or because it was decided
 * by name. A flag is somebody's question and stays until it is taken away (`unseen`); "come back later" stays until
 * the record is decided. A decision on a whole filter shows nobody a record, so it marks none.
 */
export const makesWay: Readonly<Record<'looked-at' | 'decided', readonly ReviewMark[]>> = { 'looked-at': ['unseen'], decided: ['unseen', 'later'] };

/** The mark of a record after it was asked for another; `standing` is what holds for its content now. */
export function nextMark(standing: ReviewMark, asked: ReviewMark): ReviewMark {
  return asked === 'viewed' && !makesWay['looked-at'].includes(standing) ? standing : asked;
}
