import type { Facets } from '../../../shared/contract.ts';
import type { FilterName, FilterTerm } from '../../../shared/domain/filter.ts';

export type Fact = Facets['kind'][number];
export type FacetName = Exclude<Extract<FilterName, keyof Facets>, 'viewed'>;

export interface FacetKind {
  name: FacetName;
  /** Open until somebody folds it. */
  isOpen?: boolean;
  /** All its values are there even where no record has them: the list is short, and its places stay where they are. */
  isFixed?: boolean;
  /** Name of the box that finds a value, where there can be many. */
  search?: string;
}

/** The groups in the order in which they are used most. */
export const facetKinds: readonly FacetKind[] = [
  { name: 'priority', isOpen: true, isFixed: true },
  { name: 'kind', isOpen: true, isFixed: true },
  { name: 'field', isOpen: true },
  { name: 'transition', isOpen: true, search: 'Find a value transition' },
  { name: 'rule' },
  { name: 'multi', isOpen: true, isFixed: true },
  { name: 'risk' },
  { name: 'outlier', isFixed: true },
  { name: 'severity', isOpen: true },
  { name: 'check' },
  { name: 'decision', isOpen: true, isFixed: true },
  { name: 'progress', isOpen: true, isFixed: true },
  { name: 'without' },
  { name: 'since' },
  { name: 'fallen' },
  { name: 'company', search: 'Find a company' },
  { name: 'state', search: 'Find a state' },
];

/** What can be chosen in a group: the values that records have, and those that the filter names. Nothing where no record has any. */
export function choicesOf({ isFixed }: FacetKind, facts: readonly Fact[], terms: readonly FilterTerm[]): Fact[] {
  const isNamed = (value: string) => terms.some((term) => term.value === value);
  const missing = terms.filter((term, at) => terms.findIndex((other) => other.value === term.value) === at && !facts.some((fact) => fact.value === term.value));
  const named = missing.map(({ value }) => ({ value, label: value, count: 0 }));
  if (terms.length === 0 && facts.every((fact) => fact.count === 0)) return [];
  return [...facts.filter((fact) => isFixed === true || fact.count > 0 || isNamed(fact.value)), ...named];
}
