import { parseFilter, type FilterName, type FilterTerm } from '../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { foldText } from './fold-text.ts';

/** A condition over `p` (pending), `d` (its decision in force) and `v` (its viewed mark). */
export interface FilterSql {
  where: string;
  params: unknown[];
  /** True when the condition speaks of `d`. */
  usesDecision: boolean;
  /** True when the condition speaks of `v`. */
  usesViewed: boolean;
}

interface Condition {
  sql: string;
  params: unknown[];
}

/**
 * Reads a filter expression into its terms.
 *
 * Errors: throws `invalid-input` with the sentence of `parseFilter`.
 */
export function readFilter(expression: string): FilterTerm[] {
  const parsed = parseFilter(expression);
  if (!parsed.ok) throw new AppFailure('invalid-input', parsed.problem, { filter: expression });
  return parsed.terms;
}

/**
 * Writes filter terms as a condition of SQL.
 *
 * Shape:  the same name given twice without `-` means one of these; everything else must hold together. Conditions are
 *         never NULL, so that negation is exact. No terms give `1`.
 * Errors: throws `invalid-input` for a field that the mapping does not have, `not-available-here` for `shape:`.
 */
export function compileFilter(terms: readonly FilterTerm[], mapping: Mapping): FilterSql {
  const wanted = new Map<FilterName, Condition[]>();
  const all: Condition[] = [];
  for (const term of terms) {
    const condition = conditionOf(term, mapping);
    if (term.negated) all.push({ sql: `NOT ${condition.sql}`, params: condition.params });
    else wanted.set(term.name, [...(wanted.get(term.name) ?? []), condition]);
  }
  for (const alternatives of wanted.values()) {
    all.push({ sql: `(${alternatives.map(({ sql }) => sql).join(' OR ')})`, params: alternatives.flatMap(({ params }) => params) });
  }
  return {
    where: all.length === 0 ? '1' : all.map(({ sql }) => sql).join(' AND '),
    params: all.flatMap(({ params }) => params),
    usesDecision: terms.some(({ name }) => name === 'decision'),
    usesViewed: terms.some(({ name }) => name === 'viewed'),
  };
}

function conditionOf({ name, value }: FilterTerm, mapping: Mapping): Condition {
  switch (name) {
    case 'kind':
      return { sql: '(p.kind = ?)', params: [value] };
    case 'priority':
      return { sql: '(p.priority = ?)', params: [value] };
    case 'key':
      return { sql: '(p.key = ?)', params: [value] };
    case 'company':
      return { sql: '(p.company IS ?)', params: [value === '' ? null : value] };
    case 'state':
      return { sql: '(p.state IS ?)', params: [value === '' ? null : value] };
    case 'multi':
      return { sql: value === 'true' ? '(p.member_count > 1)' : '(p.member_count <= 1)', params: [] };
    case 'field':
      return { sql: '((p.changed_mask & ?) <> 0)', params: [maskOfField(value, mapping)] };
    case 'rule':
      return { sql: '((p.changed_mask & ?) <> 0)', params: [maskWhere(mapping, ({ rule }) => rule === value)] };
    case 'check':
      return { sql: '(instr(p.check_ids, ?) > 0)', params: [`|${value}|`] };
    case 'severity':
      if (value === 'blocker') return { sql: '(p.blockers > 0)', params: [] };
      if (value === 'warning') return { sql: '(p.warnings > 0)', params: [] };
      return { sql: '(p.blockers = 0 AND p.warnings = 0)', params: [] };
    case 'text':
      return { sql: '(instr(p.search_text, ?) > 0)', params: [foldText(value)] };
    case 'name':
      return { sql: '(instr(p.sort_name, ?) > 0)', params: [foldText(value)] };
    case 'decision':
      return { sql: "(COALESCE(d.decision, 'none') = ?)", params: [value] };
    case 'viewed':
      return { sql: value === 'true' ? '(v.key IS NOT NULL)' : '(v.key IS NULL)', params: [] };
    default:
      throw new AppFailure('not-available-here', `Records cannot be filtered by ${name} yet.`, { term: name });
  }
}

/** The bits of the mapped fields for which the test holds; bit i is field i of the mapping. */
export function maskWhere(mapping: Mapping, test: (field: Mapping['fields'][number]) => boolean): number {
  return mapping.fields.reduce((mask, field, position) => (test(field) ? mask | (1 << position) : mask), 0);
}

function maskOfField(name: string, mapping: Mapping): number {
  const mask = maskWhere(mapping, ({ field }) => field === name);
  if (mask !== 0) return mask;
  throw new AppFailure('invalid-input', `The mapping has no field "${name}". Its fields are ${mapping.fields.map(({ field }) => field).join(', ')}.`, { field: name });
}

/** The joins that give `d` and `v`; `ledger` is the name under which the ledger is attached. */
export const decisionJoin = (ledger: string): string =>
  `LEFT JOIN ${ledger}.decision d ON d.key = p.key AND d.kind = p.kind AND d.content_hash = p.content_hash`;
export const viewedJoin = (ledger: string): string =>
  `LEFT JOIN ${ledger}.review_mark v ON v.key = p.key AND v.kind = p.kind AND v.content_hash = p.content_hash AND v.mark <> 'unseen'`;

/** Only the joins that a condition needs. */
export function joinsOf(ledger: string, uses: Pick<FilterSql, 'usesDecision' | 'usesViewed'>): string {
  return `${uses.usesDecision ? decisionJoin(ledger) : ''} ${uses.usesViewed ? viewedJoin(ledger) : ''}`;
}
