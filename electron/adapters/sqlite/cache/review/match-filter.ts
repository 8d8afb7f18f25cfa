import type { FilterName, FilterTerm } from '../../../../../shared/domain/filter.ts';
import { conditionOf, type Condition, type Sources } from './conditions.ts';
import type { Mask } from './masks.ts';

/** Names whose terms follow the ledger; what they select changes without a new snapshot. */
const ledgerNames: ReadonlySet<FilterName> = new Set(['decision', 'without', 'progress', 'viewed', 'commented', 'sample', 'fallen']);
const bodyNames: ReadonlySet<FilterName> = new Set(['before', 'after']);

/** Decides terms about values; `among` are the records of which it is asked. */
export type BodyMatch = (term: FilterTerm, among: Mask) => Mask;

/** True when the records of a filter can change while the snapshot stays. */
export function followsLedger(terms: readonly FilterTerm[]): boolean {
  return terms.some(({ name }) => ledgerNames.has(name));
}

/**
 * Finds the records that a filter names.
 *
 * Shape:  the same name given twice without `-` means one of these; everything else must hold together. No terms: all records.
 *         What needs the bodies of records is asked last, of those that are left.
 * Errors: throws `invalid-input` for a field that the mapping does not have.
 */
export function matchFilter(terms: readonly FilterTerm[], sources: Sources, matchBodies: BodyMatch): Mask {
  const mask = new Uint8Array(sources.index.count).fill(1);
  const groups = groupTerms(terms);
  const isBody = ([first]: readonly FilterTerm[]): boolean => first !== undefined && bodyNames.has(first.name);
  for (const group of groups.filter((group) => !isBody(group))) narrow(mask, anyOf(group.map((term) => conditionOf(term, sources))), group[0]?.negated === true);
  for (const group of groups.filter(isBody)) {
    const conditions = group.map((term): Condition => ({ mask: matchBodies(term, mask) }));
    narrow(mask, anyOf(conditions), group[0]?.negated === true);
  }
  return mask;
}

/** Terms of which one must hold, and each negated one by itself. */
function groupTerms(terms: readonly FilterTerm[]): FilterTerm[][] {
  const wanted = new Map<FilterName, FilterTerm[]>();
  for (const term of terms) if (!term.negated) wanted.set(term.name, [...(wanted.get(term.name) ?? []), term]);
  return [...wanted.values(), ...terms.filter(({ negated }) => negated).map((term) => [term])];
}

/** Conditions of one name speak of the same column, or of masks. */
function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.reduce((all, one) => {
    if ('mask' in all && 'mask' in one) return { mask: all.mask.map((bit, place) => bit | (one.mask[place] as number)) };
    if ('column' in all && 'column' in one) return { column: all.column, allowed: all.allowed.map((bit, value) => bit | (one.allowed[value] as number)) };
    throw new Error('Terms of one name are decided in one way.');
  });
}

function narrow(mask: Mask, condition: Condition, isNegated: boolean): void {
  const flip = isNegated ? 1 : 0;
  if ('mask' in condition) {
    for (let place = 0; place < mask.length; place += 1) (mask[place] as number) &= (condition.mask[place] as number) ^ flip;
    return;
  }
  const { column, allowed } = condition;
  for (let place = 0; place < mask.length; place += 1) (mask[place] as number) &= (allowed[column[place] as number] as number) ^ flip;
}
