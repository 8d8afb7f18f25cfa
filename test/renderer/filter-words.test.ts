import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIds } from '../../electron/core/checks/catalog.ts';
import { termWords } from '../../renderer/words/filters.ts';
import { filterNames, formatFilter, parseFilter, type FilterName, type FilterTerm } from '../../shared/domain/filter.ts';
import { rules } from '../../shared/domain/mapping.ts';
import { decisionStates, kinds, priorities } from '../../shared/domain/pending-change.ts';
import { reviewMarks, riskNames } from '../../shared/domain/review.ts';
import { transitions } from '../../shared/domain/transition.ts';
import { testMapping } from './made-up-changes.ts';

const yesOrNo = fc.constantFrom('true', 'false');
const fields = fc.constantFrom(...testMapping.fields.map(({ field }) => field));
const data = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('Brightwater Residential', 'CA', ''));
const ofField = (mark: string, rest: fc.Arbitrary<string>) => fc.tuple(fields, rest).map(([field, value]) => `${field}${mark}${value}`);

/** Values that have words of their own. */
const ids = {
  kind: fc.constantFrom<string>(...kinds),
  decision: fc.constantFrom<string>(...decisionStates),
  rule: fc.constantFrom<string>(...rules),
  severity: fc.constantFrom('blocker', 'warning', 'passed'),
  risk: fc.constantFrom<string>(...riskNames),
  progress: fc.constantFrom<string>(...reviewMarks),
  check: fc.constantFrom<string>(...checkIds),
  field: fields,
  without: fields,
  transition: ofField(':', fc.constantFrom(...transitions)),
  multi: yesOrNo,
  viewed: yesOrNo,
  outlier: yesOrNo,
  commented: yesOrNo,
  since: fc.constantFrom('added', 'changed'),
  fallen: fc.constantFrom('approve', 'hold', 'exclude'),
  contributors: fc.constantFrom('1', '2', '1+', '5+', '1000000'),
} satisfies Partial<Record<FilterName, fc.Arbitrary<string>>>;
/** Values that stand as they are. */
const texts = { priority: fc.constantFrom<string>(...priorities), before: ofField('=', data), after: ofField('=', data), company: data, state: data, key: data, text: data, name: data, shape: data, sample: data } satisfies Record<Exclude<FilterName, keyof typeof ids>, fc.Arbitrary<string>>;

const termOf = (values: Partial<Record<FilterName, fc.Arbitrary<string>>>): fc.Arbitrary<FilterTerm> =>
  fc.oneof(...Object.entries(values).map(([name, value]) => fc.record({ name: fc.constant(name as FilterName), value, negated: fc.boolean() })));

const labelOf = (field: string) => testMapping.fields.find((one) => one.field === field)?.label ?? field;

/** What a term has from the data. */
function dataOf({ name, value }: FilterTerm): string {
  return name === 'before' || name === 'after' ? value.slice(value.indexOf('=') + 1) : value;
}

/** The words of a term as it comes out of the address. */
function wordsOf(term: FilterTerm): string {
  const parsed = parseFilter(formatFilter([term]));
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(parsed.terms).toEqual([term]);
  return termWords(term, labelOf, (id) => id);
}

describe('a filter in words', () => {
  test('is there for every term, says something else when it is negated, and ends and begins with a word', () => {
    expect(Object.keys({ ...ids, ...texts }).sort()).toEqual([...filterNames].sort());
    fc.assert(
      fc.property(termOf({ ...ids, ...texts }), (term) => {
        const words = wordsOf(term);
        expect(words).not.toBe(wordsOf({ ...term, negated: !term.negated }));
        if (term.value.trim() === term.value) expect(words.trim()).toBe(words);
        const said = words.replace(dataOf(term), '');
        expect(said).toMatch(/\p{L}/u);
        expect(said).not.toMatch(/undefined|null|NaN|\[object/u);
      }),
      { numRuns: 1_000 },
    );
  });

  test('never shows the id of what it has a word for', () => {
    // "Zip: filled" and "Not changed since the last snapshot" are words, and a number is one too.
    const isWord = (id: string) => ['filled', 'cleared', 'earlier', 'later', 'blank', 'added', 'changed', 'Name'].includes(id) || /^\d/u.test(id);
    fc.assert(
      fc.property(termOf(ids), (term) => {
        const words = wordsOf(term);
        for (const id of term.value.split(':')) if (!isWord(id)) expect(words).not.toMatch(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'u'));
      }),
      { numRuns: 1_000 },
    );
  });

  test('shows everything else as it stands in the data', () => {
    fc.assert(
      fc.property(termOf(texts), (term) => {
        expect(wordsOf(term)).toContain(dataOf(term));
      }),
    );
  });

  test.each([
    ['priority:P2', 'Priority is P2'],
    ['-kind:create', 'Kind is not Create'],
    ['company:""', 'Company is blank'],
    ['sample:""', 'Draw is blank'],
    ['-without:City__c', 'City is not left out'],
    ['transition:Identity_Verification_Enabled__c:turned-on', 'Value transition is IDV enabled: FALSE → TRUE'],
    ['before:State__c=CA', 'State in Salesforce is CA'],
    ['-after:Zip__c=', 'Proposed Zip is not blank'],
    ['contributors:1', '1 contributor'],
    ['-contributors:5+', 'Not 5 or more contributors'],
    ['fallen:hold', 'Hold fell away'],
    ['-since:added', 'Not added since the last snapshot'],
    ['severity:passed', 'Passed all checks'],
    ['commented:false', 'Has no comment'],
    ['check:duplicate-key', 'Check is Duplicate key'],
    ['risk:large-group', 'Risk is Large groups'],
  ])('%s is "%s"', (expression, words) => {
    const parsed = parseFilter(expression);
    expect(parsed.ok && parsed.terms.map((term) => termWords(term, labelOf, (id) => id))).toEqual([words]);
  });
});
