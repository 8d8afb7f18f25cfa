import type { FieldType } from '../../shared/domain/field-value.ts';
import type { OrgField } from './org-ports.ts';

/** Salesforce's type names whose values each of our types can be. Source: Salesforce Object Reference, "Field Types". */
const orgTypes: Readonly<Record<FieldType, ReadonlySet<string>>> = {
  text: new Set(['string', 'textarea', 'picklist', 'phone', 'url', 'email', 'combobox', 'id', 'reference', 'encryptedstring']),
  flag: new Set(['boolean']),
  instant: new Set(['datetime']),
};

/** True when a field of the org can hold values of this type. */
export function holdsType(field: Pick<OrgField, 'type'>, type: FieldType): boolean {
  return orgTypes[type].has(field.type);
}

/** True when a new record cannot be saved without a value for the field. A checkbox always has one. */
export function isNeededInCreates(field: OrgField): boolean {
  return field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
}
