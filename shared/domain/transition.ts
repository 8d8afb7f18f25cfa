import type { FieldChange } from './field-diff.ts';
import type { FieldType, FieldValue } from './field-value.ts';

/**
 * Kinds of change of one field. `blank` proposes nothing over a value and is not sent; `respelled` is another spelling of the same
 * text: letter case, spaces and punctuation aside, both are equal.
 */
export const transitions = ['turned-on', 'turned-off', 'filled', 'cleared', 'replaced', 'respelled', 'earlier', 'later', 'blank'] as const;
export type Transition = (typeof transitions)[number];

/**
 * Says what kind of change a field makes.
 *
 * Shape:  values normalised as in `normalizeValue`; null where nothing changes.
 * Errors: never throws.
 */
export function transitionOf(type: FieldType, change: FieldChange, before: FieldValue, after: FieldValue): Transition | null {
  if (change === 'equal') return null;
  if (change === 'blank' || change === 'cleared') return change;
  if (type === 'flag') return after === true ? 'turned-on' : 'turned-off';
  if (change === 'filled') return 'filled';
  if (type === 'instant') return String(after) < String(before) ? 'earlier' : 'later';
  return bareText(before) === bareText(after) ? 'respelled' : 'replaced';
}

function bareText(value: FieldValue): string {
  return String(value).normalize('NFKC').toLowerCase().replace(/[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]+/gu, '');
}
