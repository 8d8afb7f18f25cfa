import { identifier } from './soql.ts';

/** True for text in the form of a Salesforce id. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/u.test(text);
}

/**
 * Checks that records may be sent in one call.
 *
 * Errors: throws RangeError for too many, for a missing or an unwanted Id, and for what is no name of a field.
 */
export function checkRecords(records: readonly Readonly<Record<string, unknown>>[], { withId, most }: { withId: boolean; most: number }): void {
  if (records.length > most) throw new RangeError(`A call carries at most ${most} records, not ${records.length}.`);
  for (const record of records) {
    if (Object.hasOwn(record, 'Id') !== withId) throw new RangeError(withId ? 'A record to update has no Id.' : 'A record to insert has an Id.');
    const reserved = Object.keys(record).find((name) => name !== 'Id' && ['id', 'attributes'].includes(identifier(name).toLowerCase()));
    if (reserved !== undefined) throw new RangeError(`No field is called ${reserved}.`);
  }
}
