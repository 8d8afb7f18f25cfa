import type { Mapping } from './mapping.ts';

/** A feature: the positions of its flag and of its date in the mapping. */
export interface FeaturePair {
  flag: number;
  date: number;
}

/**
 * Finds the features of a mapping: a flag with rule `any` and the date with rule `earliest` whose column is the flag's plus `_at`.
 *
 * Shape:  in the mapping's order; a flag without such a date has no pair.
 */
export function featurePairs(mapping: Mapping): FeaturePair[] {
  return mapping.fields.flatMap((field, flag) => {
    if (field.type !== 'flag') return [];
    const date = mapping.fields.findIndex((other) => other.type === 'instant' && other.column === `${field.column}_at`);
    return date < 0 ? [] : [{ flag, date }];
  });
}
