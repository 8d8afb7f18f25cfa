import type { FieldValue } from '../../../shared/domain/field-value.ts';

/** Longest text that a Salesforce text field with an index, such as an external id, holds. */
const maxKeyLength = 255;

/** Longest address of one query. Salesforce refuses 16,384 bytes of address and headers together. */
const maxQueryUriLength = 8_000;

/**
 * A name that may stand in SOQL and in an address.
 *
 * Errors: throws RangeError for anything that is no API name: that is a bug of the caller, not an input of a person.
 */
export function identifier(name: string): string {
  if (!/^[A-Za-z]\w*$/u.test(name)) throw new RangeError(`Not an API name: ${JSON.stringify(name)}`);
  return name;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

/**
 * A text as a SOQL literal.
 *
 * Source: SOQL and SOSL Reference, "Quoted String Escape Sequences".
 */
export function literal(text: string): string {
  return `'${text.replace(/[\\'"\n\r\t\b\f]/gu, (character) => escapes[character] ?? character)}'`;
}

/** The fields to ask for, each once, with `Id` first. Letter case does not tell API names apart. */
export function fieldList(fields: readonly string[]): string[] {
  const named = new Map([['id', 'Id']]);
  for (const field of fields) if (!named.has(field.toLowerCase())) named.set(field.toLowerCase(), identifier(field));
  return [...named.values()];
}

/** The path of a query, to be appended to the address of the API's version. */
export function queryPath(soql: string): string {
  return `/query?q=${encodeURIComponent(soql)}`;
}

/**
 * Splits keys into queries whose addresses stay short enough.
 *
 * Shape:  each key once. Keys that no external-id field can hold are left out: blank ones, longer ones than 255 characters, broken
 *         surrogate pairs.
 */
export function keyQueries(request: { object: string; keyField: string; keys: readonly string[]; fields: readonly string[] }): { soql: string; keys: ReadonlySet<string> }[] {
  const keyField = identifier(request.keyField);
  const head = `SELECT ${fieldList([keyField, ...request.fields]).join(', ')} FROM ${identifier(request.object)} WHERE ${keyField} IN (`;
  const room = maxQueryUriLength - queryPath(`${head})`).length;
  const queries: { soql: string; keys: ReadonlySet<string> }[] = [];
  let literals: string[] = [];
  let keys = new Set<string>();
  let used = 0;
  const close = (): void => {
    if (literals.length > 0) queries.push({ soql: `${head}${literals.join(',')})`, keys });
    literals = [];
    keys = new Set();
    used = 0;
  };
  for (const key of new Set(request.keys)) {
    if (key.trim() === '' || key.length > maxKeyLength || !key.isWellFormed()) continue;
    const text = literal(key);
    const length = encodeURIComponent(`${text},`).length;
    if (used + length > room) close();
    literals.push(text);
    keys.add(key);
    used += length;
  }
  close();
  return queries;
}

/** Says whether two ids name one record: 15 and 18 characters are one id. */
export function isSameId(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  const isId = (text: string): boolean => text.length === 15 || text.length === 18;
  return isId(one) && isId(other) && one.slice(0, 15) === other.slice(0, 15);
}
