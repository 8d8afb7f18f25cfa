import { formatFilter, parseFilter, type FilterName, type FilterTerm } from '../../../shared/domain/filter.ts';
import { sortOrders, type CallInput } from '../../../shared/contract.ts';
import { changeQuery, currentPlace, usePlace } from '../../app/place.ts';

/** Which records, in which order. */
export interface ListOrder {
  filter: string;
  sort: NonNullable<CallInput<'pending.page'>['sort']>;
  descending: boolean;
}

export interface Filter {
  /** As it stands in the address. */
  expression: string;
  terms: readonly FilterTerm[];
  /** Why it cannot be read; null when it can. */
  problem: string | null;
  list: ListOrder;
  /** Replaces all terms of one name. */
  put(name: FilterName, value: string | null): void;
  set(terms: readonly FilterTerm[]): void;
  sortBy(sort: ListOrder['sort'], descending: boolean): void;
}

function setTerms(terms: readonly FilterTerm[]): void {
  changeQuery({ filter: terms.length === 0 ? null : formatFilter(terms), record: null, kind: null, why: null });
}

/** Asks for a value, or leaves it out; where it is so already, takes that back. Works on the address, so that it is the same function for ever. */
export function chooseTerm(chosen: FilterTerm): void {
  const parsed = parseFilter(currentPlace().query.get('filter') ?? '');
  const terms = parsed.ok ? parsed.terms : [];
  const others = terms.filter((term) => term.name !== chosen.name || term.value !== chosen.value);
  const isTakenBack = terms.some((term) => !others.includes(term) && term.negated === chosen.negated);
  setTerms(isTakenBack ? others : [...others, chosen]);
}

/** The filter and the order in the query of an address. */
export function filterIn(query: URLSearchParams): Pick<Filter, 'expression' | 'terms' | 'problem' | 'list'> {
  const expression = query.get('filter') ?? '';
  const parsed = parseFilter(expression);
  const sort = sortOrders.find((order) => order === query.get('sort')) ?? 'risk';
  const descending = query.get('order') === 'descending';
  return {
    expression,
    terms: parsed.ok ? parsed.terms : [],
    problem: parsed.ok ? null : parsed.problem,
    list: { filter: parsed.ok ? expression : '', sort, descending },
  };
}

/** The filter and the order of the Review screen; both live in the address. */
export function useFilter(): Filter {
  const read = filterIn(usePlace().query);
  const { terms } = read;
  return {
    ...read,
    put(name, value) {
      const without = terms.filter((term) => term.name !== name);
      setTerms(value === null ? without : [...without, { name, value, negated: false }]);
    },
    set: setTerms,
    sortBy: (order, isDescending) => changeQuery({ sort: order === 'risk' ? null : order, order: isDescending ? 'descending' : null }),
  };
}
