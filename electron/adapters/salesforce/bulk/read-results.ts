import type { BulkRow } from '../../../core/org-ports.ts';
import { CsvError, CsvParser } from '../../csv/csv-parser.ts';
import { isId } from '../check-records.ts';
import { unreadable } from '../http-failure.ts';
import { isSameId } from '../soql.ts';

/** The three lists of results, by what became of their rows. */
export type ResultList = BulkRow['outcome'];

const ownColumns: Readonly<Record<ResultList, readonly string[]>> = {
  succeeded: ['sf__Id', 'sf__Created'],
  failed: ['sf__Id', 'sf__Error'],
  unprocessed: [],
};

interface Header {
  columns: readonly string[];
  /** Places of Salesforce's own two columns; -1 where there are none. */
  idPlace: number;
  wordPlace: number;
  /** The columns of the upload, each with its place, by name. */
  uploaded: readonly (readonly [column: string, place: number])[];
}

function readHeader(cells: readonly string[], list: ResultList): Header {
  const own = cells.filter((column) => column.startsWith('sf__'));
  const isWhole = own.length === ownColumns[list].length && ownColumns[list].every((column) => own.includes(column));
  const uploaded = cells.flatMap((column, place) => (column.startsWith('sf__') ? [] : [[column, place] as const])).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const areNames = cells.every((column) => /^[A-Za-z][\w.]*$/u.test(column));
  if (!isWhole || !areNames || uploaded.length === 0 || new Set(cells).size < cells.length) throw unreadable('the results of the job have other columns than they should');
  return { columns: cells, idPlace: cells.indexOf('sf__Id'), wordPlace: cells.indexOf(ownColumns[list][1] ?? ''), uploaded };
}

/**
 * Takes apart how Salesforce words the refusal of a row.
 *
 * Shape:  `CODE:message:FIELDS --`; the message may hold colons and line ends, the fields may be missing. Words in another form are the
 *         message as they stand, behind the code where there is one, otherwise UNKNOWN_EXCEPTION.
 */
export function readBulkError(text: string): { code: string; message: string; fields: readonly string[] } {
  const [, code, message, fields] = /^([A-Z][A-Z0-9_]*):([\s\S]*):([\w.,; ]*?)\s*--\s*$/u.exec(text) ?? [];
  if (code === undefined || message === undefined || fields === undefined) {
    const [, bareCode = 'UNKNOWN_EXCEPTION', bareMessage = text] = /^([A-Z][A-Z0-9_]+):([\s\S]*)$/u.exec(text) ?? [];
    return { code: bareCode, message: bareMessage, fields: [] };
  }
  return { code, message, fields: fields.split(/[,; ]+/u).filter((field) => field !== '') };
}

function readRow(header: Header, cells: readonly string[], list: ResultList, operation: 'insert' | 'update'): BulkRow {
  if (cells.length !== header.columns.length) throw unreadable('a row of the results has too few or too many cells');
  const values: Record<string, string> = {};
  for (const [column, place] of header.uploaded) values[column] = cells[place] ?? '';
  const word = cells[header.wordPlace] ?? '';
  if (operation === 'update' && !isId(values['Id'])) throw unreadable('a row of the results names no record');
  if (list === 'unprocessed') return { values, outcome: 'unprocessed' };
  if (list === 'failed') {
    if (word === '') throw unreadable('a refused row does not say why');
    return { values, outcome: 'failed', ...readBulkError(word) };
  }
  const id = cells[header.idPlace];
  const created = word === 'true';
  if (!isId(id) || word !== String(operation === 'insert')) throw unreadable('a row of the results does not say what became of it');
  if (operation === 'update' && !isSameId(id, values['Id'])) throw unreadable('a row of the results names another record');
  return { values, outcome: 'succeeded', id, created };
}

/** `isEnded`: a line end follows the row. */
function* readCells(parser: CsvParser, text: string): Generator<{ cells: readonly (string | null)[]; isEnded: boolean }, void, undefined> {
  for (const { cells } of parser.push(text)) yield { cells, isEnded: true };
  for (const { cells } of parser.end()) yield { cells, isEnded: false };
}

/**
 * Reads the rows of one list of results, one after another.
 *
 * Errors: throws `unreadable` for text that is not exactly such a list. No text at all has no rows.
 * Source: Bulk API 2.0 and Bulk API Developer Guide, "Get Job Successful Record Results" and its neighbours.
 */
export function* readResultRows(text: string, list: ResultList, operation: 'insert' | 'update'): Generator<BulkRow, void, undefined> {
  const parser = new CsvParser();
  let header: Header | null = null;
  try {
    for (const { cells, isEnded } of readCells(parser, text)) {
      if (!isEnded && cells.at(-1) === null) throw unreadable('the results of the job break off');
      const texts = cells.map((cell) => cell ?? '');
      if (header === null) header = readHeader(texts, list);
      else yield readRow(header, texts, list, operation);
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable('the results of the job are no CSV') : error;
  }
}

/** Remembers the rows of a job's results, whose values have one order; throws `unreadable` for a row that came before. */
export function onlyOnce(operation: 'insert' | 'update'): (row: BulkRow) => void {
  const rows = new Set<string>();
  const ids = new Set<string>();
  const add = (known: Set<string>, one: string): void => {
    if (known.has(one)) throw unreadable('the results of the job hold a row twice');
    known.add(one);
  };
  return (row) => {
    add(rows, operation === 'update' ? (row.values['Id'] ?? '').slice(0, 15) : Object.values(row.values).join('\u0000'));
    if (row.outcome === 'succeeded') add(ids, row.id.slice(0, 15));
  };
}
