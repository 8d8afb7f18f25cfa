import { malformedQuery, tokenize, type Token } from './tokenize.ts';

export type Literal =
  | { kind: 'string'; value: string; pattern: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  | { kind: 'datetime' | 'date'; value: string };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; field: string; operator: Comparison; literal: Literal }
  | { kind: 'in'; field: string; negated: boolean; literals: Literal[] };

export type Selected =
  | { kind: 'field'; name: string }
  | { kind: 'fields'; group: 'ALL' | 'STANDARD' | 'CUSTOM' }
  | { kind: 'aggregate'; name: 'COUNT' | 'COUNT_DISTINCT' | 'MIN' | 'MAX'; field: string | null; alias: string | null };

export interface OrderTerm {
  field: string;
  descending: boolean;
  nullsLast: boolean;
}

export interface SoqlQuery {
  select: Selected[];
  from: string;
  where: Condition | null;
  orderBy: OrderTerm[];
  limit: number | null;
  offset: number | null;
}

const comparisons = new Set(['=', '!=', '<>', '<', '<=', '>', '>=']);
const aggregates = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX']);

interface Reader {
  peek: () => Token;
  next: () => Token;
  isWord: (word: string) => boolean;
  takeWord: (word: string) => boolean;
  takeSymbol: (symbol: string) => boolean;
  expectSymbol: (symbol: string) => void;
  expectWord: (word: string) => void;
  name: () => string;
}

function unexpected(token: Token): Error {
  return malformedQuery(token.kind === 'end' ? 'unexpected token: <EOF>' : `unexpected token: '${token.text}'`);
}

function readerOf(tokens: readonly Token[]): Reader {
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '' };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toUpperCase() === word;
  const takeIf = (wanted: boolean): boolean => {
    if (wanted) at += 1;
    return wanted;
  };
  const takeWord = (word: string): boolean => takeIf(isWord(word));
  const takeSymbol = (symbol: string): boolean => takeIf(peek().kind === 'symbol' && peek().text === symbol);
  return {
    peek,
    next,
    isWord,
    takeWord,
    takeSymbol,
    expectSymbol: (symbol) => {
      if (!takeSymbol(symbol)) throw unexpected(peek());
    },
    expectWord: (word) => {
      if (!takeWord(word)) throw unexpected(peek());
    },
    name: () => {
      const token = next();
      if (token.kind !== 'word') throw unexpected(token);
      return token.text;
    },
  };
}

function parseLiteral(reader: Reader): Literal {
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'string', value: token.text, pattern: token.raw };
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
  if (token.kind === 'date' || token.kind === 'datetime') return { kind: token.kind, value: token.text };
  const word = token.kind === 'word' ? token.text.toUpperCase() : '';
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE' };
  if (word === 'NULL') return { kind: 'null' };
  throw unexpected(token);
}

function parseList(reader: Reader): Literal[] {
  reader.expectSymbol('(');
  const literals = [parseLiteral(reader)];
  while (reader.takeSymbol(',')) literals.push(parseLiteral(reader));
  reader.expectSymbol(')');
  return literals;
}

function parseComparison(reader: Reader): Condition {
  const field = reader.name();
  if (reader.takeWord('LIKE')) return { kind: 'compare', field, operator: 'LIKE', literal: parseLiteral(reader) };
  if (reader.takeWord('IN')) return { kind: 'in', field, negated: false, literals: parseList(reader) };
  if (reader.takeWord('NOT')) {
    reader.expectWord('IN');
    return { kind: 'in', field, negated: true, literals: parseList(reader) };
  }
  const token = reader.next();
  if (token.kind !== 'symbol' || !comparisons.has(token.text)) throw unexpected(token);
  const operator = token.text === '<>' ? '!=' : (token.text as Comparison);
  return { kind: 'compare', field, operator, literal: parseLiteral(reader) };
}

function parseTerm(reader: Reader): Condition {
  if (reader.takeWord('NOT')) return { kind: 'not', part: parseTerm(reader) };
  if (!reader.takeSymbol('(')) return parseComparison(reader);
  const inner = parseCondition(reader);
  reader.expectSymbol(')');
  return inner;
}

/** Salesforce refuses AND and OR side by side without parentheses, so a level holds only one of them. */
function parseCondition(reader: Reader): Condition {
  const parts = [parseTerm(reader)];
  const word = reader.isWord('AND') ? 'AND' : 'OR';
  while (reader.takeWord(word)) parts.push(parseTerm(reader));
  if (reader.isWord('AND') || reader.isWord('OR')) throw unexpected(reader.peek());
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: word === 'AND' ? 'and' : 'or', parts };
}

function parseSelected(reader: Reader): Selected {
  const name = reader.name();
  const word = name.toUpperCase();
  if (!reader.takeSymbol('(')) return { kind: 'field', name };
  if (word === 'FIELDS') {
    const group = reader.name().toUpperCase();
    if (group !== 'ALL' && group !== 'STANDARD' && group !== 'CUSTOM') throw malformedQuery(`unexpected token: '${group}'`);
    reader.expectSymbol(')');
    return { kind: 'fields', group };
  }
  if (!aggregates.has(word)) throw malformedQuery(`unknown function: ${name}`);
  const field = reader.takeSymbol(')') ? null : reader.name();
  if (field !== null) reader.expectSymbol(')');
  if (field === null && word !== 'COUNT') throw malformedQuery(`${name} needs a field`);
  const alias = reader.peek().kind === 'word' && !reader.isWord('FROM') ? reader.name() : null;
  return { kind: 'aggregate', name: word as 'COUNT', field, alias };
}

function parseOrderTerm(reader: Reader): OrderTerm {
  const field = reader.name();
  const descending = reader.takeWord('DESC');
  if (!descending) reader.takeWord('ASC');
  let nullsLast = false;
  if (reader.takeWord('NULLS')) {
    nullsLast = reader.takeWord('LAST');
    if (!nullsLast) reader.expectWord('FIRST');
  }
  return { field, descending, nullsLast };
}

function parseCount(reader: Reader): number {
  const token = reader.next();
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw unexpected(token);
  return Number(token.text);
}

/**
 * Reads a SOQL query.
 *
 * Shape:  SELECT fields, FIELDS(…) or aggregates; FROM one object; WHERE; ORDER BY; LIMIT; OFFSET. Keywords in any letter case.
 * Errors: throws the org's MALFORMED_QUERY refusal, naming the first token that does not fit.
 * Source: SOQL and SOSL Reference; nulls come first unless NULLS LAST is given.
 */
export function parseSoql(soql: string): SoqlQuery {
  if (soql.length > 100_000) throw malformedQuery('SOQL statements cannot be longer than 100000 characters.');
  const reader = readerOf(tokenize(soql));
  reader.expectWord('SELECT');
  const select = [parseSelected(reader)];
  while (reader.takeSymbol(',')) select.push(parseSelected(reader));
  reader.expectWord('FROM');
  const from = reader.name();
  const where = reader.takeWord('WHERE') ? parseCondition(reader) : null;
  const orderBy: OrderTerm[] = [];
  if (reader.takeWord('ORDER')) {
    reader.expectWord('BY');
    do orderBy.push(parseOrderTerm(reader));
    while (reader.takeSymbol(','));
  }
  const limit = reader.takeWord('LIMIT') ? parseCount(reader) : null;
  const offset = reader.takeWord('OFFSET') ? parseCount(reader) : null;
  if (reader.peek().kind !== 'end') throw unexpected(reader.peek());
  return { select, from, where, orderBy, limit, offset };
}
