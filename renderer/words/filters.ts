import type { FilterName, FilterTerm } from '../../shared/domain/filter.ts';
import type { ReviewMark } from '../../shared/domain/review.ts';
import { transitions } from '../../shared/domain/transition.ts';
import { decisionWords, kindWords, priorityWords, ruleWords, sentenceCase, severityWords } from '../words.ts';
import { riskWords } from './risk.ts';
import { transitionWords } from './transitions.ts';

type LabelOf = (field: string) => string;

/** What a filter is about, as its group and its chip are called. */
export const filterWords: Record<FilterName, string> = {
  kind: 'Kind',
  priority: 'Priority',
  field: 'Changed field',
  multi: 'Contributors',
  shape: 'Change shape',
  check: 'Check',
  decision: 'Decision',
  company: 'Company',
  state: 'State',
  key: 'Key',
  text: 'Text',
  name: 'Name',
  rule: 'Rule',
  severity: 'Checks',
  viewed: 'Viewed',
  transition: 'Value transition',
  before: 'Salesforce now',
  after: 'Proposed',
  contributors: 'Number of contributors',
  risk: 'Risk',
  outlier: 'Outlier',
  without: 'Field left out',
  progress: 'Review progress',
  commented: 'Commented',
  sample: 'Draw',
  since: 'Since last snapshot',
  fallen: 'Decision fell away',
};

export const markWords: Record<ReviewMark, string> = { unseen: 'Not viewed', viewed: 'Viewed', flagged: 'Flagged', later: 'Come back later' };

const valueNames: Partial<Record<FilterName, Readonly<Record<string, string>>>> = {
  kind: kindWords,
  priority: priorityWords,
  decision: decisionWords,
  rule: ruleWords,
  severity: severityWords,
  risk: riskWords,
  progress: markWords,
  multi: { true: 'Several properties', false: 'One property' },
  viewed: { true: 'Viewed', false: 'Not viewed' },
  outlier: { true: 'Stands out in its shape', false: 'Like its shape' },
  since: { added: 'Added', changed: 'Changed' },
  fallen: { approve: 'Approval fell away', hold: 'Hold fell away', exclude: 'Exclusion fell away' },
};

/** The word for one value of a filter; values from the data stand as they are, no value is blank. */
export function filterValueWords(name: FilterName, value: string, labelOf: LabelOf): string {
  if (value === '') return 'blank';
  if (name === 'check') return sentenceCase(value.replaceAll('-', ' '));
  if (name === 'field' || name === 'without') return labelOf(value);
  if (name === 'transition') return transitionTermWords(value, labelOf);
  return valueNames[name]?.[value] ?? value;
}

/** `FIELD:TRANSITION` as "IDV enabled: FALSE → TRUE". */
function transitionTermWords(value: string, labelOf: LabelOf): string {
  const at = value.lastIndexOf(':');
  const transition = transitions.find((known) => known === value.slice(at + 1));
  return transition === undefined ? value : `${labelOf(value.slice(0, at))}: ${transitionWords[transition]}`;
}

/** Filters whose term is a statement: what it says, and what it says negated. */
const statements: Partial<Record<FilterName, (value: string, labelOf: LabelOf) => readonly [string, string]>> = {
  multi: (value) => yesOrNo(value, 'Several properties', 'One property'),
  viewed: (value) => yesOrNo(value, 'Viewed', 'Not viewed'),
  outlier: (value) => yesOrNo(value, 'Stands out in its shape', 'Is like its shape'),
  commented: (value) => yesOrNo(value, 'Has a comment', 'Has no comment'),
  severity(value) {
    if (value === 'passed') return ['Passed all checks', 'Did not pass all checks'];
    return value === 'blocker' ? ['Has blockers', 'Has no blockers'] : ['Has warnings', 'Has no warnings'];
  },
  contributors(value) {
    const words = value.endsWith('+') ? `${value.slice(0, -1)} or more contributors` : `${value} ${value === '1' ? 'contributor' : 'contributors'}`;
    return [words, `Not ${words}`];
  },
  sample: (value) => [`In draw ${value}`, `Not in draw ${value}`],
  since: (value) => [`${sentenceCase(value)} since the last snapshot`, `Not ${value} since the last snapshot`],
  fallen(value) {
    const noun = value === 'approve' ? 'Approval' : value === 'hold' ? 'Hold' : 'Exclusion';
    return [`${noun} fell away`, `${noun} did not fall away`];
  },
  without: (value, labelOf) => [`${labelOf(value)} is left out`, `${labelOf(value)} is not left out`],
  text: (value) => [`Text has “${value}”`, `Text has no “${value}”`],
  name: (value) => [`Name has “${value}”`, `Name has no “${value}”`],
};

function yesOrNo(value: string, yes: string, no: string): readonly [string, string] {
  return value === 'true' ? [yes, no] : [no, yes];
}

/** A filter term in words: "Priority is P2", "State in Salesforce is not CA", "In draw D-1"; `shapeOf` names a change shape by its id. */
export function termWords({ name, value, negated }: FilterTerm, labelOf: LabelOf, shapeOf: LabelOf): string {
  // A statement about no value would have a hole; only a text is quoted, so that nothing can be seen.
  const isStatement = value !== '' || name === 'text' || name === 'name';
  const statement = isStatement ? statements[name]?.(value, labelOf) : undefined;
  if (statement) return statement[negated ? 1 : 0];
  const is = negated ? 'is not' : 'is';
  if (name === 'before' || name === 'after') {
    const at = value.indexOf('=');
    const label = labelOf(value.slice(0, at));
    return `${name === 'before' ? `${label} in Salesforce` : `Proposed ${label}`} ${is} ${value.slice(at + 1) || 'blank'}`;
  }
  if (name === 'shape' && value !== '') return `${filterWords.shape} ${is} ${shapeOf(value)}`;
  return `${filterWords[name]} ${is} ${name === 'priority' ? value : filterValueWords(name, value, labelOf)}`;
}
