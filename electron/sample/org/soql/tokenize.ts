import { OrgRefusal } from '../org-refusal.ts';

export type Token =
  | { kind: 'word'; text: string }
  | { kind: 'symbol'; text: string }
  | { kind: 'string'; text: string; raw: string }
  | { kind: 'number'; text: string }
  | { kind: 'date'; text: string }
  | { kind: 'datetime'; text: string }
  | { kind: 'end'; text: '' };

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', "'": "'", '"': '"', '\\': '\\' };

const patterns = {
  space: /\s+/y,
  word: /[A-Za-z_][A-Za-z0-9_.]*/y,
  datetime: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})/y,
  date: /\d{4}-\d{2}-\d{2}(?![\dT])/y,
  number: /[+-]?(?:\d+\.?\d*|\.\d+)/y,
  string: /'((?:[^'\\]|\\[^])*)'/y,
  symbol: /!=|<>|<=|>=|[=<>(),]/y,
};

/** The refusal of a query that cannot be read. */
export function malformedQuery(message: string): OrgRefusal {
  return new OrgRefusal(400, 'MALFORMED_QUERY', message);
}

/** Resolves the backslash escapes of a string literal; `keepPatternEscapes` leaves `\%` and `\_` for LIKE. */
function unescape(raw: string, keepPatternEscapes: boolean): string {
  return raw.replace(/\\(u[0-9A-Fa-f]{4}|[^])/g, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === '%' || code === '_') return keepPatternEscapes ? whole : code;
    if (keepPatternEscapes && code === '\\') return '\\\\';
    const plain = escapes[code.toLowerCase()];
    if (plain === undefined) throw malformedQuery(`Illegal character sequence '\\${code}' in string literal`);
    return plain;
  });
}

/**
 * Splits a SOQL text into tokens, ending with one of kind `end`.
 *
 * Shape:  `text` of a string is its value; `raw` is the same with `\%`, `\_` and `\\` still escaped, as LIKE needs it.
 * Errors: throws the org's MALFORMED_QUERY refusal at the first character that begins no token.
 */
export function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(soql);
    if (match) at += match[0].length;
    return match;
  };
  while (at < soql.length) {
    if (take(patterns.space)) continue;
    const string = take(patterns.string);
    if (string) {
      const raw = string[1] ?? '';
      tokens.push({ kind: 'string', text: unescape(raw, false), raw: unescape(raw, true) });
      continue;
    }
    const kinds = ['word', 'datetime', 'date', 'number', 'symbol'] as const;
    const kind = kinds.find((candidate) => {
      const match = take(patterns[candidate]);
      if (match) tokens.push({ kind: candidate, text: match[0] });
      return match !== null;
    });
    if (!kind) throw malformedQuery(`unexpected token: '${soql.charAt(at)}' at position ${at}`);
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}
