import type { SqliteDatabase } from '../sqlite/open-database.ts';

/**
 * Gives SQLite the Spark SQL functions that the warehouse views use and SQLite lacks.
 *
 * Shape:  arrays travel as JSON text, so `to_json` hands its argument on. Text order is by bytes of UTF-8, as in Spark.
 * Source: Spark SQL functions `btrim`, `array`, `array_sort`, `collect_list` (skips NULL), `to_json`.
 */
export function addSparkFunctions(db: SqliteDatabase): void {
  db.function('btrim', { deterministic: true }, (text, characters) => {
    if (text === null || characters === null) return null;
    return trimBoth(String(text), String(characters));
  });
  db.function('array', { deterministic: true, varargs: true }, (...values) => JSON.stringify(values));
  db.function('array_sort', { deterministic: true }, (array) => (array === null ? null : sortArray(String(array))));
  db.function('to_json', { deterministic: true }, (array) => array);
  db.aggregate('collect_list', {
    deterministic: true,
    start: (): unknown[] => [],
    step: (list: unknown[], value: unknown) => {
      if (value !== null) list.push(value);
    },
    result: (list: unknown[]) => JSON.stringify(list),
  });
}

/** Orders two texts by their UTF-8 bytes, which is the order of their code points. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      // Surrogates (D800-DFFF) stand for code points above every other unit.
      const aHigh = a >= 0xd800 && a <= 0xdfff;
      const bHigh = b >= 0xd800 && b <= 0xdfff;
      if (aHigh !== bHigh) return aHigh ? 1 : -1;
      return a - b;
    }
  }
  return left.length - right.length;
}

function trimBoth(text: string, characters: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function sortArray(json: string): string {
  if (!json.includes(',')) return json;
  return JSON.stringify((JSON.parse(json) as string[]).sort(compareBytes));
}
