import * as z from 'zod';

/** A value of one Salesforce field. Instants are ISO 8601 UTC with milliseconds and `Z`; blank is null. */
export const fieldValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type FieldValue = z.infer<typeof fieldValueSchema>;

export const fieldTypes = ['text', 'flag', 'instant'] as const;
export type FieldType = (typeof fieldTypes)[number];

/**
 * Brings one value to the form in which it is compared and sent.
 *
 * Shape:  text without white space at its ends, blank text as null; a flag as a boolean (blank is FALSE); an
 *         instant as ISO 8601 UTC cut to whole seconds.
 * Errors: never throws. A text that is no instant in an instant field stays as it stands, so that it shows.
 * Source: Salesforce trims text on save and keeps date/time values to the second.
 */
export function normalizeValue(type: FieldType, value: FieldValue | undefined): FieldValue {
  if (type === 'flag') return value === true || value === 1 || value === 'true';
  if (value === null || value === undefined) return null;
  if (type === 'instant') return normalizeInstant(String(value));
  const text = String(value).trim();
  return text === '' ? null : text;
}

function normalizeInstant(text: string): FieldValue {
  if (text.trim() === '') return null;
  const millis = Date.parse(text.replace(/(\.\d{3})\d+/u, '$1').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
  if (Number.isNaN(millis)) return text;
  return new Date(Math.floor(millis / 1000) * 1000).toISOString();
}
