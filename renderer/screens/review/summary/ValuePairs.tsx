import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import type { FilterTerm } from '../../../../shared/domain/filter.ts';
import type { Summary } from '../../../../shared/domain/summary.ts';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { DataText } from '../../../components/DataText.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { number, plural } from '../../../words.ts';
import { valueWords } from '../../../words/values.ts';
import { CountLink } from './CountLink.tsx';
import css from './Summary.module.css';

const shownPairs = 10;

/** A value as the filter terms `before` and `after` take it: blank is nothing. */
function termValue(value: FieldValue): string {
  if (value === null) return '';
  return typeof value === 'boolean' ? valueWords(value) : String(value);
}

function ValueText({ value, other }: { value: FieldValue; other: FieldValue }) {
  return <DataText text={value === null ? null : valueWords(value, other)} />;
}

/** Said below a list that is whole. */
function allPairs(pairs: number): string {
  return pairs === 1 ? 'The only pair of values.' : `All ${number(pairs)} pairs of values.`;
}

/** From which value to which a field goes most often. */
export function ValuePairs({ field, filter, terms }: { field: Summary['fields'][number]; filter: string; terms: readonly FilterTerm[] }) {
  const call = useQueryCall('pending.values', { filter, field: field.field, limit: shownPairs });
  if (call.error) return <FailureCallout what={`The values of ${field.label} could not be read`} error={errorOf(call.error)} onRetry={() => void call.refetch()} />;
  if (!call.data) return <p className="small">Reading the values…</p>;
  const { top, pairs } = call.data;
  return (
    <>
      <ul className={css['pairs']} aria-label={`Top values of ${field.label}`}>
        {top.map(({ before, after, count }) => (
          <li key={`${termValue(before)} → ${termValue(after)}`}>
            <span className={css['pair']}>
              <ValueText value={before} other={after} /> → <ValueText value={after} other={before} />
            </span>
            <span className="end">
              <CountLink
                count={count}
                terms={terms}
                wanted={[
                  { name: 'field', value: field.field },
                  { name: 'before', value: `${field.field}=${termValue(before)}` },
                  { name: 'after', value: `${field.field}=${termValue(after)}` },
                ]}
                of={`with ${field.label} ${valueWords(before, after)} to ${valueWords(after, before)}`}
              />
            </span>
          </li>
        ))}
      </ul>
      <p className="small">{pairs > top.length ? `The ${number(top.length)} most frequent of ${plural(pairs, 'pair')} of values.` : allPairs(pairs)}</p>
    </>
  );
}
