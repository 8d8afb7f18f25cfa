import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { changedFields } from '../../../../electron/adapters/sqlite/cache/compare-with-last.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { CandidateChange } from '../../../../electron/core/ports.ts';
import { summarizeFallen } from '../../../../electron/core/review/show-pending.ts';
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
