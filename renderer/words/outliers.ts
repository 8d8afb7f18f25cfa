import type { OutlierReason } from '../../shared/domain/review.ts';
import { number, sentenceCase } from '../words.ts';

const reasonWords: Record<Exclude<OutlierReason['reason'], 'check'>, string> = {
  conflict: 'Its contributors disagree about a value',
  'large-group': 'More properties share its id than usual',
  blanking: 'Blank is proposed over a value',
  rare: 'It has a change that few records have',
};

const sharedWords: Record<Exclude<OutlierReason['reason'], 'check'>, string> = {
  conflict: 'contributors that disagree about a value',
  'large-group': 'more properties to one id than usual',
  blanking: 'a blank over a value',
  rare: 'a change that few records have',
};

type MeaningOf = (check: string) => string | undefined;

function checkWords(check: string | null, meaningOf: MeaningOf): string {
  return meaningOf(check ?? '') ?? sentenceCase((check ?? 'a check').replaceAll('-', ' '));
}

/** Why a record stands out in its shape; `meaningOf` knows what the checks test. */
export function outlierSentence({ reason, check, count }: OutlierReason, meaningOf: MeaningOf): string {
  const what = reason === 'check' ? checkWords(check, meaningOf) : reasonWords[reason];
  return `${what}: ${count === 1 ? 'the only one in this shape' : `${number(count)} in this shape`}`;
}

/** The same about the record itself, away from its shape. */
export function standsOutSentence({ reason, check, count }: OutlierReason, meaningOf: MeaningOf): string {
  const what = reason === 'check' ? `the finding “${checkWords(check, meaningOf)}”` : sharedWords[reason];
  return `Stands out in its shape: only ${count === 1 ? 'this record has' : `${number(count)} records have`} ${what}.`;
}
