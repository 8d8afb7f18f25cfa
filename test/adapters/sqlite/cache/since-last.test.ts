import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFields } from '../../../../electron/adapters/sqlite/cache/compare-with-last.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { CandidateChange } from '../../../../electron/core/ports.ts';
import { summarizeFallen } from '../../../../electron/core/review/show-pending.ts';
import { formatFilter, type FilterTerm } from '../../../../shared/domain/filter.ts';
import { change, decide, load, mapping, newFolder, removeFolders, storeIn, type Facts } from './made-up-changes.ts';

afterAll(removeFolders);

/** The change with another value in Salesforce. */
function withOldCity(one: CandidateChange, city: string): CandidateChange {
  const place = mapping.fields.findIndex(({ field }) => field === 'City__c');
  return { ...one, before: one.before.map((value, at) => (at === place ? city : value)), contentHash: `${one.contentHash}-${city}` };
}

/** Loads two snapshots with decisions in between and gives what a reader sees. */
function twoSnapshots(first: readonly CandidateChange[], second: readonly CandidateChange[], approved: readonly CandidateChange[] = []) {
  const folder = newFolder();
  load(folder, first);
  decide(folder, approved, 'approve');
  const snapshot = load(folder, second, 'S-0002');
  return { folder, snapshot, store: storeIn(folder) };
}

const since = (store: ReturnType<typeof storeIn>) => store.sinceLast({ limit: 100 }).items;
const base: Facts = { key: 'a', kind: 'update', name: 'Park' };

describe('what differs since the last snapshot', () => {
  test.each<[string, CandidateChange, object[]]>([
    ['another proposal', change({ ...base, name: 'Park Kennedy' }), [{ field: 'Name', label: 'Name', was: 'Park', now: 'Park Kennedy', part: 'proposed' }]],
    ['another value in Salesforce', withOldCity(change(base), 'Waco'), [{ field: 'City__c', label: 'City', was: 'Old Town', now: 'Waco', part: 'salesforce' }]],
    ['other contributors', change({ ...base, members: ['b', 'a'] }), [{ field: 'contributors', label: 'Contributors', was: 'a', now: 'a, b', part: 'contributors' }]],
  ])('is told as %s', (_, next, fields) => {
    const { store } = twoSnapshots([change(base), change({ key: 'x', kind: 'create' })], [next, change({ key: 'y', kind: 'create' })]);
    expect(since(store)).toEqual([
      { kind: 'create', key: 'x', state: 'removed', name: null, fields: [], fallen: null },
      { kind: 'create', key: 'y', state: 'added', name: null, fields: [], fallen: null },
      { kind: 'update', key: 'a', state: 'changed', name: next.name, fields, fallen: null },
    ]);
    store.close();
  });

  test('is told for each of thousands of records', () => {
    const many = (city: string) => Array.from({ length: 2_500 }, (_, n) => withOldCity(change({ key: `k${n}`, kind: n % 2 === 0 ? 'create' : 'update' }), city));
    const { store, snapshot } = twoSnapshots(many('One'), many('Two'));
    expect(snapshot).toMatchObject({ added: 0, changed: 2_500, removed: 0 });
    const { items } = store.sinceLast({ limit: 5_000 });
    expect(new Set(items.map(({ fields }) => JSON.stringify(fields.map(({ was, now }) => [was, now]))))).toEqual(new Set(['[["One","Two"]]']));
    expect(items).toHaveLength(2_500);
    store.close();
  });

  test('names a field that only one of the two mappings has', () => {
    const shorter = { ...mapping, fields: mapping.fields.filter(({ field }) => field !== 'City__c') };
    const bodyOf = (one: CandidateChange, fields = mapping.fields) => {
      const kept = (values: readonly unknown[]) => JSON.stringify(values.filter((_, at) => fields.includes(mapping.fields[at] as (typeof fields)[number])));
      return { before: kept(one.before), after: kept(one.after), contributors: JSON.stringify(one.contributors) };
    };
    const whole = { mapping, body: bodyOf(change(base)) };
    const cut = { mapping: shorter, body: bodyOf(change(base), shorter.fields) };
    expect(changedFields(cut, whole).map(({ field, was, now, part }) => [field, was, now, part])).toEqual([['City__c', null, 'New Town', 'proposed'], ['City__c', null, 'Old Town', 'salesforce']]);
    expect(changedFields(whole, cut).map(({ field, was, now }) => [field, was, now])).toEqual([['City__c', 'New Town', null], ['City__c', 'Old Town', null]]);
    expect(changedFields(whole, whole)).toEqual([]);
  });
});

describe('a decision that fell away', () => {
  const [kept, changed, gone] = [change({ key: 'k', kind: 'update' }), change(base), change({ key: 'g', kind: 'update' })];
  const open = () => twoSnapshots([kept, changed, gone], [kept, change({ ...base, name: 'Other' })], [kept, changed, gone]);
  const fallen = { decision: 'approve', by: 'ann', at: '2026-11-23T12:00:00.000Z', reason: null };

  test('is told with its record, and only there', () => {
    const { store, snapshot } = open();
    expect(snapshot.notices).toEqual(['1 decision fell away because its change is different now.']);
    expect(since(store).map(({ key, state, fallen: fell }) => [key, state, fell])).toEqual([['a', 'changed', fallen], ['g', 'removed', null]]);
    expect([store.show('a', 'update')?.fallen, store.show('k', 'update')?.fallen]).toEqual([{ ...fallen, parts: ['proposed'] }, null]);
    store.close();
  });

  test('is still known after the next decision, and after a snapshot that changes nothing more', () => {
    const { folder, store } = open();
    const next = change({ ...base, name: 'Other' });
    decide(folder, [next], 'hold');
    expect(store.show('a', 'update')).toMatchObject({ decision: 'hold', fallen });
    load(folder, [kept, next], 'S-0003');
    expect(store.show('a', 'update')?.fallen, 'it was decided anew').toBeNull();
    decide(folder, [changed], 'exclude');
    expect(store.show('a', 'update')).toMatchObject({ decision: 'none', fallen: { ...fallen, decision: 'exclude', parts: null } });
    store.close();
  });

  test('is noted while the ledger is being written', () => {
    const folder = newFolder();
    load(folder, [changed]);
    decide(folder, [changed], 'approve');
    const writer = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
    writer.exec('BEGIN IMMEDIATE; DELETE FROM decision');
    expect(load(folder, [change({ ...base, name: 'Other' })], 'S-0002').notices).toHaveLength(1);
    writer.exec('ROLLBACK');
    writer.close();
  });

  test.each([
    [['proposed', 'contributors'], 'yes', 'Approved by ann on 2026-11-23 (yes) fell away: the proposal changed in S-0007'],
    [['salesforce'], null, 'Approved by ann on 2026-11-23 fell away: Salesforce held other values in S-0007'],
    [['contributors'], null, 'Approved by ann on 2026-11-23 fell away: other properties contributed in S-0007'],
    [null, null, 'Approved by ann on 2026-11-23 fell away in an earlier snapshot: the change is another one now'],
  ] as const)('for %j is said in one line', (parts, reason, words) => {
    expect(summarizeFallen({ decision: 'approve', by: 'ann', at: '2026-11-23T12:00:00.000Z', reason, parts }, 'S-0007')).toBe(words);
  });
});

describe('the filters of what is new', () => {
  const decisions = ['approve', 'hold', 'exclude'] as const;
  const kindOf = (at: number) => (at % 3 === 0 ? 'create' : 'update');
  const was = Array.from({ length: 36 }, (_, at) => change({ key: `k${at}`, kind: kindOf(at), name: `Park ${at}` }));
  const now = Array.from({ length: 40 }, (_, at) => change({ key: `k${at + 4}`, kind: kindOf(at + 4), name: at % 5 === 0 ? `Renamed ${at}` : `Park ${at + 4}` }));
  const decided = was.flatMap((one, at) => (at % 4 === 3 ? [] : [{ one, decision: decisions[at % 4] ?? 'approve' }]));
  const decidedAnew = now.filter(({ key }) => key === 'k4' || key === 'k9');
  let store: ReturnType<typeof storeIn>;

  beforeAll(() => {
    const folder = newFolder();
    load(folder, was);
    for (const decision of decisions) decide(folder, decided.filter((each) => each.decision === decision).map(({ one }) => one), decision);
    load(folder, now, 'S-0002');
    decide(folder, decidedAnew, 'hold');
    store = storeIn(folder);
  });
  afterAll(() => store.close());

  const sinceOf = (one: CandidateChange) => {
    const old = was.find(({ key }) => key === one.key);
    return old === undefined ? 'added' : old.contentHash === one.contentHash ? null : 'changed';
  };
  const fallenOf = (one: CandidateChange) => (sinceOf(one) === 'changed' && !decidedAnew.includes(one) ? (decided.find((each) => each.one.key === one.key)?.decision ?? null) : null);
  const holds = ({ name, value }: FilterTerm, one: CandidateChange) => (name === 'since' ? sinceOf(one) : name === 'fallen' ? fallenOf(one) : one.kind) === value;
  const keysOf = (filter: string) => store.page({ filter, sort: 'key', descending: false, limit: 100 }).items.map(({ key }) => key);

  const term: fc.Arbitrary<FilterTerm> = fc
    .oneof(fc.tuple(fc.constant('since' as const), fc.constantFrom('added', 'changed')), fc.tuple(fc.constant('fallen' as const), fc.constantFrom(...decisions)), fc.tuple(fc.constant('kind' as const), fc.constantFrom('create', 'update')))
    .chain(([name, value]) => fc.boolean().map((negated) => ({ name, value, negated })));

  test('find what a plain comparison of the two snapshots finds', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 4 }), (terms) => {
        const wanted = Map.groupBy(terms.filter(({ negated }) => !negated), ({ name }) => name);
        const expected = now.filter((one) => [...wanted.values()].every((group) => group.some((each) => holds(each, one))) && !terms.some((each) => each.negated && holds(each, one)));
        expect(keysOf(formatFilter(terms))).toEqual(expected.map(({ key }) => key).sort());
      }),
    );
  });

  test('have counts, and records under each of them', () => {
    const { since, fallen } = store.facets('');
    const count = (of: (one: CandidateChange) => string | null, value: string) => ({ value, label: value, count: now.filter((one) => of(one) === value).length });
    expect({ since, fallen }).toEqual({ since: ['added', 'changed'].map((value) => count(sinceOf, value)), fallen: decisions.map((value) => count(fallenOf, value)) });
    expect([...since, ...fallen].map((fact) => fact.count > 0)).toEqual([true, true, true, true, true]);
  });

  test('do not find a decision that fell away any more once the new content is decided on', () => {
    expect([fallenOf(now[0] as CandidateChange), keysOf('key:k4 fallen:approve'), keysOf('key:k4 decision:hold since:changed')]).toEqual([null, [], ['k4']]);
  });
});
