import type { Mapping } from '../../../../shared/domain/mapping.ts';

/** The bits of the mapped fields for which the test holds; bit i is field i of the mapping. */
export function maskWhere(mapping: Mapping, test: (field: Mapping['fields'][number]) => boolean): number {
  return mapping.fields.reduce((mask, field, position) => (test(field) ? mask | (1 << position) : mask), 0);
}
