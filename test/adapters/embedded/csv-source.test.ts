import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsvRows } from '../../../electron/adapters/embedded/csv-rows.ts';
import { checkSourceFolder, loadProductPropertyCsv, readSourceTable } from '../../../electron/adapters/embedded/csv-source.ts';
import { instantText } from '../../../electron/adapters/embedded/instant-text.ts';
import { SourceFileError } from '../../../electron/adapters/embedded/source-file-error.ts';
import { sourceTables } from '../../../electron/adapters/embedded/source-tables.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { staged, writeSource } from '../../warehouse-views/view-fixture.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function rowsOf(content: string | Buffer): (string | null)[][] {
  const path = join(folder, 'some.csv');
  writeFileSync(path, content);
  return [...readCsvRows(path)].map((row) => row.cells);
}

function problemOf(read: () => unknown): { file: string; line: number | null; column: string | null } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SourceFileError)) throw error;
    return { file: error.file, line: error.line, column: error.column };
  }
  throw new Error('nothing was refused');
}

const features = (content: string | Buffer): unknown[] => {
  writeFileSync(join(folder, 'property_features.csv'), content);
  return [...readSourceTable(folder, 'property_features')];
};
const header = 'property_id,feature_code,enabled,enabled_at,updated_at';

describe('a CSV file', () => {
  it('gives back every cell that was written, in either line end, with or without byte order mark', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', '\r', ' ', '\t', 'é', '\u{1f3e2}', '0', '\ufeff') });
    const cell = fc.oneof(fc.constant(null), text);
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), (rows, lineEnd, withMark, lastLineEnd) => {
        const line = (cells: (string | null)[]): string =>
          cells.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',');
        const content = (withMark ? '\ufeff' : '') + rows.map(line).join(lineEnd) + (lastLineEnd ? lineEnd : '');
        expect(rowsOf(content)).toEqual(rows);
      }),
    );
  });

  it('tells an empty cell from an empty text, and guesses no numbers', () => {
    expect(rowsOf('a,b\n,""\n007,1e5\nNULL,\\N\n')).toEqual([['a', 'b'], [null, ''], ['007', '1e5'], ['NULL', '\\N']]);
  });

  it('is read across the borders of blocks', () => {
    const long = 'é"'.repeat(700_000);
    expect(rowsOf(`a,b\n"${long.replaceAll('"', '""')}",x\n`)).toEqual([['a', 'b'], [long, 'x']]);
  });

  it.each([
    ['a quotation mark in a plain cell', 'a,b\nx"y,z\n', 2],
    ['text after a closing quotation mark', 'a,b\nc,d\n"x"y,z\n', 3],
    ['a quoted cell that never ends', 'a,b\n"x\ny\n', 2],
    ['a lone carriage return', 'a,b\rc,d\n', 1],
  ])('is refused with its line for %s', (_, content, line) => {
    expect(problemOf(() => rowsOf(content))).toEqual({ file: 'some.csv', line, column: null });
  });

  it('is refused when it is not UTF-8, with its line', () => {
    const content = Buffer.concat([Buffer.from('a,b\nc,d\ne,'), Buffer.from([0xe9]), Buffer.from('\nf,g\n')]);
    expect(problemOf(() => rowsOf(content))).toEqual({ file: 'some.csv', line: 3, column: null });
  });
});

describe('a source table', () => {
  it('takes its columns by name in any order and tells which ones it does not read', () => {
    const notices: string[] = [];
    writeFileSync(join(folder, 'property_features.csv'), 'note,enabled,updated_at,feature_code,property_id,enabled_at\nx,T,,bank_linking,7,2025-01-01\n');
    const rows = [...readSourceTable(folder, 'property_features', (notice) => notices.push(notice))];
    expect(rows).toEqual([['7', 'bank_linking', 1, '2025-01-01 00:00:00.000000', null]]);
    expect(notices).toEqual(['property_features.csv: not read, since no rule uses them: note.']);
  });

  it.each(['true', 't', '1', 'TRUE', 'T'])('reads the boolean %s as TRUE', (spelling) => {
    expect(features(`${header}\nx,y,${spelling},,\n`)).toEqual([['x', 'y', 1, null, null]]);
  });

  it.each(['yes', 'on', '2', ' true', 'truee'])('refuses the boolean "%s" with file, line and column', (spelling) => {
    expect(problemOf(() => features(`${header}\nx,y,true,,\nx,y,${spelling},,\n`))).toEqual({
      file: 'property_features.csv',
      line: 3,
      column: 'enabled',
    });
  });

  it.each(['2025-13-01', '2025-02-29', '2025-01-01 24:00:00', '01.02.2025', '2025-01-01 10:00', '2025-01-01 10:00:00.1234567', '2025-01-01T10:00:00+25:00', '2025-01-01Z', 'soon'])(
    'refuses the timestamp %s with file, line and column',
    (spelling) => {
      expect(problemOf(() => features(`${header}\n"x\ny",y,true,${spelling},\n`))).toEqual({
        file: 'property_features.csv',
        line: 2,
        column: 'enabled_at',
      });
    },
  );

  it('is refused without a column, with one twice, with a row of another length, without a header and when it is missing', () => {
    const file = 'property_features.csv';
    const short = header.replace(',enabled_at', '');
    expect(problemOf(() => features(`${short}\n`))).toEqual({ file, line: 1, column: 'enabled_at' });
    expect(problemOf(() => features(`${header},enabled\n`))).toEqual({ file, line: 1, column: 'enabled' });
    expect(problemOf(() => features(`${header}\n\n`))).toEqual({ file, line: 2, column: null });
    expect(problemOf(() => features(`${header}\nx,y,true\n`))).toEqual({ file, line: 2, column: null });
    expect(problemOf(() => features(''))).toEqual({ file, line: null, column: null });
    rmSync(join(folder, file));
    expect(problemOf(() => [...readSourceTable(folder, 'property_features')])).toEqual({ file, line: null, column: null });
  });

  it('becomes the staging records of a simulated org, as they stand', () => {
    writeSource(folder, { staging: [staged('r1', ' k ', { bank_linking_enabled_c: '1', bank_linking_enabled_at_c: '2025-01-01T02:00:00+02:00', name: ' N ' })] });
    expect([...loadProductPropertyCsv(folder)]).toMatchObject([
      { Id: 'r1', IsDeleted: false, Snappt_Property_ID__c: ' k ', Name: ' N ', Bank_Linking_Enabled__c: true, Bank_Linking_Enabled_At__c: '2025-01-01T00:00:00.000000Z', Fraud_Detection_Enabled__c: false },
    ]);
  });

  it('is missed early, as an expected failure that names the file', () => {
    writeSource(folder, {});
    checkSourceFolder(folder);
    rmSync(join(folder, 'properties.csv'));
    expect(() => checkSourceFolder(folder)).toThrow(AppFailure);
    expect(() => checkSourceFolder(folder)).toThrow('properties.csv: the file is missing.');
    expect(() => checkSourceFolder(join(folder, 'none'))).toThrow('none: the source folder does not exist.');
  });

  it('knows the columns of the three tables', () => {
    expect(Object.values(sourceTables).map((columns) => columns.length)).toEqual([12, 5, 23]);
  });
});

describe('an instant', () => {
  it('keeps its microseconds and its moment whatever its spelling', () => {
    const moments = fc.record({ ms: fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9999, 11, 30) }), micros: fc.integer({ min: 0, max: 999 }), offset: fc.integer({ min: -720, max: 840 }) });
    fc.assert(
      fc.property(moments, fc.constantFrom(' ', 'T'), ({ ms, micros, offset }, separator) => {
        const utc = new Date(ms).toISOString();
        const fixed = `${utc.slice(0, 10)} ${utc.slice(11, 23)}${String(micros).padStart(3, '0')}`;
        const local = new Date(ms + offset * 60_000).toISOString();
        const clock = `${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
        const zoned = `${local.slice(0, 10)}${separator}${local.slice(11, 23)}${fixed.slice(-3)}${offset < 0 ? '-' : '+'}${clock}`;
        expect(instantText(zoned)).toBe(fixed);
        expect(instantText(fixed)).toBe(fixed);
      }),
    );
  });
});
