import type { MappedField } from '../../shared/domain/mapping.ts';
import { whatIfSteps, type WhatIf, type WhatIfDraft, type WhatIfProgress, type WhatIfRecord, type WhatIfSide, type WhatIfState } from '../../shared/domain/what-if.ts';
import { number, plural, ruleWords, sentenceCase } from '../words.ts';

export const whatIfStepWords: Record<WhatIfProgress['step'], string> = {
  load: 'Cached rows into a scratch copy',
  'plan-a': 'Plan A, the views as they are',
  'plan-b': 'Plan B, the draft',
  compare: 'Both plans, record by record',
};

export const whatIfStateWords: Record<WhatIfState, string> = { enter: 'Enter', leave: 'Leave', change: 'Change' };

/** What each part of the difference means. */
export const whatIfStateMeanings: Record<WhatIfState, string> = { enter: 'pending in plan B only', leave: 'pending in plan A only', change: 'pending in both, with other content' };

/** Of a record that cannot be opened in Review. */
export const notPendingWords = 'not pending under today’s rules';

const sideWords: Record<WhatIfSide, string> = {
  TRUE: 'TRUE',
  FALSE: 'FALSE',
  blank: 'blank',
  value: 'a value',
  other: 'another value',
  date: 'a date',
  earlier: 'an earlier date',
  later: 'a later date',
  absent: 'not in the plan',
  present: 'in the plan',
  fewer: 'fewer',
  more: 'more',
};

/** What a kind of difference is in plan A and in plan B. Of contributors, a number says more than a value. */
export function sidesOf({ field, a, b }: Pick<WhatIf['kinds'][number], 'field' | 'a' | 'b'>): { a: string; b: string } {
  if (field === 'contributors' && a === 'value') return { a: 'these', b: b === 'other' ? 'others' : sideWords[b] };
  return { a: sideWords[a], b: sideWords[b] };
}

/** Share of a whole comparison that is done, by steps. */
export function whatIfShare(progress: WhatIfProgress | null): number {
  if (!progress) return 0;
  const within = progress.total === null || progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  return (whatIfSteps.indexOf(progress.step) + within) / whatIfSteps.length;
}

/** How far the running step is. */
export function whatIfCounts({ done, total }: WhatIfProgress): string {
  if (total === null) return done === 0 ? '' : number(done);
  return `${number(done)} of ${number(total)}`;
}

/** Whether both plans are the same, value for value. */
export function isSame({ enter, leave, change }: Pick<WhatIf, WhatIfState>): boolean {
  return enter + leave + change === 0;
}

/** Both sums, written out, and whether each is the number that its plan has. */
export function sumsOf({ a, b, unchanged, enter, leave, change }: WhatIf): { a: string; b: string; addsUp: boolean } {
  const sum = (letter: string, other: number, total: number): string => {
    const found = unchanged + change + other;
    const written = `${letter}: ${number(unchanged)} + ${number(change)} + ${number(other)} = ${number(found)}`;
    return found === total ? `${written}.` : `${written}, but the plan has ${number(total)}.`;
  };
  return { a: sum('A', leave, a.total), b: sum('B', enter, b.total), addsUp: unchanged + change + leave === a.total && unchanged + change + enter === b.total };
}

/** What would become of the plan, from its numbers alone. */
export function consequenceOf({ a, b }: Pick<WhatIf, 'a' | 'b'>): string {
  const move = (name: string, from: number, to: number): string => `${name} would ${to < from ? 'shrink' : 'grow'} from ${number(from)} to ${number(to)}.`;
  const [p1, p2] = [a.p1 !== b.p1, a.p2 !== b.p2];
  const moves = [...(p1 ? [move('P1', a.p1, b.p1)] : []), ...(p2 ? [move('P2', a.p2, b.p2)] : [])];
  if (moves.length > 0) return moves.join(' ');
  if (a.total !== b.total) return `${move('The plan', a.total, b.total)} P1 and P2 would keep their numbers.`;
  return `The plan would keep its ${plural(a.total, 'record')}, ${number(a.p1)} in P1 and ${number(a.p2)} in P2, with other content.`;
}

/** How many rows more or fewer plan B has, with its sign. */
export function rowsChangeOf({ a, b }: { a: number; b: number }): string {
  if (a === b) return 'none';
  return b > a ? `+${number(b - a)}` : `−${number(a - b)}`;
}

/** What is said aloud after a run. */
export function comparedSentence(whatIf: WhatIf): string {
  if (isSame(whatIf)) return 'Compared: nothing differs.';
  return `Compared: ${number(whatIf.change)} change, ${number(whatIf.enter)} enter, ${number(whatIf.leave)} leave.`;
}

/** Plan B of a draft: `IDV enabled by primary`, `The edited text of properties_to_update`. */
export function draftWords(draft: WhatIfDraft, fields: readonly MappedField[]): string {
  if ('view' in draft) return `The edited text of ${draft.view}`;
  return `${labelOf(draft.field, fields)} by ${ruleWords[draft.rule].toLowerCase()}`;
}

/** The same of plan A: what the draft replaces. */
export function asIsWords(draft: WhatIfDraft, fields: readonly MappedField[]): string {
  if ('view' in draft) return `The text of ${draft.view} as it is`;
  const field = fields.find((one) => one.field === draft.field);
  return `${labelOf(draft.field, fields)} by ${field ? ruleWords[field.rule].toLowerCase() : 'its rule'}`;
}

function labelOf(field: string, fields: readonly MappedField[]): string {
  return fields.find((one) => one.field === field)?.label ?? field;
}

/** What becomes of one record, in a sentence. */
export function fateOf({ state, kind, inA, inB, contributorCount }: WhatIfRecord): string {
  const contributors = plural(contributorCount, 'contributor');
  if (state === 'change') return `${sentenceCase(kind)}, ${contributors}. Pending in both plans, with other content.`;
  if (state === 'enter') return `${sentenceCase(kind)}, ${contributors}. ${inA ? 'Enters: in plan A there is nothing to send for it.' : 'Enters: plan A does not have it.'}`;
  return `${sentenceCase(kind)}, ${contributors}. ${inB ? 'Leaves: in plan B there is nothing to send for it.' : 'Leaves: plan B does not have it.'}`;
}
