import type { SqliteDatabase } from '../../open-database.ts';

const numbersInPart = 65_536;
const bytesInPart = 4_194_304;

/** A column that is filled number by number. */
export interface NumberWriter {
  push(value: number): void;
  end(): void;
}

/** A column of texts, one after the other in UTF-8. */
export interface TextWriter {
  /** Answers with the place where the text ends, counted over all parts. */
  push(text: string): number;
  end(): void;
}

/** Writes unsigned numbers in parts of 65,536, so that memory stays bounded. */
export function writeNumbers(db: SqliteDatabase, name: string): NumberWriter {
  const store = storePart(db, name);
  const values = new Uint32Array(numbersInPart);
  let filled = 0;
  const flush = (): void => {
    if (filled > 0) store(Buffer.from(values.buffer, 0, filled * 4));
    filled = 0;
  };
  return {
    push(value) {
      values[filled] = value;
      filled += 1;
      if (filled === numbersInPart) flush();
    },
    end: flush,
  };
}

/** Writes texts in parts of about 4 MB. */
export function writeTexts(db: SqliteDatabase, name: string): TextWriter {
  const store = storePart(db, name);
  let part = Buffer.allocUnsafe(bytesInPart);
  let filled = 0;
  let before = 0;
  const flush = (): void => {
    if (filled > 0) store(part.subarray(0, filled));
    before += filled;
    filled = 0;
  };
  return {
    push(text) {
      // A UTF-16 unit becomes at most three bytes.
      if (filled + text.length * 3 > part.length) {
        flush();
        if (text.length * 3 > part.length) part = Buffer.allocUnsafe(text.length * 3);
      }
      filled += part.write(text, filled);
      return before + filled;
    },
    end: flush,
  };
}

function storePart(db: SqliteDatabase, name: string): (data: Buffer) => void {
  const insert = db.prepare('INSERT INTO review_column VALUES (?, ?, ?)');
  let part = 0;
  return (data) => {
    insert.run(name, part, data);
    part += 1;
  };
}

/** Reads a whole column; empty when it has no part. */
export function readBytes(db: SqliteDatabase, name: string): Buffer {
  const size = db.prepare('SELECT COALESCE(SUM(length(data)), 0) FROM review_column WHERE name = ?').pluck().get(name) as number;
  // Whole numbers need a place in memory that starts at a multiple of four, which only a buffer of its own is sure to have.
  const bytes = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  for (const data of db.prepare('SELECT data FROM review_column WHERE name = ? ORDER BY part').pluck().iterate(name) as IterableIterator<Buffer>) at += data.copy(bytes, at);
  return bytes;
}

/** Reads a column of numbers. */
export function readNumbers(db: SqliteDatabase, name: string): Uint32Array {
  const bytes = readBytes(db, name);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
