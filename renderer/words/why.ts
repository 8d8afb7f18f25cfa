import type { ExplainedField, Loser, PendingDetail } from '../../shared/domain/pending-change.ts';
import { instantOf } from './dates.ts';
import { plural } from '../words.ts';
import { valueWords } from './values.ts';

/** The rule of a field in plain words. */
export function ruleSentence(field: ExplainedField): string {
  if (field.rule === 'any') return 'A flag is TRUE if any ACTIVE property has the feature.';
  if (field.rule === 'earliest') return 'The date is the earliest one among the ACTIVE properties that have the feature enabled.';
  return 'The value comes from the primary: the ACTIVE property most recently updated; with equal times, the smallest id.';
}

/** Why a field has the value it has, in one sentence. */
export function whySentence(field: ExplainedField, contributorCount: number): string {
  const value = valueWords(field.after, field.before);
  if (field.winner === null) {
    const who = contributorCount === 1 ? 'the only contributor does not have it' : 'no contributor has it';
    return `${value}, because ${who}.`;
  }
  if (field.rule === 'any') return `${value}, because ${contributorCount === 1 ? 'the only contributor has it' : 'at least one ACTIVE property has it'}.`;
  if (field.rule === 'earliest') return `${value}, because it is the earliest date.`;
  return `${value}, because the primary says so.`;
}

/** Why a candidate did not give the value. */
export function lossSentence(loser: Loser, field: ExplainedField, status: string | null): string {
  const than = (compared: string | null) => (compared === null ? 'no date' : instantOf(compared, compared === loser.loserCompared ? loser.winnerCompared : loser.loserCompared));
  switch (loser.reason) {
    case 'older':
      return `Updated earlier: ${than(loser.loserCompared)}, the winner ${than(loser.winnerCompared)}`;
    case 'larger-id':
      return 'Equal, but its id is larger';
    case 'not-enabled':
      return 'Feature not enabled';
    case 'no-date':
      return field.rule === 'any' ? 'Enabled without a date' : 'No enabled date';
    case 'later-date':
      return `Later: ${than(loser.loserCompared)}, the winner ${than(loser.winnerCompared)}`;
    case 'ignored':
      return `${status ?? 'Not ACTIVE'}: only ACTIVE properties contribute`;
  }
}

/** Why the winner won. */
export function winReason(field: ExplainedField, detail: PendingDetail): string {
  const winner = detail.contributors.find((property) => property.id === field.winner);
  if (field.rule !== 'primary') return field.rule === 'any' ? 'ACTIVE, feature enabled' : 'ACTIVE, earliest enabled date';
  if (detail.contributors.length <= 1) return 'ACTIVE, the only contributor';
  return winner?.updatedAt ? `ACTIVE, updated last: ${instantOf(winner.updatedAt, null)}` : 'ACTIVE, primary';
}

/** "1 of 2 RDS properties contributes; 1 ignored". */
export function contributorsSentence(detail: PendingDetail): string {
  const used = detail.contributors.length;
  const ignored = detail.ignored.length;
  const head = `${used} of ${plural(used + ignored, 'RDS property', 'RDS properties')} ${used === 1 ? 'contributes' : 'contribute'}`;
  return ignored === 0 ? head : `${head}; ${ignored} ignored`;
}
