import type { OutlierReason } from '../../shared/domain/review.ts';
import { number, sentenceCase } from '../words.ts';

const reasonWords: Record<Exclude<OutlierReason['reason'], 'check'>, string> = {
  conflict: 'Its contributors disagree about a value',
  'large-group': 'More properties share its id than usual',
  blanking: 'Blank is proposed over a value',
  rare: 'It has a change that few records have',
};

/** Why a record stands out in its shape; `meaningOf` knows what the checks test. */
export function outlierSentence({ reason, check, count }: OutlierReason, meaningOf: (check: string) => string | undefined): string {
  const what = reason === 'check' ? (meaningOf(check ?? '') ?? sentenceCase((check ?? 'a check').replaceAll('-', ' '))) : reasonWords[reason];
  return `${what}: ${count === 1 ? 'the only one in this shape' : `${number(count)} in this shape`}`;
}
