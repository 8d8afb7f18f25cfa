import { useRef } from 'react';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { useClient } from '../../api/client-context.tsx';
import { withTerm, type Filter } from './use-filter.ts';

/** Fewer are found nearly everywhere, which takes long, and are hardly ever what is meant. */
const leastLetters = 3;

/**
 * Has the core look for what is being typed, so that it knows the records by the time they are asked for.
 *
 * Shape: one search at a time, of the text as it is by then. What fails is told when it is asked for.
 */
export function useSearchAhead({ terms, list }: Filter): (text: string) => void {
  const client = useClient();
  const newest = useRef('');
  const isSearching = useRef(false);
  const search = async (): Promise<void> => {
    const text = newest.current;
    await client.call('pending.page', { ...list, filter: formatFilter(withTerm(terms, 'text', text)), limit: 1 }).catch(() => undefined);
    if (newest.current !== text && newest.current.length >= leastLetters) await search();
  };
  return (typed) => {
    newest.current = typed.trim();
    if (isSearching.current || newest.current.length < leastLetters) return;
    isSearching.current = true;
    void search().finally(() => (isSearching.current = false));
  };
}
