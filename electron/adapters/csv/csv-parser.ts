/** One row of CSV text: an unquoted empty cell is null, a quoted empty one is an empty text. */
export interface CsvRow {
  /** 1-based line where the row begins. */
  line: number;
  cells: (string | null)[];
}

type State = 'cell start' | 'plain' | 'quoted' | 'after quote' | 'after return';

const lineFeed = 0x0a;
const quoteCode = 0x22;
const commaCode = 0x2c;
const returnCode = 0x0d;

/** CSV text that breaks the quoting rules; `line` is 1-based. */
export class CsvError extends Error {
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.name = 'CsvError';
    this.line = line;
  }
}

/**
 * Reads rows out of CSV text that comes in pieces.
 *
 * Shape:  comma-separated, quotation marks doubled inside quoted cells, LF or CRLF. Line ends inside quoted cells stay as they are.
 * Errors: throws `CsvError` for text that breaks the quoting rules.
 * Source: RFC 4180.
 */
export class CsvParser {
  #state: State = 'cell start';
  #cells: (string | null)[] = [];
  #cell: string | null = null;
  #line = 1;
  #rowLine = 1;
  #quoteLine = 1;

  /** The rows that end within the text. */
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

  /** The row that no line end follows. */
  *end(): Generator<CsvRow, void, undefined> {
    if (this.#state === 'quoted') {
      throw new CsvError(this.#quoteLine, 'a quoted cell is never closed');
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

  #problem(problem: string): CsvError {
    return new CsvError(this.#line, problem);
  }
}
