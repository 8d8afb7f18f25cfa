import type { FieldValue } from '../../shared/domain/field-value.ts';
import { instantOf } from './dates.ts';

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/u;

/** True for a value written as an ISO 8601 UTC instant. */
export function isInstant(value: FieldValue): value is string {
  return typeof value === 'string' && instantPattern.test(value);
}

/** A value as Salesforce shows it: TRUE, FALSE, blank, a day. `other` is the value beside it. */
export function valueWords(value: FieldValue, other: FieldValue = null): string {
  if (value === null || value === '') return 'blank';
  if (value === true) return 'TRUE';
  if (value === false) return 'FALSE';
  return isInstant(value) ? instantOf(value, isInstant(other) ? other : null) : String(value);
}
