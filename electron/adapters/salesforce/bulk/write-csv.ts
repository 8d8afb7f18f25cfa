import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import { identifier } from '../soql.ts';

/**
 * Most bytes of one upload. Salesforce takes 150 MB, but counts them in base64, which makes four bytes out of three.
 *
 * Source: Bulk API 2.0 and Bulk API Developer Guide, "Upload Job Data": 150 MB after encoding, so 100 MB of data at most.
 */
export const maxUploadBytes = 100_000_000;

/** What blanks a field. Source: Bulk API 2.0, "Prepare CSV Files": an empty cell leaves the field as it is. */
const blank = '#N/A';

const quote = (text: string): string => `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;

function cellOf(value: FieldValue | undefined): string {
  if (value === undefined) return '';
  if (value === null || value === '') return blank;
  const text = String(value);
  if (text === blank) throw new RangeError('A bulk job would blank a field whose text is #N/A.');
  if (!text.isWellFormed()) throw new RangeError('A bulk job cannot carry half of a surrogate pair.');
  return quote(text);
}

/**
 * Writes records as the CSV of one upload.
 *
 * Shape:  one column per field that any record has. A blank value becomes `#N/A`, the cell of a field that a record does not have
 *         stays empty; booleans are `true` and `false`. Comma, LF, UTF-8 without byte order mark.
 * Errors: throws RangeError for more than `maxUploadBytes`, for no record, for a record without a field, and for what CSV cannot say: the text `#N/A` and
 *         broken surrogate pairs.
 * Source: RFC 4180; Bulk API 2.0 and Bulk API Developer Guide, "Prepare CSV Files".
 */
export function writeCsv(records: readonly Readonly<Record<string, FieldValue>>[]): { text: string; sizeBytes: number } {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))].map(identifier);
  const lines = [columns.join(',')];
  let sizeBytes = Buffer.byteLength(columns.join(',')) + 1;
  if (records.length === 0) throw new RangeError('A bulk job needs records.');
  for (const record of records) {
    // A line without a cell would be no row.
    if (Object.keys(record).length === 0) throw new RangeError('A record of a bulk job needs a field.');
    const line = columns.map((column) => cellOf(record[column])).join(',');
    sizeBytes += Buffer.byteLength(line) + 1;
    if (sizeBytes > maxUploadBytes) throw new RangeError(`An upload of a bulk job has at most ${maxUploadBytes} bytes.`);
    lines.push(line);
  }
  return { text: `${lines.join('\n')}\n`, sizeBytes };
}
