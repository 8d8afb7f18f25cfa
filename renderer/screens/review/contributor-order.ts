import type { MappedField } from '../../../shared/domain/mapping.ts';
import type { PendingDetail, Property } from '../../../shared/domain/pending-change.ts';

/** An RDS property of a record, as the section Contributors shows it. */
export interface Contributor {
  property: Property;
  isIgnored: boolean;
  /** API names of the fields whose proposed value it gives. */
  won: ReadonlySet<string>;
}

/** The properties of a record: the primary, then who else gives a value, then the other contributors, the ignored ones last. */
export function contributorsOf(detail: PendingDetail): Contributor[] {
  const of = (property: Property, isIgnored: boolean): Contributor => ({
    property,
    isIgnored,
    won: new Set(isIgnored ? [] : detail.fields.filter((field) => field.winner === property.id).map((field) => field.field)),
  });
  const rank = ({ property, won, isIgnored }: Contributor) => (isIgnored ? 3 : property.isPrimary ? 0 : won.size > 0 ? 1 : 2);
  return [...detail.contributors.map((property) => of(property, false)), ...detail.ignored.map((property) => of(property, true))].sort((a, b) => rank(a) - rank(b));
}

/** "primary", "ignored: DISABLED", or null for any other contributor. */
export function roleWords({ property, isIgnored }: Contributor): string | null {
  if (isIgnored) return property.status === null ? 'ignored' : `ignored: ${property.status}`;
  return property.isPrimary ? 'primary' : null;
}

/** The mapping of a field of Salesforce. */
export function mappingOf(fields: readonly MappedField[], field: string): MappedField | undefined {
  return fields.find((mapped) => mapped.field === field);
}
