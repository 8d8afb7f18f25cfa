import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheStore } from '../../../../electron/adapters/sqlite/cache/cache-store.ts';
import { formatFilter, type FilterTerm } from '../../../../shared/domain/filter.ts';
import type { PendingItem } from '../../../../shared/domain/pending-change.ts';
import { change, decide, load, mapping, newFolder, removeFolders, storeIn } from './made-up-changes.ts';

const folder = newFolder();
let store: CacheStore;
let items: PendingItem[];

beforeAll(() => {
  const companies = ['Acme', 'Größe GmbH', null];
  const changes = Array.from({ length: 60 }, (_, at) =>
    change({
      key: `k${at}`,
      kind: at % 3 === 0 ? 'create' : 'update',
      name: at % 7 === 0 ? null : at % 5 === 0 ? `ÄRGER ${at}` : `Park ${at}`,
      company: companies[at % 3] ?? null,
      state: at % 2 === 0 ? 'CA' : 'TX',
      flagOn: at % 4 === 0,
      flagWas: at % 8 === 1,
      members: at % 6 === 0 ? [`k${at}`, `m${at}`] : [`k${at}`],
    }),
  );
  load(folder, changes);
  decide(folder, changes.slice(0, 10), 'approve');
  decide(folder, changes.slice(10, 15), 'hold');
  decide(folder, changes.slice(15, 18).map((other) => ({ ...other, contentHash: 'of older content' })), 'exclude');
  store = storeIn(folder);
  items = store.page({ filter: '', sort: 'key', descending: false, limit: 5_000 }).items;
});

afterAll(() => {
  store.close();
  removeFolders();
});

/** What each term means, said without SQL. */
function holds({ name, value }: FilterTerm, item: PendingItem): boolean {
  switch (name) {
    case 'kind':
    case 'priority':
    case 'decision':
    case 'key':
      return item[name] === value;
    case 'company':
    case 'state':
      return (item[name] ?? '') === value;
    case 'multi':
      return item.memberCount > 1 === (value === 'true');
    case 'field':
      return item.changedFields.includes(value);
    case 'rule':
      return item.changedFields.some((changed) => mapping.fields.some(({ field, rule }) => field === changed && rule === value));
    case 'check':
      return item.checks.includes(value);
    case 'severity':
      return value === 'blocker' ? item.blockers > 0 : value === 'warning' ? item.warnings > 0 : item.blockers + item.warnings === 0;
    case 'name':
      return (item.name ?? '').toLowerCase().includes(value.toLowerCase());
    case 'viewed':
      return (item.mark !== 'unseen') === (value === 'true');
    default:
      throw new Error('not compared here');
  }
}

const term: fc.Arbitrary<FilterTerm> = fc
  .oneof(
    fc.tuple(fc.constant('kind' as const), fc.constantFrom('create', 'update')),
    fc.tuple(fc.constant('priority' as const), fc.constantFrom('P1', 'P2', 'P3')),
    fc.tuple(fc.constant('decision' as const), fc.constantFrom('none', 'approve', 'hold', 'exclude')),
    fc.tuple(fc.constant('company' as const), fc.constantFrom('Acme', 'Größe GmbH', '', 'acme')),
    fc.tuple(fc.constant('state' as const), fc.constantFrom('CA', 'TX')),
    fc.tuple(fc.constantFrom('multi' as const, 'viewed' as const), fc.constantFrom('true', 'false')),
    fc.tuple(fc.constant('field' as const), fc.constantFrom('Name', 'City__c', 'Identity_Verification_Enabled__c', 'Zip__c')),
    fc.tuple(fc.constant('rule' as const), fc.constantFrom('primary', 'any', 'earliest')),
    fc.tuple(fc.constant('check' as const), fc.constantFrom('missing-name', 'union-rule', 'name')),
    fc.tuple(fc.constant('severity' as const), fc.constantFrom('blocker', 'warning', 'passed')),
    fc.tuple(fc.constant('name' as const), fc.constantFrom('park', 'PARK 1', 'ärger', '%', '')),
    fc.tuple(fc.constant('key' as const), fc.constantFrom('k1', 'K1')),
  )
  .chain(([name, value]) => fc.boolean().map((negated) => ({ name, value, negated })));

describe('compileFilter', () => {
  test('finds what the terms say: one of the values of a name, all of different names, none of the negated', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        const names = new Set(terms.filter(({ negated }) => !negated).map(({ name }) => name));
        const expected = items.filter(
          (item) =>
            terms.every((one) => !one.negated || !holds(one, item)) && [...names].every((name) => terms.some((one) => one.name === name && !one.negated && holds(one, item))),
        );
        const page = store.page({ filter: formatFilter(terms), sort: 'key', descending: false, limit: 5_000 });
        expect(page.items.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
        expect(page.total).toBe(expected.length);
      }),
    );
  });

  test.each([
    ['text:gröss', 20],
    ['text:GRÖSSE', 20],
    ['text:"new town"', 60],
    ['text:m12', 1],
    ['text:k1', 11],
    ['text:%', 0],
  ])('%s finds %i by key, name, company, city and contributors, whatever the letter case', (filter, count) => {
    expect(store.page({ filter, sort: 'key', descending: false, limit: 100 }).total).toBe(count);
  });

  test('a decision on older content does not count', () => {
    expect(store.page({ filter: 'decision:exclude', sort: 'key', descending: false, limit: 100 }).total).toBe(0);
  });

  test('an unknown field and a shape are refused', () => {
    expect(() => store.facets('field:Colour__c')).toThrow(/no field "Colour__c"/u);
    expect(() => store.facets('shape:x')).toThrow(/change shape/u);
  });

  test('the facets of a filter add up, and ignore their own terms', () => {
    const facets = store.facets('kind:create state:CA');
    const of = (filter: string) => store.page({ filter, sort: 'key', descending: false, limit: 1 }).total;
    expect(facets.matching).toBe(of('kind:create state:CA'));
    expect(facets.total).toBe(60);
    expect(facets.kind).toEqual([
      { value: 'create', label: 'create', count: of('kind:create state:CA') },
      { value: 'update', label: 'update', count: of('kind:update state:CA') },
    ]);
    expect(facets.state.map(({ value, count }) => [value, count]).sort()).toEqual([['CA', of('kind:create state:CA')], ['TX', of('kind:create state:TX')]]);
    expect(facets.field.find(({ value }) => value === 'City__c')?.count).toBe(of('kind:create state:CA field:City__c'));
    for (const facet of [facets.priority, facets.decision, facets.multi, facets.company]) expect(facet.reduce((sum, { count }) => sum + count, 0)).toBe(facets.matching);
  });
});
