import { DataText } from '../../components/DataText.tsx';
import { Icon } from '../../components/Icon.tsx';
import type { Filter } from './use-filter.ts';
import { useTermWords } from './use-term-words.ts';
import css from '../../components/FilterChips.module.css';

/** The terms of a filter in words, each with the way to take it away. */
export function FilterChips({ filter }: { filter: Filter }) {
  const wordsOf = useTermWords(filter.terms);
  return filter.terms.map((term) => {
    const words = wordsOf(term);
    return (
      <button key={`${term.negated ? '-' : ''}${term.name}:${term.value}`} className={css['filter-chip']} type="button" title={words} aria-label={`Remove filter ${words}`} onClick={() => filter.set(filter.terms.filter((other) => other !== term))}>
        <DataText text={words} />
        <Icon name="x" />
      </button>
    );
  });
}
