import type { Facets } from '../../../../shared/contract.ts';
import { formatFilter, type FilterName, type FilterTerm } from '../../../../shared/domain/filter.ts';
import { rules, type Mapping } from '../../../../shared/domain/mapping.ts';
import { decisionStates, kinds, priorities } from '../../../../shared/domain/pending-change.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { compileFilter, decisionJoin, joinsOf, maskWhere, viewedJoin } from './filter-sql.ts';

type Fact = Facets['kind'][number];

/** Matching changes that are alike in all that most facets count. */
interface Alike {
  kind: string;
  priority: string;
  changed: number;
  on: number;
  isMulti: number;
  checks: string;
  severity: string;
  decision: string;
  viewed: number;
  count: number;
}

const mostCompanies = 50;

/**
 * Counts the pending changes by facet. A facet's counts follow the filter without that facet's own terms, so that choosing
 * one value does not make the others vanish.
 *
 * Shape:  values with a count of 0 are left out, except where the list is short and fixed.
 */
export function countFacets(db: SqliteDatabase, ledger: string, mapping: Mapping, terms: readonly FilterTerm[]): Facets {
  const known = new Map<string, Alike[]>();
  const without = (name: FilterName | null): FilterTerm[] => terms.filter((term) => term.name !== name || term.negated);
  const alike = (name: FilterName | null): Alike[] => {
    const kept = without(name);
    const expression = formatFilter(kept);
    const rows = known.get(expression) ?? groupAlike(db, ledger, mapping, kept);
    known.set(expression, rows);
    return rows;
  };
  const matching = alike(null);
  const fixed = (name: FilterName, values: readonly string[], of: (row: Alike) => string): Fact[] => {
    const counts = tally(alike(name), (row) => [of(row)]);
    return values.map((value) => ({ value, label: value, count: counts.get(value) ?? 0 }));
  };
  const total = db.prepare('SELECT COUNT(*) FROM pending').pluck().get() as number;
  return {
    matching: sum(matching),
    total,
    kind: fixed('kind', kinds, ({ kind }) => kind),
    priority: fixed('priority', priorities, ({ priority }) => priority),
    field: mapping.fields.flatMap(({ field, label }, position) => fact(field, label, alike('field'), ({ changed }) => (changed & (1 << position)) !== 0)),
    rule: rules.flatMap((rule) => {
      const mask = maskWhere(mapping, (field) => field.rule === rule);
      return fact(rule, rule, alike('rule'), ({ changed }) => (changed & mask) !== 0);
    }),
    multi: fixed('multi', ['true', 'false'], ({ isMulti }) => (isMulti === 1 ? 'true' : 'false')),
    check: byCount(tally(alike('check'), ({ checks }) => checks.split('|').filter((id) => id !== ''))),
    severity: severityFacts(alike('severity')),
    decision: fixed('decision', decisionStates, ({ decision }) => decision),
    company: byColumn(db, ledger, mapping, 'company', without('company'), mostCompanies),
    state: byColumn(db, ledger, mapping, 'state', without('state'), -1),
    viewed: sum(matching.filter(({ viewed }) => viewed === 1)),
    transition: [],
    risk: [],
    outlier: [],
    progress: [],
    without: [],
    since: [],
    fallen: [],
  };
}

function groupAlike(db: SqliteDatabase, ledger: string, mapping: Mapping, terms: readonly FilterTerm[]): Alike[] {
  const filter = compileFilter(terms, mapping);
  return db
    .prepare(
      `SELECT p.kind, p.priority, p.changed_mask AS changed, p.on_mask AS "on", p.member_count > 1 AS isMulti, p.check_ids AS checks,
         (p.blockers > 0) || ',' || (p.warnings > 0) AS severity,
         COALESCE(d.decision, 'none') AS decision, v.key IS NOT NULL AS viewed, COUNT(*) AS count
       FROM pending p ${decisionJoin(ledger)} ${viewedJoin(ledger)} WHERE ${filter.where} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`,
    )
    .all(...filter.params) as Alike[];
}

function severityFacts(rows: readonly Alike[]): Fact[] {
  return [
    ...fact('blocker', 'blocker', rows, ({ severity }) => severity.startsWith('1')),
    ...fact('warning', 'warning', rows, ({ severity }) => severity.endsWith('1')),
    ...fact('passed', 'passed', rows, ({ severity }) => severity === '0,0'),
  ];
}

function fact(value: string, label: string, rows: readonly Alike[], holds: (row: Alike) => boolean): Fact[] {
  const count = sum(rows.filter(holds));
  return count === 0 ? [] : [{ value, label, count }];
}

function sum(rows: readonly Alike[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function tally(rows: readonly Alike[], values: (row: Alike) => readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + row.count);
  return counts;
}

function byCount(counts: ReadonlyMap<string, number>): Fact[] {
  return [...counts].map(([value, count]) => ({ value, label: value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function byColumn(db: SqliteDatabase, ledger: string, mapping: Mapping, column: 'company' | 'state', terms: readonly FilterTerm[], limit: number): Fact[] {
  const filter = compileFilter(terms, mapping);
  const rows = db
    .prepare(`SELECT COALESCE(p.${column}, '') AS value, COUNT(*) AS count FROM pending p ${joinsOf(ledger, filter)} WHERE ${filter.where} GROUP BY p.${column} ORDER BY 2 DESC, 1 LIMIT ?`)
    .all(...filter.params, limit) as { value: string; count: number }[];
  return rows.map(({ value, count }) => ({ value, label: value === '' ? '(blank)' : value, count }));
}
