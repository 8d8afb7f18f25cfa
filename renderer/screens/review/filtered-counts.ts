import type { Facets } from '../../../shared/contract.ts';
import { parseFilter, type FilterName, type FilterTerm } from '../../../shared/domain/filter.ts';
import type { DecisionState } from '../../../shared/domain/pending-change.ts';

function termsOf(filter: string, name: FilterName): FilterTerm[] {
  const parsed = parseFilter(filter);
  return parsed.ok ? parsed.terms.filter((term) => term.name === name) : [];
}

/**
 * How the records of a filter are decided.
 *
 * Shape: the counts of one filter are under all the others, so those of decisions that the filter does not let through are taken out.
 */
export function decidedIn(facets: Facets, filter: string): Record<DecisionState, number> {
  const terms = termsOf(filter, 'decision');
  const wanted = terms.filter((term) => !term.negated).map((term) => term.value);
  const unwanted = terms.filter((term) => term.negated).map((term) => term.value);
  const of = (decision: DecisionState) => ((wanted.length > 0 && !wanted.includes(decision)) || unwanted.includes(decision) ? 0 : (facets.decision.find((fact) => fact.value === decision)?.count ?? 0));
  return { none: of('none'), approve: of('approve'), hold: of('hold'), exclude: of('exclude') };
}

/** How many records of a filter have a blocker; null where its own terms hide that. */
export function blockedIn(facets: Facets, filter: string): number | null {
  if (termsOf(filter, 'severity').length === 0) return facets.severity.find((fact) => fact.value === 'blocker')?.count ?? 0;
  return termsOf(filter, 'risk').length === 0 ? (facets.risk.find((fact) => fact.value === 'blocker')?.count ?? 0) : null;
}

/** The records of a filter that are not approved yet. */
export function unapprovedOf(filter: string): string {
  return `${filter} -decision:approve`.trim();
}
