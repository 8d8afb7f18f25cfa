import type { Facets } from '../../../../../shared/contract.ts';
import { checkIds } from '../../../../core/checks/catalog.ts';
import type { FilterName, FilterTerm } from '../../../../../shared/domain/filter.ts';
import { rules } from '../../../../../shared/domain/mapping.ts';
import { decisionStates, kinds, priorities } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks, riskNames } from '../../../../../shared/domain/review.ts';
import { transitions } from '../../../../../shared/domain/transition.ts';
import { maskWhere } from '../field-mask.ts';
import { countMask, tally, type Mask } from './masks.ts';
import type { Review } from './review.ts';
import type { ReviewClass } from './review-class.ts';
import type { ValueColumn } from './review-index.ts';
import { sinceStates } from './write-review.ts';

type Fact = Facets['kind'][number];

const mostCompanies = 50;

/**
 * Counts the pending changes by facet. A facet's counts follow the filter without that facet's own terms, so that choosing
 * one value does not make the others vanish.
 *
 * Shape:  values with a count of 0 are left out, except where the list is short and fixed.
 */
export function countFacets(review: Review, terms: readonly FilterTerm[]): Facets {
  const { mapping, index } = review;
  const state = review.state();
  const without = (name: FilterName): FilterTerm[] => terms.filter((term) => term.name !== name || term.negated);
  const classTallies = new Map<Mask, Uint32Array>();
  const byClass = (name: FilterName): Uint32Array => {
    const mask = review.match(without(name));
    const counts = classTallies.get(mask) ?? tally(mask, index.classOf, index.classes.length);
    classTallies.set(mask, counts);
    return counts;
  };
  const sum = (name: FilterName, holds: (one: ReviewClass, at: number) => boolean): number => {
    const counts = byClass(name);
    return index.classes.reduce((total, one, at) => (holds(one, at) ? total + (counts[at] as number) : total), 0);
  };
  const fixed = (name: FilterName, values: readonly string[], holds: (one: ReviewClass, value: string, at: number) => boolean): Fact[] =>
    values.map((value) => fact(value, value, sum(name, (one, at) => holds(one, value, at))));
  const byPlace = (name: FilterName, column: Uint8Array | Uint32Array, names: readonly (string | null)[], shown: readonly string[]): Fact[] => {
    const counts = tally(review.match(without(name)), column, names.length);
    return shown.map((value) => fact(value, value, counts[names.indexOf(value)] as number));
  };
  const matching = review.match(terms);
  const viewed = tally(matching, state.mark, reviewMarks.length);
  return {
    matching: review.count(terms),
    total: index.count,
    kind: fixed('kind', kinds, ({ kind }, value) => kind === value),
    priority: fixed('priority', priorities, ({ priority }, value) => priority === value),
    field: present(mapping.fields.map(({ field, label }, at) => fact(field, label, sum('field', ({ changedMask }) => (changedMask & (1 << at)) !== 0)))),
    rule: present(rules.map((rule) => {
      const mask = maskWhere(mapping, (field) => field.rule === rule);
      return fact(rule, rule, sum('rule', ({ changedMask }) => (changedMask & mask) !== 0));
    })),
    multi: fixed('multi', ['true', 'false'], ({ isMulti }, value) => isMulti === (value === 'true')),
    check: byCount(present(checkIds.map((id) => fact(id, id, sum('check', ({ checks }) => checks.includes(id)))))),
    severity: present([
      fact('blocker', 'blocker', sum('severity', ({ isBlocked }) => isBlocked)),
      fact('warning', 'warning', sum('severity', ({ hasWarning }) => hasWarning)),
      fact('passed', 'passed', sum('severity', ({ isBlocked, hasWarning }) => !isBlocked && !hasWarning)),
    ]),
    risk: fixed('risk', riskNames, ({ risk }, value) => riskNames[risk] === value),
    outlier: fixed('outlier', ['true', 'false'], (_, value, at) => (index.outliers[at] ?? []).length > 0 === (value === 'true')),
    decision: byPlace('decision', state.decision, decisionStates, decisionStates),
    progress: byPlace('progress', state.mark, reviewMarks, reviewMarks),
    without: withoutFacts(review, review.match(without('without')), state.without),
    since: byPlace('since', index.since, sinceStates, ['added', 'changed']),
    fallen: byPlace('fallen', state.fallen, decisionStates, ['approve', 'hold', 'exclude']),
    company: byValue(index.company, review.match(without('company'))).slice(0, mostCompanies),
    state: byValue(index.state, review.match(without('state'))),
    transition: transitionFacts(review, byClass('transition')),
    viewed: reviewMarks.reduce((total, mark, at) => (mark === 'unseen' ? total : total + (viewed[at] as number)), 0),
  };
}

function transitionFacts({ mapping, index }: Review, counts: Uint32Array): Fact[] {
  const sums = new Uint32Array(mapping.fields.length * transitions.length);
  index.classes.forEach((one, at) => {
    one.transitions.forEach((transition, field) => {
      if (transition !== null) (sums[field * transitions.length + transitions.indexOf(transition)] as number) += counts[at] as number;
    });
  });
  return present(mapping.fields.flatMap(({ field, label }, at) => transitions.map((transition, place) => fact(`${field}:${transition}`, `${label}: ${transition}`, sums[at * transitions.length + place] as number))));
}

function withoutFacts({ mapping }: Review, mask: Mask, excluded: ReadonlyMap<string, Mask>): Fact[] {
  return present(mapping.fields.map(({ field, label }) => {
    const left = excluded.get(field);
    return fact(field, label, left === undefined ? 0 : countMask(mask.map((bit, place) => bit & (left[place] as number))));
  }));
}

function byValue({ ids, values }: ValueColumn, mask: Mask): Fact[] {
  const counts = tally(mask, ids, values.length);
  return byCount(present(values.map((value, id) => fact(value ?? '', value ?? '(blank)', counts[id] as number))));
}

function fact(value: string, label: string, count: number): Fact {
  return { value, label, count };
}

function present(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ count }) => count > 0);
}

function byCount(facts: Fact[]): Fact[] {
  return facts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
