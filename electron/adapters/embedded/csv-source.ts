import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppFailure } from '../../core/app-failure.ts';
import type { OrgSeedRecord } from '../../sample/org/org-file.ts';
import { readCsvRows } from './csv-rows.ts';
import { instantText, isoInstant } from './instant-text.ts';
import { SourceFileError } from './source-file-error.ts';
import { sourceTables, type SourceColumn, type SourceTableName } from './source-tables.ts';

/** A cell as the embedded warehouse stores it: booleans as 1 and 0, instants as fixed-width text. */
export type SourceCell = string | number | null;

/** The path of the file that holds one source table. */
export function sourceFile(folder: string, table: SourceTableName): string {
  return join(folder, `${table}.csv`);
}

/**
 * Reads one source table from its CSV file, row by row.
 *
 * Shape:  cells in the order of `sourceTables[table]`, whatever their order in the file. `onNotice` gets one sentence
 *         when the file has columns that are not read.
 * Errors: throws `SourceFileError` for anything that is not exactly what the column takes; nothing is guessed.
 */
export function* readSourceTable(
  folder: string,
  table: SourceTableName,
  onNotice: (notice: string) => void = () => {},
): Generator<SourceCell[], void, undefined> {
  const path = sourceFile(folder, table);
  const file = basename(path);
  const rows = readCsvRows(path);
  const first = rows.next();
  if (first.done) throw new SourceFileError({ file }, 'the file is empty, it needs a header');
  const header = first.value.cells;
  const columns = placeColumns(file, header, sourceTables[table]);
  const unread = header.filter((name) => !sourceTables[table].some((column) => column.name === name));
  if (unread.length > 0) onNotice(`${file}: not read, since no rule uses them: ${unread.join(', ')}.`);
  for (const row of rows) {
    if (row.cells.length !== header.length) {
      const problem = `the row has ${row.cells.length} cells and the header ${header.length}`;
      throw new SourceFileError({ file, line: row.line }, problem);
    }
    yield columns.map(({ column, position }) => {
      const cell = row.cells[position] ?? null;
      return column.kind === 'text' ? cell : readCell(cell, column, { file, line: row.line });
    });
  }
}

/**
 * Reads the staging records of a source folder as a simulated org starts with them.
 *
 * Errors: throws `AppFailure` (`source-invalid`) naming file, line and column, at the row where it is noticed.
 */
export function* loadProductPropertyCsv(folder: string): Generator<OrgSeedRecord, void, undefined> {
  try {
    const names = sourceTables.product_property.map((column) => column.name);
    for (const cells of readSourceTable(folder, 'product_property')) yield toSeedRecord(names, cells);
  } catch (error) {
    throw sourceFailure(error);
  }
}

/**
 * Refuses a source folder that does not exist or lacks one of its three files.
 *
 * Shape:  `withMirror` false: `product_property.csv` may be absent, since it was read once and for all.
 * Errors: throws `AppFailure` (`source-invalid`) naming the folder or the first missing file.
 */
export function checkSourceFolder(folder: string, withMirror = true): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw sourceFailure(new SourceFileError({ file: basename(folder) }, 'the source folder does not exist'));
  }
  for (const table of Object.keys(sourceTables) as SourceTableName[]) {
    if (table === 'product_property' && !withMirror) continue;
    const path = sourceFile(folder, table);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw sourceFailure(new SourceFileError({ file: basename(path) }, 'the file is missing'));
    }
  }
}

/** Turns a broken source file into the expected failure that crosses the boundary; other errors pass as they are. */
export function sourceFailure(error: unknown): unknown {
  if (!(error instanceof SourceFileError)) return error;
  const { file, line, column, problem, message } = error;
  return new AppFailure('source-invalid', message, { file, line, column, problem });
}

function placeColumns(file: string, header: readonly (string | null)[], columns: readonly SourceColumn[]) {
  return columns.map((column) => {
    const position = header.indexOf(column.name);
    if (position < 0) throw new SourceFileError({ file, line: 1, column: column.name }, 'the column is missing');
    if (header.includes(column.name, position + 1)) {
      throw new SourceFileError({ file, line: 1, column: column.name }, 'the column is there twice');
    }
    return { column, position };
  });
}

function readCell(cell: string | null, column: SourceColumn, where: { file: string; line: number }): SourceCell {
  if (cell === null || /^[ \t\r\n]*$/.test(cell)) return null;
  if (column.kind === 'boolean') {
    if (/^(?:true|t|1)$/i.test(cell)) return 1;
    if (/^(?:false|f|0)$/i.test(cell)) return 0;
    throw new SourceFileError({ ...where, column: column.name }, `${quoted(cell)} is not a boolean`);
  }
  const instant = instantText(cell);
  if (instant === null) {
    throw new SourceFileError({ ...where, column: column.name }, `${quoted(cell)} is not a timestamp`);
  }
  return instant;
}

function quoted(cell: string): string {
  return JSON.stringify(cell.length > 60 ? `${cell.slice(0, 60)}…` : cell);
}

function toSeedRecord(names: readonly string[], cells: readonly SourceCell[]): OrgSeedRecord {
  const cellOf = (name: string): SourceCell => cells[names.indexOf(name)] ?? null;
  const text = (name: string): string | null => cellOf(name) as string | null;
  const flag = (code: string): boolean => cellOf(`${code}_enabled_c`) === 1;
  const instant = (name: string): string | null => {
    const value = text(name);
    return value === null ? null : isoInstant(value);
  };
  return {
    Id: text('id') ?? '',
    IsDeleted: cellOf('is_deleted') === 1,
    Name: text('name'),
    Snappt_Property_ID__c: text('snappt_property_id_c'),
    SF_Property_ID__c: text('sf_property_id_c'),
    Address__c: text('address'),
    City__c: text('city'),
    State__c: text('state'),
    Zip__c: text('zip'),
    Company_ID__c: text('company_id'),
    Company_Name__c: text('company_name'),
    Identity_Verification_Enabled__c: flag('identity_verification'),
    Identity_Verification_Enabled_At__c: instant('identity_verification_enabled_at_c'),
    Bank_Linking_Enabled__c: flag('bank_linking'),
    Bank_Linking_Enabled_At__c: instant('bank_linking_enabled_at_c'),
    Payroll_Linking_Enabled__c: flag('payroll_linking'),
    Payroll_Linking_Enabled_At__c: instant('payroll_linking_enabled_at_c'),
    Income_Verification_Enabled__c: flag('income_verification'),
    Income_Verification_Enabled_At__c: instant('income_verification_enabled_at_c'),
    Fraud_Detection_Enabled__c: flag('fraud_detection'),
    Fraud_Detection_Enabled_At__c: instant('fraud_detection_enabled_at_c'),
    LastModifiedDate: instant('last_modified_date'),
    SystemModstamp: instant('system_modstamp'),
  };
}
