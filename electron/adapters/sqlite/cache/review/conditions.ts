import type { FilterTerm } from '../../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../../shared/domain/mapping.ts';
import { decisionStates } from '../../../../../shared/domain/pending-change.ts';
import { reviewMarks, riskNames } from '../../../../../shared/domain/review.ts';
import { maskWhere } from '../field-mask.ts';
import { foldText } from '../fold-text.ts';
import { fieldPlace, splitValue } from './field-terms.ts';
import { addTextHits, addValueHits } from './find-text.ts';
import type { LedgerState } from './ledger-state.ts';
import type { Mask } from './masks.ts';
import type { ReviewClass } from './review-class.ts';
import type { ReviewIndex, ValueColumn } from './review-index.ts';
import { sinceStates } from './write-review.ts';

/** What one term asks of each record: that its value in a column is an allowed one, or that it is in a mask. */
export type Condition = { column: Uint32Array | Uint8Array; allowed: Uint8Array } | { mask: Mask };

/** What terms are decided by. */
export interface Sources {
  mapping: Mapping;
  index: ReviewIndex;
  state: LedgerState;
  /** The records with this key, of either kind. */
  withKey(key: string): readonly number[];
  /** The records that a draw holds. */
  drawn(id: string): Mask;
}

/**
 * Says what one term asks.
 *
 * Shape:  everything but `before` and `after`, which are in the bodies of the records.
 * Errors: throws `invalid-input` for a field that the mapping does not have.
 */
export function conditionOf({ name, value }: FilterTerm, sources: Sources): Condition {
  const { mapping, index, state } = sources;
  const byClass = (holds: (one: ReviewClass, at: number) => boolean): Condition => ({
    column: index.classOf,
    allowed: Uint8Array.from(index.classes, (one, at) => (holds(one, at) ? 1 : 0)),
  });
  const isTrue = value === 'true';
  switch (name) {
    case 'kind':
    case 'priority':
    case 'shape':
      return byClass((one) => one[name] === value);
    case 'multi':
      return byClass(({ isMulti }) => isMulti === isTrue);
    case 'risk':
      return byClass(({ risk }) => riskNames[risk] === value);
    case 'outlier':
      return byClass((_, at) => ((index.outliers[at] ?? []).length > 0) === isTrue);
    case 'check':
      return byClass(({ checks }) => checks.includes(value));
    case 'severity':
      if (value === 'blocker') return byClass(({ isBlocked }) => isBlocked);
      if (value === 'warning') return byClass(({ hasWarning }) => hasWarning);
      return byClass(({ isBlocked, hasWarning }) => !isBlocked && !hasWarning);
    case 'field': {
      const bit = 1 << fieldPlace(mapping, value);
      return byClass(({ changedMask }) => (changedMask & bit) !== 0);
    }
    case 'rule': {
      const bits = maskWhere(mapping, ({ rule }) => rule === value);
      return byClass(({ changedMask }) => (changedMask & bits) !== 0);
    }
    case 'transition': {
      const [field, transition] = splitValue(value, ':');
      const place = fieldPlace(mapping, field);
      return byClass(({ transitions }) => transitions[place] === transition);
    }
    case 'company':
    case 'state':
      return byValue(index[name], value);
    case 'contributors':
      return byNumber(index.contributors, value);
    case 'decision':
    case 'fallen':
      return byPlace(state[name], decisionStates, (one) => one === value);
    case 'progress':
      return byPlace(state.mark, reviewMarks, (one) => one === value);
    case 'viewed':
      return byPlace(state.mark, reviewMarks, (one) => (one !== 'unseen') === isTrue);
    case 'since':
      return byPlace(index.since, sinceStates, (one) => one === value);
    case 'commented':
      return { column: state.commented, allowed: Uint8Array.of(isTrue ? 0 : 1, isTrue ? 1 : 0) };
    case 'without':
      fieldPlace(mapping, value);
      return { mask: state.without.get(value) ?? new Uint8Array(index.count) };
    case 'key': {
      const mask = new Uint8Array(index.count);
      for (const place of sources.withKey(value)) mask[place] = 1;
      return { mask };
    }
    case 'sample':
      return { mask: sources.drawn(value) };
    case 'text':
    case 'name':
      return { mask: textMask(index, name, foldText(value)) };
    case 'before':
    case 'after':
      throw new Error('Terms about values are decided by the bodies of the records.');
  }
}

function byPlace<T>(column: Uint32Array | Uint8Array, names: readonly T[], holds: (name: T) => boolean): Condition {
  return { column, allowed: Uint8Array.from(names, (name) => (holds(name) ? 1 : 0)) };
}

function byValue({ ids, values }: ValueColumn, wanted: string): Condition {
  return byPlace(ids, values, (value) => (value ?? '') === wanted);
}

/** `3`, or `5+` for five and more. */
function byNumber(column: Uint32Array, wanted: string): Condition {
  const number = Number.parseInt(wanted, 10);
  let most = 0;
  for (let place = 0; place < column.length; place += 1) most = Math.max(most, column[place] as number);
  const allowed = new Uint8Array(most + 1);
  if (wanted.endsWith('+')) allowed.fill(1, Math.min(number, allowed.length));
  else if (number <= most) allowed[number] = 1;
  return { column, allowed };
}

function textMask(index: ReviewIndex, name: 'text' | 'name', wanted: string): Mask {
  const mask = new Uint8Array(index.count);
  if (wanted === '') return mask.fill(1);
  addTextHits(mask, index.name, wanted);
  if (name === 'name') return mask;
  addTextHits(mask, index.text, wanted);
  addValueHits(mask, index.company, wanted);
  addValueHits(mask, index.city, wanted);
  return mask;
}
