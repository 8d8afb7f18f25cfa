import type { SqliteDatabase } from '../../sqlite/open-database.ts';

/**
 * The line of a text that SQLite does not take, counted from 1; null where it cannot be told.
 *
 * Shape:  a fault of the grammar is in the line with which the message first appears when the text is read line by line. Of a name that is
 *         not known, the first line outside comments that has it.
 */
export function lineOfProblem(db: SqliteDatabase, sql: string, message: string): number | null {
  const lines = sql.split('\n');
  if (/syntax error$|^unrecognized token|^incomplete input/u.test(message)) return firstLine(lines.length, (count) => messageOf(db, lines.slice(0, count).join('\n')) === message);
  const name = /^(?:no such (?:column|table|function)|ambiguous column name|misuse of aggregate|misuse of window function|wrong number of arguments to function)[: ]+(?:main\.)?([\w.]+)/u.exec(message)?.[1];
  if (name === undefined) return null;
  const word = new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?!\\w)`, 'iu');
  const at = lines.findIndex((line) => word.test(line.replace(/--.*$/u, '')));
  return at < 0 ? null : at + 1;
}

/** The smallest count that has the fault; once a prefix has it, every longer one has. */
function firstLine(most: number, hasFault: (count: number) => boolean): number {
  let [low, high] = [1, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hasFault(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function messageOf(db: SqliteDatabase, sql: string): string | null {
  try {
    db.prepare(sql);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
