import { formatFilter, type FilterName, type FilterTerm } from '../../../../shared/domain/filter.ts';

export interface WantedTerm {
  name: FilterName;
  value: string;
}

/**
 * The filter of the records that match `terms` and each of `wanted`.
 *
 * Shape:  an expression; null where the terms of a filter cannot say it: two of one name mean "one of these", so that a second one
 *         would open more records than were counted.
 * Errors: never throws.
 */
export function narrowFilter(terms: readonly FilterTerm[], wanted: readonly WantedTerm[]): string | null {
  let narrowed = [...terms];
  for (const { name, value } of wanted) {
    const same = narrowed.filter((term) => term.name === name && !term.negated);
    if (same.length > 0 && !same.some((term) => term.value === value)) return null;
    narrowed = [...narrowed.filter((term) => !same.includes(term)), { name, value, negated: false }];
  }
  return formatFilter(narrowed);
}
