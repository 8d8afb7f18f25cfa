import type { Facets } from '../../shared/contract.ts';
import { formatFilter, parseFilter, type FilterName } from '../../shared/domain/filter.ts';
import type { PendingItem } from '../../shared/domain/pending-change.ts';
import { reviewMarks, riskNames } from '../../shared/domain/review.ts';
import { hasFallen, sinceOf, transitionsOf } from './fake-shapes.ts';
import { testMapping } from './made-up-changes.ts';

/** The counts beside the filters; each group counts under the filters of the others. */
export function facetsOf(all: (filter: string) => PendingItem[], filter: string, total: number): Facets {
  const parsed = parseFilter(filter);
  const terms = parsed.ok ? parsed.terms : [];
  const matching = all(filter);
  const group = (name: FilterName, values: (items: readonly PendingItem[]) => readonly string[], test: (item: PendingItem, value: string) => boolean, label = (value: string) => value) => {
    const items = terms.some((term) => term.name === name) ? all(formatFilter(terms.filter((term) => term.name !== name))) : matching;
    return values(items).map((value) => ({ value, label: label(value), count: items.filter((item) => test(item, value)).length }));
  };
  const distinct = (of: (item: PendingItem) => readonly (string | null)[]) => (items: readonly PendingItem[]) => [...new Set(items.flatMap(of).filter((value) => value !== null))];
  const label = (field: string) => testMapping.fields.find((mapped) => mapped.field === field)?.label ?? field;
  const yesOrNo = () => ['true', 'false'];
  return {
    matching: matching.length,
    total,
    kind: group('kind', () => ['create', 'update'], (item, value) => item.kind === value),
    priority: group('priority', () => ['P1', 'P2', 'P3'], (item, value) => item.priority === value),
    field: group('field', () => testMapping.fields.map(({ field }) => field), (item, value) => item.changedFields.includes(value), label).filter((fact) => fact.count > 0),
    rule: group('rule', () => ['primary', 'any', 'earliest'], () => true),
    multi: group('multi', yesOrNo, (item, value) => String(item.memberCount > 1) === value),
    check: group('check', () => ['duplicate-key', 'feature-on-disabled-property'], (item, value) => item.checks.includes(value)),
    severity: group('severity', () => ['blocker', 'warning', 'passed'], (item, value) => (value === 'blocker' ? item.blockers > 0 : value === 'warning' ? item.warnings > 0 : item.checks.length === 0)),
    decision: group('decision', () => ['none', 'approve', 'hold', 'exclude'], (item, value) => item.decision === value),
    company: group('company', distinct((item) => [item.company]), (item, value) => item.company === value),
    state: group('state', distinct((item) => [item.state]), (item, value) => item.state === value),
    viewed: matching.filter((item) => item.mark !== 'unseen').length,
    progress: group('progress', () => reviewMarks, (item, value) => item.mark === value),
    transition: group('transition', distinct(transitionsOf), (item, value) => transitionsOf(item).includes(value)),
    risk: group('risk', () => riskNames, (item, value) => (item.blockers > 0 ? value === 'blocker' : item.priority.toLowerCase() === value)),
    outlier: group('outlier', yesOrNo, (item, value) => String(item.isOutlier) === value),
    without: group('without', distinct((item) => item.without), (item, value) => item.without.includes(value), label),
    since: group('since', () => ['added', 'changed'], (item, value) => sinceOf(item) === value),
    fallen: group('fallen', () => ['approve', 'hold', 'exclude'], (item, value) => value === 'approve' && hasFallen(item)),
  };
}
