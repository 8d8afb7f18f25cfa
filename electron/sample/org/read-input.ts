import type { RecordError } from './org-refusal.ts';
import { formatInstant, parseInstant, trimAsSaved, type StoredRow, type StoredValue } from './org-value.ts';
import { findField, type OrgField, type OrgObject } from './schema.ts';

/** Where the values of a write come from: JSON keeps types, Bulk CSV has only texts. */
export type InputForm = 'json' | 'csv';

type ReadValue = { value: StoredValue } | { error: RecordError };

const refused = (statusCode: string, message: string, field: OrgField): ReadValue => ({
  error: { statusCode, message, fields: [field.name] },
});

const wrongType = (field: OrgField, given: unknown): ReadValue =>
  refused(
    'INVALID_TYPE_ON_FIELD_IN_RECORD',
    `${field.label}: value not of required type: ${typeof given === 'string' ? given : JSON.stringify(given)}`,
    field,
  );

function readText(field: OrgField, given: unknown): ReadValue {
  if (typeof given !== 'string') return wrongType(field, given);
  const text = trimAsSaved(given);
  if (text === '') return { value: null };
  const length = field.length ?? 255;
  if (text.length > length) {
    return refused('STRING_TOO_LONG', `${field.label}: data value too large: ${text} (max length=${length})`, field);
  }
  if (field.type === 'picklist' && field.picklistValues && !field.picklistValues.includes(text)) {
    return refused('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${field.label}: bad value for restricted picklist field: ${text}`, field);
  }
  return { value: text };
}

function readBoolean(field: OrgField, given: unknown, form: InputForm): ReadValue {
  if (typeof given === 'boolean') return { value: given ? 1 : 0 };
  if (form === 'csv' && typeof given === 'string') {
    const text = given.trim().toLowerCase();
    if (['true', '1', 'yes'].includes(text)) return { value: 1 };
    if (['false', '0', 'no'].includes(text)) return { value: 0 };
  }
  return wrongType(field, given);
}

function readValue(field: OrgField, given: unknown, form: InputForm): ReadValue {
  if (given === null) return field.type === 'boolean' ? wrongType(field, null) : { value: null };
  if (field.type === 'boolean') return readBoolean(field, given, form);
  if (field.type === 'datetime') {
    const instant = typeof given === 'string' ? parseInstant(given.trim()) : undefined;
    return instant === undefined ? wrongType(field, given) : { value: formatInstant(instant) };
  }
  if (field.type === 'double') {
    const number = form === 'csv' ? Number(given) : given;
    return typeof number === 'number' && Number.isFinite(number) ? { value: number } : wrongType(field, given);
  }
  return readText(field, given);
}

/**
 * Reads the fields of one record of a write and checks them against the schema.
 *
 * Shape:  field names in any letter case; `attributes` is passed over. Returns the values to store, or every reason for refusal.
 * Source: error codes and texts as Salesforce words them for custom objects.
 */
export function readInput(
  object: OrgObject,
  input: Readonly<Record<string, unknown>>,
  options: { creating: boolean; form: InputForm },
): { values: StoredRow } | { errors: RecordError[] } {
  const values: StoredRow = {};
  const errors: RecordError[] = [];
  const closed: string[] = [];
  for (const [name, given] of Object.entries(input)) {
    if (name === 'attributes') continue;
    const field = findField(object, name);
    if (!field) {
      errors.push({ statusCode: 'INVALID_FIELD', message: `No such column '${name}' on sobject of type ${object.name}`, fields: [] });
    } else if ((options.creating ? field.createable : field.updateable) === false) {
      closed.push(field.name);
    } else {
      const read = readValue(field, given, options.form);
      if ('error' in read) errors.push(read.error);
      else values[field.name] = read.value;
    }
  }
  if (closed.length > 0) {
    errors.push({
      statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      fields: closed,
    });
  }
  const missing = object.fields.filter(
    (field) => field.required && (values[field.name] === null || (options.creating && values[field.name] === undefined)),
  );
  if (missing.length > 0 && errors.length === 0) {
    const names = missing.map((field) => field.name);
    errors.push({ statusCode: 'REQUIRED_FIELD_MISSING', message: `Required fields are missing: [${names.join(', ')}]`, fields: names });
  }
  return errors.length > 0 ? { errors } : { values };
}
