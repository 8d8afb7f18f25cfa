import type { OutlierReason } from '../../shared/domain/review.ts';
import { number, sentenceCase } from '../words.ts';

const reasonWords: Record<Exclude<OutlierReason['reason'], 'check'>, string> = {
  conflict: 'Its contributors disagree about a value',
  'large-group': 'More properties share its id than usual',
  blanking: 'Blank is proposed over a value',
  rare: 'It has a change that few records have',
};

type MeaningOf = (check: string) => string | undefined;

function whatOf({ reason, check }: OutlierReason, meaningOf: MeaningOf): string {
  return reason === 'check' ? (meaningOf(check ?? '') ?? sentenceCase((check ?? 'a check').replaceAll('-', ' '))) : reasonWords[reason];
}

/** Why a record stands out in its shape; `meaningOf` knows what the checks test. */
export function outlierSentence(reason: OutlierReason, meaningOf: MeaningOf): string {
  return `${whatOf(reason, meaningOf)}: ${reason.count === 1 ? 'the only one in this shape' : `${number(reason.count)} in this shape`}`;
}

/** The same about the record itself, away from its shape. */
export function standsOutSentence(reason: OutlierReason, meaningOf: MeaningOf): string {
  const who = reason.count === 1 ? 'it is the only record' : `it is one of only ${number(reason.count)} records`;
  return `Stands out in its shape: ${who} with this. ${whatOf(reason, meaningOf)}.`;
}
