import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { SourceFileError } from './source-file-error.ts';

/** One row of a CSV file: an unquoted empty cell is null, a quoted empty one is an empty text. */
export interface CsvRow {
  /** 1-based line of the file where the row begins. */
  line: number;
  cells: (string | null)[];
}

const blockBytes = 1 << 20;
const lineFeed = 0x0a;

/**
 * Reads the rows of a CSV file one after another without holding the file in memory.
 *
 * Shape:  comma-separated, quotation marks doubled inside quoted cells, LF or CRLF, UTF-8 with or without byte order
 *         mark. Line ends inside quoted cells stay as they are.
 * Errors: throws `SourceFileError` for a file that is missing, is not UTF-8 or breaks the quoting rules.
 * Source: RFC 4180.
 */
export function* readCsvRows(path: string): Generator<CsvRow, void, undefined> {
  const parser = new CsvParser(basename(path));
  for (const text of readLines(path)) yield* parser.push(text);
  yield* parser.end();
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

type State = 'cell start' | 'plain' | 'quoted' | 'after quote' | 'after return';

const quoteCode = 0x22;
const commaCode = 0x2c;
const returnCode = 0x0d;

class CsvParser {
  readonly #file: string;
  #state: State = 'cell start';
  #cells: (string | null)[] = [];
  #cell: string | null = null;
  #line = 1;
  #rowLine = 1;
  #quoteLine = 1;

  constructor(file: string) {
    this.#file = file;
  }

  *push(text: string): Generator<CsvRow, void, undefined> {
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (this.#state === 'quoted') {
        at = this.#readQuoted(text, at);
      } else if (this.#state === 'after return' && code !== lineFeed) {
        throw this.#problem('a carriage return outside quotation marks is not followed by a line feed');
      } else if (code === commaCode) {
        this.#endCell();
        at += 1;
      } else if (code === lineFeed) {
        yield this.#endRow();
        at += 1;
      } else if (code === returnCode) {
        this.#state = 'after return';
        at += 1;
      } else if (code === quoteCode) {
        this.#readQuote();
        at += 1;
      } else if (this.#state === 'after quote') {
        throw this.#problem('text follows the closing quotation mark of a cell');
      } else {
        at = this.#readPlain(text, at);
      }
    }
  }

  *end(): Generator<CsvRow, void, undefined> {
    if (this.#state === 'quoted') {
      throw new SourceFileError({ file: this.#file, line: this.#quoteLine }, 'a quoted cell is never closed');
    }
    if (this.#state === 'after return') throw this.#problem('the last line ends in a lone carriage return');
    if (this.#state !== 'cell start' || this.#cells.length > 0) yield this.#endRow();
  }

  #readQuoted(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    const part = quote < 0 ? text.slice(from) : text.slice(from, quote);
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) this.#line += 1;
    this.#cell += part;
    if (quote < 0) return text.length;
    this.#state = 'after quote';
    return quote + 1;
  }

  #readQuote(): void {
    if (this.#state === 'plain') throw this.#problem('a quotation mark stands inside a cell that is not quoted');
    if (this.#state === 'cell start') {
      this.#quoteLine = this.#line;
      this.#cell = '';
    } else {
      this.#cell += '"';
    }
    this.#state = 'quoted';
  }

  #readPlain(text: string, from: number): number {
    let at = from + 1;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === commaCode || code === lineFeed || code === returnCode || code === quoteCode) break;
    }
    this.#cell = (this.#cell ?? '') + text.slice(from, at);
    this.#state = 'plain';
    return at;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = null;
    this.#state = 'cell start';
  }

  #endRow(): CsvRow {
    this.#endCell();
    const row = { line: this.#rowLine, cells: this.#cells };
    this.#cells = [];
    this.#line += 1;
    this.#rowLine = this.#line;
    return row;
  }

  #problem(problem: string): SourceFileError {
    return new SourceFileError({ file: this.#file, line: this.#line }, problem);
  }
}
