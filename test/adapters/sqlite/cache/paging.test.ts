import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { sortOrders } from '../../../../shared/contract.ts';
import { readFilter } from '../../../../electron/adapters/sqlite/cache/review/field-terms.ts';
import { writePageCursor } from '../../../../electron/adapters/sqlite/cache/review/page-cursor.ts';
import { change, decide, load, newFolder, removeFolders, storeIn, type Facts } from './made-up-changes.ts';

const facts: fc.Arbitrary<Facts> = fc.record({
  key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom('create', 'update'),
  name: fc.option(fc.constantFrom('Park', 'park', 'Ärger', 'Öl', 'zoo')),
  company: fc.option(fc.constantFrom('A', 'b', 'C')),
  flagOn: fc.boolean(),
});

const manyFacts = fc.uniqueArray(facts, { selector: ({ key, kind }) => `${kind} ${key}`, minLength: 1, maxLength: 25 });

afterAll(removeFolders);

describe('pages of pending changes', () => {
  test('cursors and row numbers walk the same list, in every order and both directions, with nothing twice and nothing left out', () => {
    fc.assert(
      fc.property(manyFacts, fc.constantFrom(...sortOrders), fc.boolean(), fc.integer({ min: 1, max: 7 }), (all, sort, descending, limit) => {
        const folder = newFolder();
        const changes = all.map(change);
        load(folder, changes);
        decide(folder, changes.filter((_, at) => at % 3 === 0), 'approve');
        const store = storeIn(folder);
        const input = { filter: '', sort, descending };
        const whole = store.page({ ...input, limit: 5_000 });
        const walked = [];
        let after: string | undefined;
        do {
          const page = store.page({ ...input, limit, ...(after === undefined ? {} : { after }) });
          walked.push(...page.items);
          after = page.next ?? undefined;
        } while (after !== undefined);
        expect(walked).toEqual(whole.items);
        expect(whole.total).toBe(changes.length);
        expect(new Set(walked.map(({ key, kind }) => `${kind} ${key}`)).size).toBe(changes.length);
        expect(store.page({ ...input, limit, offset: 2 }).items).toEqual(whole.items.slice(2, 2 + limit));
        expect(store.page({ ...input, descending: !descending, limit: 5_000 }).items).toEqual(whole.items.toReversed());
        store.close();
      }),
      { numRuns: 15 },
    );
  });

  test('a page after a cursor goes on where the last one ended, also when its last record has been decided meanwhile', () => {
    const folder = newFolder();
    const changes = ['a', 'b', 'c', 'd', 'e'].map((key) => change({ key, kind: 'create', name: key }));
    load(folder, changes);
    const store = storeIn(folder);
    for (const sort of ['key', 'decision', 'name'] as const) {
      for (const descending of [false, true]) {
        const input = { filter: 'decision:none', sort, descending, limit: 2 };
        const walked: string[] = [];
        let after: string | undefined;
        do {
          const page = store.page({ ...input, ...(after === undefined ? {} : { after }) });
          walked.push(...page.items.map(({ key }) => key));
          after = page.next ?? undefined;
          decide(folder, changes.filter(({ key }) => page.items.some((item) => item.key === key)), 'approve');
        } while (after !== undefined);
        expect(walked.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
        decide(folder, changes, null);
      }
    }
    store.close();
  });

  test('a list that was opened keeps its records and their order while they are decided, under its name only', () => {
    const folder = newFolder();
    const changes = ['a', 'b', 'c', 'd', 'e'].map((key) => change({ key, kind: 'create', name: key }));
    load(folder, changes);
    const store = storeIn(folder);
    for (const [filter, sort] of [['decision:none', 'key'], ['', 'decision'], ['decision:none', 'decision']] as const) {
      for (const descending of [false, true]) {
        const input = { filter, sort, descending, opened: `${filter} ${sort} ${String(descending)}` };
        const keysOf = ({ items }: ReturnType<typeof store.page>) => items.map(({ key }) => key);
        const first = store.page({ ...input, limit: 2 });
        const inOrder = descending ? ['e', 'd', 'c', 'b', 'a'] : ['a', 'b', 'c', 'd', 'e'];
        expect([first.total, keysOf(first)]).toEqual([5, inOrder.slice(0, 2)]);
        decide(folder, changes.slice(0, 2), 'approve');
        expect(keysOf(store.page({ ...input, offset: 2, limit: 5 }))).toEqual(inOrder.slice(2));
        expect(keysOf(store.page({ ...input, after: first.next ?? '', limit: 5 }))).toEqual(inOrder.slice(2));
        expect(store.page({ ...input, limit: 5 }).items.filter(({ decision }) => decision === 'approve').map(({ key }) => key).toSorted()).toEqual(['a', 'b']);
        expect(inOrder.map((key) => store.locate({ ...input, item: { key, kind: 'create' } }))).toEqual([0, 1, 2, 3, 4]);
        expect(store.find({ ...input, prefix: 'b', from: 0 })).toBe(inOrder.indexOf('b'));

        const anew = keysOf(store.page({ ...input, opened: `${input.opened} again`, limit: 5 }));
        expect(anew).toEqual(keysOf(store.page({ filter, sort, descending, limit: 5 })));
        expect(anew).not.toEqual(inOrder);
        decide(folder, changes, null);
      }
    }
    load(folder, changes.slice(0, 3), 'S-0002');
    expect(store.page({ filter: 'decision:none', sort: 'key', descending: false, opened: 'decision:none key false', limit: 5 }).total).toBe(3);
    store.close();
  });

  test('a cursor of an older snapshot is refused instead of leaving records out', () => {
    const folder = newFolder();
    const changes = ['a', 'b', 'c'].map((key) => change({ key, kind: 'create' }));
    load(folder, changes);
    const store = storeIn(folder);
    const input = { filter: '', sort: 'key', descending: false, limit: 1 } as const;
    const { next } = store.page(input);
    load(folder, changes, 'S-0002');
    expect(() => store.page({ ...input, after: next ?? '' })).toThrow(/refreshed since/u);
    store.close();
  });

  test.each(['', 'garbage', Buffer.from('["name",false,"x"]').toString('base64url'), writePageCursor({ sort: 'name', descending: true, snapshotId: 'S-0001' }, { rank: 0, keyPlace: 0 })])('a cursor of another order (%s) is refused', (after) => {
    const folder = newFolder();
    load(folder, [change({ key: 'a', kind: 'create' })]);
    const store = storeIn(folder);
    expect(() => store.page({ filter: '', sort: 'name', descending: false, limit: 10, after })).toThrow(/cursor does not belong/u);
    store.close();
  });

  test('plannable changes stream by kind and key, also from a change that has gone', () => {
    const folder = newFolder();
    load(folder, ['a', 'c', 'e'].flatMap((key) => [change({ key, kind: 'create', name: key }), change({ key: `u${key}`, kind: 'update' })]));
    const store = storeIn(folder);
    const keys = (after: { key: string; kind: 'create' | 'update' } | null) => store.plannable({ selection: { filter: '', except: [{ key: 'e', kind: 'create' }] }, after, limit: 10 }).map(({ kind, key }) => `${kind} ${key}`);
    expect(keys(null)).toEqual(['create a', 'create c', 'update ua', 'update uc', 'update ue']);
    expect(keys({ key: 'a', kind: 'create' })).toEqual(['create c', 'update ua', 'update uc', 'update ue']);
    expect(keys({ key: 'b', kind: 'create' })).toEqual(['create c', 'update ua', 'update uc', 'update ue']);
    expect(store.plannable({ selection: { items: [{ key: 'uc', kind: 'update' }] }, after: null, limit: 10 })).toMatchObject([{ key: 'uc', recordId: 'a0Puc', fields: { City__c: { before: 'Old Town', after: 'New Town' } } }]);
    store.close();
  });

  test('reading a filter that cannot be read says so', () => {
    expect(() => readFilter('colour:red')).toThrow(/no term "colour"/u);
  });
});
