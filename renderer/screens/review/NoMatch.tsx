import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { NothingPending } from './NothingPending.tsx';
import type { Filter } from './use-filter.ts';
import { useTermWords } from './use-term-words.ts';

/** A view without records: the filter in words and the ways out of it, or that nothing is pending at all. */
export function NoMatch({ filter }: { filter: Filter }) {
  const wordsOf = useTermWords(filter.terms);
  if (filter.terms.length === 0) return <NothingPending />;
  return (
    <EmptyState
      icon="filter"
      title="Nothing matches"
      actions={
        <>
          <Button look="primary" onClick={() => filter.set([])}>
            {filter.terms.length > 1 ? 'Clear filters' : 'Clear the filter'}
          </Button>
          {filter.terms.length > 1 && <Button onClick={() => filter.set(filter.terms.slice(0, -1))}>Clear the last one</Button>}
        </>
      }
    >
      No pending change has all of: {filter.terms.map(wordsOf).join('; ')}.
    </EmptyState>
  );
}
