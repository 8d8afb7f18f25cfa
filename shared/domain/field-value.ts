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

/** An instant in UTC as the warehouse and the org adapter write it, on a day that every month has. */
const plainInstant = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/u;

function normalizeInstant(text: string): FieldValue {
  // Cutting is all there is to do: a date need not be parsed to be written again.
  if (plainInstant.test(text)) return `${text.slice(0, 19)}.000Z`;
  if (text.trim() === '') return null;
  const millis = Date.parse(text.replace(/(\.\d{3})\d+/u, '$1').replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
  if (Number.isNaN(millis)) return text;
  return new Date(Math.floor(millis / 1000) * 1000).toISOString();
}
