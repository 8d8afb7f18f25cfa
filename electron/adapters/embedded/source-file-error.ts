/**
 * A source file that cannot be read as it stands; the message is one plain sentence naming file, line and column.
 *
 * Shape:  file: base name. line: 1-based line of the file where the row begins, absent when the whole file is meant.
 *         column: header name, where one is known.
 */
export class SourceFileError extends Error {
  readonly file: string;
  readonly line: number | null;
  readonly column: string | null;
  readonly problem: string;

  constructor(where: { file: string; line?: number | null; column?: string | null }, problem: string) {
    const line = where.line ?? null;
    const column = where.column ?? null;
    const place = [where.file, ...(line === null ? [] : [`line ${line}`]), ...(column === null ? [] : [`column ${column}`])];
    super(`${place.join(', ')}: ${problem}.`);
    this.name = 'SourceFileError';
    this.file = where.file;
    this.line = line;
    this.column = column;
    this.problem = problem;
  }
}
