/** Names a filter term may have. The CLI's `--filter`, the app's URL and saved views use the same terms. */
export const filterNames = ['kind', 'priority', 'field', 'multi', 'shape', 'check', 'decision', 'company', 'state', 'key', 'text', 'name', 'rule', 'severity', 'viewed'] as const;
export type FilterName = (typeof filterNames)[number];

export interface FilterTerm {
  name: FilterName;
  value: string;
  negated: boolean;
}

export type FilterParse = { ok: true; terms: FilterTerm[] } | { ok: false; problem: string };

const allowedValues: Partial<Record<FilterName, readonly string[]>> = {
  kind: ['create', 'update'],
  priority: ['P1', 'P2', 'P3'],
  multi: ['true', 'false'],
  decision: ['none', 'approve', 'hold', 'exclude'],
  rule: ['primary', 'any', 'earliest'],
  severity: ['blocker', 'warning', 'passed'],
  viewed: ['true', 'false'],
};

/**
 * Reads a filter expression: space-separated `name:value` terms, values may be quoted, `-` in front negates.
 *
 * Shape:  the same name given twice means "one of these" when not negated; different names must all hold.
 * Errors: never throws; an unknown name or value gives `ok: false` with one sentence.
 */
export function parseFilter(expression: string): FilterParse {
  const terms: FilterTerm[] = [];
  const pattern = /\s*(-?)([a-zA-Z]+):(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)/uy;
  let position = 0;
  while (expression.slice(position).trim() !== '') {
    pattern.lastIndex = position;
    const match = pattern.exec(expression);
    if (!match) return { ok: false, problem: `The filter cannot be read at "${expression.slice(position).trim().slice(0, 40)}". Terms look like name:value.` };
    position = pattern.lastIndex;
    const name = filterNames.find((known) => known === match[2]);
    if (!name) return { ok: false, problem: `The filter has no term "${match[2]}". Known terms: ${filterNames.join(', ')}.` };
    const value = match[3] === undefined ? (match[4] ?? '') : match[3].replace(/\\(.)/gu, '$1');
    const allowed = allowedValues[name];
    if (allowed && !allowed.includes(value)) return { ok: false, problem: `The filter term ${name}: takes ${allowed.join(', ')}, not "${value}".` };
    terms.push({ name, value, negated: match[1] === '-' });
  }
  return { ok: true, terms };
}

/** Writes terms as an expression that `parseFilter` reads back to the same terms. */
export function formatFilter(terms: readonly FilterTerm[]): string {
  return terms.map((term) => `${term.negated ? '-' : ''}${term.name}:${quoteValue(term.value)}`).join(' ');
}

function quoteValue(value: string): string {
  return /^[^\s"\\]+$/u.test(value) ? value : `"${value.replace(/["\\]/gu, '\\$&')}"`;
}
