import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBulkError } from '../../../../electron/adapters/salesforce/bulk/read-results.ts';
import { maxUploadBytes, writeCsv } from '../../../../electron/adapters/salesforce/bulk/write-csv.ts';
import { CsvParser } from '../../../../electron/adapters/csv/csv-parser.ts';

describe('the words with which Salesforce refuses a row', () => {
  it.each([
    ['REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --', { code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] }],
    ['UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 2 records: 001a,001b:--', { code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record or 2 records: 001a,001b', fields: [] }],
    ['DUPLICATE_VALUE:duplicate value found: K__c duplicates value on record with id: a0P1: --', { code: 'DUPLICATE_VALUE', message: 'duplicate value found: K__c duplicates value on record with id: a0P1', fields: [] }],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION:One:\ntwo:City__c,State__c --', { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'One:\ntwo', fields: ['City__c', 'State__c'] }],
    ['INVALID_FIELD:Foreign key external ID: c9 not found', { code: 'INVALID_FIELD', message: 'Foreign key external ID: c9 not found', fields: [] }],
    ['InvalidBatch : Field name not found : x', { code: 'UNKNOWN_EXCEPTION', message: 'InvalidBatch : Field name not found : x', fields: [] }],
  ])('%s', (text, expected) => {
    expect(readBulkError(text)).toEqual(expected);
  });

  it('give back any code, message and fields', () => {
    const code = fc.stringMatching(/^[A-Z][A-Z_]{1,20}$/u);
    const fields = fc.array(fc.stringMatching(/^[A-Z]\w{0,10}__c$/u), { maxLength: 3 });
    fc.assert(
      fc.property(code, fc.string({ unit: fc.constantFrom('a', ':', ' ', '-', '\n', '[') }), fields, (one, message, names) => {
        expect(readBulkError(`${one}:${message}:${names.join(',')} --`)).toEqual({ code: one, message, fields: names });
      }),
    );
  });
});

describe('the CSV of an upload', () => {
  const cellsOf = (text: string): (string | null)[][] => [...new CsvParser().push(text)].map((row) => row.cells);

  it('has the columns of all records, and tells blank from left out', () => {
    const { text } = writeCsv([{ Id: 'a0P1', City__c: null }, { Id: 'a0P2', Name: 'x,"y"\nz', Flag__c: false }, { Id: 'a0P3', Name: '', Size__c: 1.5 }]);
    expect(text).toBe('Id,City__c,Name,Flag__c,Size__c\n"a0P1",#N/A,,,\n"a0P2",,"x,""y""\nz","false",\n"a0P3",,#N/A,,"1.5"\n');
  });

  it('gives every text back as it was', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }).filter((text) => text !== '#N/A' && text !== ''), fc.boolean());
    fc.assert(
      fc.property(fc.array(fc.record({ A__c: value, B__c: value }, { requiredKeys: [] }).filter((record) => Object.keys(record).length > 0), { minLength: 1, maxLength: 5 }), (records) => {
        const { text, sizeBytes } = writeCsv(records);
        const [columns = [], ...rows] = cellsOf(text);
        expect(rows).toEqual(records.map((record) => columns.map((column) => { const given = Object.entries(record).find(([name]) => name === column)?.[1]; return given === undefined ? null : String(given); })));
        expect(sizeBytes).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it.each([
    ['a text that would blank its field', [{ Name: '#N/A' }]],
    ['half of a surrogate pair', [{ Name: 'a\ud800' }]],
    ['a name that is no field', [{ 'Name,Id': 'x' }]],
    ['a record without a field', [{ Name: 'x' }, {}]],
    ['no record', []],
    ['more than an upload can carry', Array.from({ length: 101 }, () => ({ Name: 'x'.repeat(maxUploadBytes / 100) }))],
  ])('is refused for %s', (_name, records) => {
    expect(() => writeCsv(records as Record<string, string>[])).toThrow(RangeError);
  });
});
