import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFilter, parseFilter, type FilterTerm } from '../../../shared/domain/filter.ts';
import { transitions } from '../../../shared/domain/transition.ts';

const term: fc.Arbitrary<FilterTerm> = fc.oneof(
  fc.record({ name: fc.constantFrom('field', 'check', 'company', 'state', 'key', 'text', 'name', 'shape'), value: fc.string({ unit: 'grapheme' }), negated: fc.boolean() }),
  fc.record({ name: fc.constant('priority'), value: fc.constantFrom('P1', 'P2', 'P3'), negated: fc.boolean() }),
  fc.record({ name: fc.constant('transition'), value: fc.tuple(fc.constantFrom('Name', 'Zip__c'), fc.constantFrom(...transitions)).map((parts) => parts.join(':')), negated: fc.boolean() }),
  fc.record({ name: fc.constantFrom('before', 'after'), value: fc.string({ unit: 'grapheme' }).map((value) => `Name=${value}`), negated: fc.boolean() }),
  fc.record({ name: fc.constant('contributors'), value: fc.constantFrom('1', '5+'), negated: fc.boolean() }),
  fc.record({ name: fc.constant('multi'), value: fc.constantFrom('true', 'false'), negated: fc.boolean() }),
);

describe('filter expressions', () => {
  test('what is written is read back as the same terms', () => {
    fc.assert(fc.property(fc.array(term, { maxLength: 6 }), (terms) => { expect(parseFilter(formatFilter(terms))).toEqual({ ok: true, terms }); }));
  });

  test('any text is either read or refused, without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseFilter(text);
        expect(parsed.ok ? Array.isArray(parsed.terms) : parsed.problem.length > 0).toBe(true);
      }),
    );
  });

  test('values may be quoted and terms negated', () => {
    expect(parseFilter('kind:update  -company:"Smith \\"& Sons\\"" text:')).toEqual({
      ok: true,
      terms: [
        { name: 'kind', value: 'update', negated: false },
        { name: 'company', value: 'Smith "& Sons"', negated: true },
        { name: 'text', value: '', negated: false },
      ],
    });
  });

  test.each(['colour:red', 'kind:delete', 'just words', 'text:"open', 'transition:Name', 'transition:Name:grown', 'before:Name', 'contributors:0', 'contributors:many', 'risk:high', 'progress:done'])('%s is refused with a sentence', (expression) => {
    expect(parseFilter(expression)).toMatchObject({ ok: false });
  });

  test.each([
    ['kind:update sate:CA', 'There is no term "sate", which stands in "sate:CA". The nearest one is "state".'],
    ['-Kinds:update', 'There is no term "Kinds", which stands in "-Kinds:update". The nearest one is "kind".'],
    ['prio:P1', 'There is no term "prio", which stands in "prio:P1". The nearest one is "priority".'],
    ['colour:red', 'There is no term "colour", which stands in "colour:red".'],
    [`wibble:${'x'.repeat(60)}`, `There is no term "wibble", which stands in "wibble:${'x'.repeat(33)}…".`],
    ['kind:delete', 'The filter term kind: takes create, update, not "delete".'],
  ])('%s says what is wrong at which word, and the nearest known term', (expression, problem) => {
    expect(parseFilter(expression)).toMatchObject({ ok: false, problem });
  });
});
