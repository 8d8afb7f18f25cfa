import { reviewMarks, riskNames } from './review.ts';
import { nearestWord } from './nearest-word.ts';
import { transitions } from './transition.ts';

/** Names a filter term may have. The CLI's `--filter`, the app's URL and saved views use the same terms. */
export const filterNames = [
  'kind', 'priority', 'field', 'transition', 'before', 'after', 'rule', 'contributors', 'multi', 'risk', 'shape', 'outlier', 'check', 'severity',
  'decision', 'without', 'progress', 'viewed', 'commented', 'sample', 'since', 'fallen', 'company', 'state', 'key', 'text', 'name',
] as const;
export type FilterName = (typeof filterNames)[number];

export interface FilterTerm {
  name: FilterName;
  value: string;
  negated: boolean;
}

export type FilterParse = { ok: true; terms: FilterTerm[] } | { ok: false; problem: string; isUnknownTerm?: true };

const yesOrNo = ['true', 'false'] as const;

const allowedValues: Partial<Record<FilterName, readonly string[]>> = {
  kind: ['create', 'update'],
  priority: ['P1', 'P2', 'P3'],
  multi: yesOrNo,
  decision: ['none', 'approve', 'hold', 'exclude'],
  rule: ['primary', 'any', 'earliest'],
  severity: ['blocker', 'warning', 'passed'],
  risk: riskNames,
  progress: reviewMarks,
  viewed: yesOrNo,
  outlier: yesOrNo,
  commented: yesOrNo,
  since: ['added', 'changed'],
  fallen: ['approve', 'hold', 'exclude'],
};

/** Values that are made of parts: what they must look like, and how that is said. */
const valueForms: Partial<Record<FilterName, { form: RegExp; words: string }>> = {
  transition: { form: new RegExp(`^[^:]+:(?:${transitions.join('|')})$`, 'u'), words: `FIELD:TRANSITION with one of ${transitions.join(', ')}` },
  before: { form: /^[^=]+=/u, words: 'FIELD=VALUE' },
  after: { form: /^[^=]+=/u, words: 'FIELD=VALUE' },
  contributors: { form: /^[1-9]\d{0,6}\+?$/u, words: 'a number, or a number and + for "so many or more"' },
};

/** The values that a term takes, as it is said; null where any will do. */
export function valuesOf(name: FilterName): string | null {
  return allowedValues[name]?.join(', ') ?? valueForms[name]?.words ?? null;
}

const mostShown = 40;

function unknownWords(name: string, word: string): string {
  const nearest = nearestWord(name, filterNames);
  const shown = word.length > mostShown ? `${word.slice(0, mostShown)}…` : word;
  return `There is no term "${name}", which stands in "${shown}".${nearest === null ? '' : ` The nearest one is "${nearest}".`}`;
}

/**
 * Reads a filter expression: space-separated `name:value` terms, values may be quoted, `-` in front negates.
 *
 * Shape:  the same name given twice means "one of these" when not negated; different names must all hold.
 * Errors: never throws; an unknown name or value gives `ok: false` with what is wrong at which word, and the nearest known name.
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
    if (!name) return { ok: false, problem: unknownWords(match[2] ?? '', match[0].trim()), isUnknownTerm: true };
    const value = match[3] === undefined ? (match[4] ?? '') : match[3].replace(/\\(.)/gu, '$1');
    const allowed = allowedValues[name];
    if (allowed && !allowed.includes(value)) return { ok: false, problem: `The filter term ${name}: takes ${allowed.join(', ')}, not "${value}".` };
    const form = valueForms[name];
    if (form && !form.form.test(value)) return { ok: false, problem: `The filter term ${name}: takes ${form.words}, not "${value}".` };
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
