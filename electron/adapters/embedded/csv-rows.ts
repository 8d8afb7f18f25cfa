import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, CsvParser, type CsvRow } from '../csv/csv-parser.ts';
import { SourceFileError } from './source-file-error.ts';

const blockBytes = 1 << 20;
const lineFeed = 0x0a;

/**
 * Reads the rows of a CSV file one after another without holding the file in memory.
 *
 * Shape:  as `CsvParser` reads it, in UTF-8 with or without byte order mark.
 * Errors: throws `SourceFileError` for a file that is missing, is not UTF-8 or breaks the quoting rules.
 */
export function* readCsvRows(path: string): Generator<CsvRow, void, undefined> {
  const parser = new CsvParser();
  try {
    for (const text of readLines(path)) yield* parser.push(text);
    yield* parser.end();
  } catch (error) {
    throw error instanceof CsvError ? new SourceFileError({ file: basename(path), line: error.line }, error.message) : error;
  }
}

/** Texts of the file that each end at a line end, the last one excepted. */
function* readLines(path: string): Generator<string, void, undefined> {
  const file = basename(path);
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SourceFileError({ file }, missing ? 'the file is missing' : 'the file cannot be opened');
  }
  try {
    const decode = lineDecoder(file);
    let rest = Buffer.alloc(0);
    for (;;) {
      const block = Buffer.allocUnsafe(blockBytes);
      let size: number;
      try {
        size = readSync(handle, block);
      } catch {
        throw new SourceFileError({ file }, 'the file cannot be read');
      }
      if (size === 0) break;
      const bytes = Buffer.concat([rest, block.subarray(0, size)]);
      const end = bytes.lastIndexOf(lineFeed) + 1;
      if (end > 0) yield decode(bytes.subarray(0, end));
      rest = bytes.subarray(end);
    }
    if (rest.length > 0) yield decode(rest);
  } finally {
    closeSync(handle);
  }
}

function lineDecoder(file: string): (bytes: Buffer) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  let first = true;
  return (bytes) => {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      throw new SourceFileError({ file, line: line + brokenLine(bytes) }, 'the text is not valid UTF-8');
    }
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) line += 1;
    if (!first) return text;
    first = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  };
}

function brokenLine(bytes: Buffer): number {
  let start = 0;
  for (let line = 0; ; line += 1) {
    const end = bytes.indexOf(lineFeed, start) + 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end === 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === 0) return line;
    start = end;
  }
}
