import { formatFilter, parseFilter, type FilterName, type FilterTerm } from '../../../shared/domain/filter.ts';
import { sortOrders } from '../../../shared/contract.ts';
import { changeQuery, usePlace } from '../../app/place.ts';
import type { ReviewList } from './use-pages.ts';

export interface Filter {
  /** As it stands in the address. */
  expression: string;
  terms: readonly FilterTerm[];
  /** Why it cannot be read; null when it can. */
  problem: string | null;
  list: ReviewList;
  has(name: FilterName, value: string): boolean;
  toggle(name: FilterName, value: string): void;
  /** Replaces all terms of one name. */
  put(name: FilterName, value: string | null): void;
  set(terms: readonly FilterTerm[]): void;
  sortBy(sort: ReviewList['sort'], descending: boolean): void;
}

function isSame(term: FilterTerm, name: FilterName, value: string): boolean {
  return term.name === name && term.value === value && !term.negated;
}

/** The filter and the order of the Review screen; both live in the address. */
export function useFilter(): Filter {
  const { query } = usePlace();
  const expression = query.get('filter') ?? '';
  const parsed = parseFilter(expression);
  const terms = parsed.ok ? parsed.terms : [];
  const sort = sortOrders.find((order) => order === query.get('sort')) ?? 'risk';
  const descending = query.get('order') === 'descending';
  const set = (next: readonly FilterTerm[]) => changeQuery({ filter: next.length === 0 ? null : formatFilter(next), record: null, kind: null, why: null });
  return {
    expression,
    terms,
    problem: parsed.ok ? null : parsed.problem,
    list: { filter: parsed.ok ? expression : '', sort, descending },
    has: (name, value) => terms.some((term) => isSame(term, name, value)),
    toggle(name, value) {
      const without = terms.filter((term) => !isSame(term, name, value));
      set(without.length < terms.length ? without : [...terms, { name, value, negated: false }]);
    },
    put(name, value) {
      const without = terms.filter((term) => term.name !== name);
      set(value === null ? without : [...without, { name, value, negated: false }]);
    },
    set,
    sortBy: (order, isDescending) => changeQuery({ sort: order === 'risk' ? null : order, order: isDescending ? 'descending' : null }),
  };
}
