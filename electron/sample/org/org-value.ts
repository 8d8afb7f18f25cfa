import type { OrgField } from './schema.ts';

/** A value as SQLite holds it: checkboxes are 0 or 1, date-times the text Salesforce answers with. */
export type StoredValue = string | number | null;

export type StoredRow = Record<string, StoredValue>;

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Writes an instant the way Salesforce answers it.
 *
 * Units: milliseconds since 1970 in; `YYYY-MM-DDTHH:MM:SS.000+0000` out, cut to the whole second.
 */
export function formatInstant(epochMs: number): string {
  return `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, 19)}.000+0000`;
}

/**
 * Reads an ISO 8601 date or date-time.
 *
 * Units: milliseconds since 1970; without a zone UTC. Undefined when the text is no such instant.
 */
export function parseInstant(text: string): number | undefined {
  const match = instantPattern.exec(text);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (match[4] === undefined) return midnight;
  const zone = (match[7] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const fraction = /\.(\d+)/.exec(text)?.[1]?.slice(0, 3).padEnd(3, '0') ?? '000';
  const instant = Date.parse(`${day}T${match[4]}:${match[5]}:${match[6] ?? '00'}.${fraction}${zone}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Turns a stored value into the JSON value of an API reply. */
export function toJsonValue(field: OrgField, value: StoredValue | undefined): unknown {
  if (value === undefined) return null;
  return field.type === 'boolean' ? value === 1 : value;
}

/** Removes white space at both ends as Salesforce does on save; a no-break space survives. */
export function trimAsSaved(text: string): string {
  return text.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, '');
}
