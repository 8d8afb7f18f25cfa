import { memo, type KeyboardEvent } from 'react';
import type { FilterTerm } from '../../../shared/domain/filter.ts';
import { DataText } from '../../components/DataText.tsx';
import { number } from '../../words.ts';
import { chooseTerm } from './use-filter.ts';
import type { FacetName } from './facet-groups.ts';
import css from './Facets.module.css';

interface FacetValueProps {
  name: FacetName;
  value: string;
  words: string;
  count: number;
  /** What the filter says of the value. */
  state: 'in' | 'out' | null;
}

function isWithAlt(event: Event): boolean {
  return event instanceof MouseEvent && event.altKey;
}

/** One value of a group: a check box that asks for it, and a button that leaves it out. */
export const FacetValue = memo(function FacetValue({ name, value, words, count, state }: FacetValueProps) {
  const choose = (negated: FilterTerm['negated']) => chooseTerm({ name, value, negated });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== ' ' || !event.altKey) return;
    // Else the check box is clicked too when the key goes up.
    event.preventDefault();
    if (event.type === 'keydown' && !event.repeat) choose(true);
  };
  return (
    <div className={css['value']} data-state={state ?? undefined}>
      <label>
        <input className="box" type="checkbox" checked={state === 'in'} onChange={(event) => choose(isWithAlt(event.nativeEvent))} onKeyDown={onKey} onKeyUp={onKey} />
        <span className={css['words']} title={words}>
          <DataText text={words} />
        </span>
        <span className={css['count']}>{number(count)}</span>
      </label>
      <button className={css['not']} type="button" aria-label={`Leave out ${words}`} aria-pressed={state === 'out'} title="Leave out (Alt+click)" onClick={() => choose(true)}>
        <span aria-hidden="true">−</span>
      </button>
    </div>
  );
});
