import type { SqliteDatabase } from '../sqlite/open-database.ts';

type Member = string | number | null;

/**
 * Gives SQLite the functions that turn one JSON parameter into rows, as the statements on the audit log use them.
 *
 * Shape:  `from_json(text, 'ARRAY<STRUCT<name: TYPE, …>>', map('mode', 'FAILFAST'))` hands on JSON text with just the members of
 *         the schema, STRING or BIGINT; `inline(…)` is a table with the columns given. A member that is missing is NULL.
 * Errors: what FAILFAST refuses ends the statement: no JSON, no array of objects, a value of another type. Stricter than Spark,
 *         which turns numbers into texts and takes a single object for an array.
 * Source: Spark SQL functions `from_json`, `map`, `inline`.
 */
export function addJsonRows(db: SqliteDatabase, columns: readonly string[]): void {
  db.function('map', { deterministic: true, varargs: true }, (...pairs) => JSON.stringify(pairs));
  db.function('from_json', { deterministic: true }, (text, schema, options) => {
    if (options !== JSON.stringify(['mode', 'FAILFAST'])) throw new Error('from_json is used in mode FAILFAST only.');
    return text === null ? null : JSON.stringify(readRows(String(text), readSchema(String(schema))));
  });
  db.table('inline', {
    columns: [...columns],
    parameters: ['array'],
    *rows(array: unknown) {
      for (const row of array === null ? [] : (JSON.parse(String(array)) as Record<string, Member>[])) yield columns.map((column) => row[column] ?? null);
    },
  });
}

function readSchema(schema: string): Map<string, string> {
  const inner = /^ARRAY<STRUCT<(.+)>>$/u.exec(schema)?.[1];
  const members = inner?.split(', ').map((member) => /^(\w+): (STRING|BIGINT)$/u.exec(member));
  if (!members || members.includes(null)) throw new Error(`from_json does not know the schema ${schema}.`);
  return new Map(members.map((member) => [member?.[1] ?? '', member?.[2] ?? '']));
}

function readRows(text: string, schema: ReadonlyMap<string, string>): Record<string, Member>[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error('from_json was given no array.');
  return parsed.map((row: unknown) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('from_json was given an element that is no object.');
    return Object.fromEntries([...schema].map(([name, type]) => [name, readMember(name, type, (row as Record<string, unknown>)[name] ?? null)]));
  });
}

function readMember(name: string, type: string, value: unknown): Member {
  if (value === null || (type === 'STRING' ? typeof value === 'string' : Number.isInteger(value))) return value as Member;
  throw new Error(`from_json was given ${JSON.stringify(value)} for ${name}, which is a ${type}.`);
}
