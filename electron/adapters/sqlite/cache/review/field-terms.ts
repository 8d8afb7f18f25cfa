import { parseFilter, type FilterTerm } from '../../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { AppFailure } from '../../../../core/app-failure.ts';

/**
 * Reads a filter expression into its terms.
 *
 * Errors: throws `invalid-input` with the sentence of `parseFilter`.
 */
export function readFilter(expression: string): FilterTerm[] {
  const parsed = parseFilter(expression);
  if (!parsed.ok) throw new AppFailure('invalid-input', parsed.problem, { filter: expression });
  return parsed.terms;
}

/** Splits `FIELD:TRANSITION` or `FIELD=VALUE` at the first mark. */
export function splitValue(value: string, mark: ':' | '='): [field: string, rest: string] {
  const at = value.indexOf(mark);
  return [value.slice(0, at), value.slice(at + 1)];
}

/**
 * The place of a field in the mapping.
 *
 * Errors: throws `invalid-input` for a field that the mapping does not have.
 */
export function fieldPlace(mapping: Mapping, name: string): number {
  const place = mapping.fields.findIndex(({ field }) => field === name);
  if (place >= 0) return place;
  throw new AppFailure('invalid-input', `The mapping has no field "${name}". Its fields are ${mapping.fields.map(({ field }) => field).join(', ')}.`, { field: name });
}
