import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { LedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { summarizeEvent } from '../../../../shared/domain/summarize-event.ts';
import { choose, openStore, temporaryFolder, writePending } from './temporary-ledger.ts';

const all: Selection = { filter: '', except: [] };
const named = (...keys: string[]): Selection => ({ items: keys.map((key) => ({ key, kind: 'update' as const })) });

/** Which fields are left out of what is pending, as a reader sees them. */
function leftOutIn(folder: string): string[] {
  const db = openDatabase(`${folder}/ledger.db`, { readonly: true, durability: 'full' });
  db.prepare('ATTACH ? AS cache').run(`${folder}/cache.db`);
  const rows = db.prepare(`SELECT x.key || ' ' || x.field FROM cache.pending p JOIN field_exclusion x ON x.key = p.key AND x.kind = p.kind AND x.content_hash = p.content_hash ORDER BY 1`).pluck().all() as string[];
  db.close();
  return rows;
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppFailure) return `${String(error.error.details['rule'] ?? error.error.code)}: ${error.message}`;
    throw error;
  }
  return 'done';
}

/** Where each store is, so that all of its records can be chosen. */
const folderOf = new WeakMap<LedgerStore, string>();

function leaveOut(store: LedgerStore, selection: Selection, field = 'Zip__c', facts: { expect?: number; isExcluded?: boolean; reason?: string } = {}) {
  return store.excludeField({ selection, chosen: folderOf.has(store) ? choose(folderOf.get(store) ?? '') : null, field, isExcluded: facts.isExcluded ?? true, reason: facts.reason ?? null, actor: 'ann', expect: facts.expect ?? null });
}

function open() {
  const folder = temporaryFolder();
  const store = openStore(folder);
  folderOf.set(store, folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }, { key: 'c' }, { key: 'd', fields: ['City__c', 'Name'] }, { key: 'e', kind: 'create', fields: ['Name', 'City__c'] }]);
  return { folder, store };
}

describe('a field that is left out', () => {
  test('counts in the records that would send it, by name, in one event that each of them finds', () => {
    const { folder, store } = open();
    const done = leaveOut(store, all, 'Zip__c', { reason: 'Wrong source', expect: 5 });
    expect(done).toMatchObject({ decided: 3, label: 'Left Zip out of 3 records' });
    expect(leftOutIn(folder)).toEqual(['a Zip__c', 'b Zip__c', 'c Zip__c']);
    const { events } = store.events({ key: 'b', limit: 5 });
    expect(events.map((event) => [event.type, summarizeEvent(event), event.data['field'], event.data['count']])).toEqual([['field.excluded', 'Left Zip out of 3 records: Wrong source', 'Zip__c', 3]]);
    expect(store.events({ key: 'd', limit: 5 }).total).toBe(0);
    expect(leaveOut(store, named('b'), 'Zip__c', { isExcluded: false })).toMatchObject({ decided: 1, label: 'Took Zip in again for 1 record' });
    expect(leftOutIn(folder)).toEqual(['a Zip__c', 'c Zip__c']);
    expect(store.verify().ok).toBe(true);
  });

  test('is brought back by undo, and left out again by redo, with the same words everywhere', () => {
    const { folder, store } = open();
    const { undoId } = leaveOut(store, named('a', 'b'));
    expect(store.undo({ undoId, actor: 'bob' })).toMatchObject({ undone: 2, label: 'Undid: Left Zip out of 2 records' });
    expect(leftOutIn(folder)).toEqual([]);
    expect(store.redo({ undoId, actor: 'ann' })).toMatchObject({ undone: 2, label: 'Redid: Left Zip out of 2 records' });
    expect(leftOutIn(folder)).toEqual(['a Zip__c', 'b Zip__c']);
    const words = ['Redid: Left Zip out of 2 records', 'Undid: Left Zip out of 2 records', 'Left Zip out of 2 records'];
    expect(store.decisionSteps(10).map(({ label }) => label)).toEqual(words);
    expect(store.events({ key: 'a', limit: 10 }).events.map(summarizeEvent)).toEqual(words);
  });

  test('falls away when the content changes, and no redo brings it to other content', () => {
    const { folder, store } = open();
    const { undoId } = leaveOut(store, named('a', 'b'));
    writePending(folder, [{ key: 'a', hash: 'other' }, { key: 'b' }]);
    expect(leftOutIn(folder)).toEqual(['b Zip__c']);
    store.undo({ undoId, actor: 'ann' });
    expect(store.redo({ undoId, actor: 'ann' })).toMatchObject({ undone: 1, label: 'Redid: Left Zip out of 2 records (1 of 2)' });
    expect(leftOutIn(folder)).toEqual(['b Zip__c']);
    expect(leaveOut(store, all), 'only where it is not left out already').toMatchObject({ decided: 1 });
    expect(leftOutIn(folder)).toEqual(['a Zip__c', 'b Zip__c']);
  });

  test.each<[string, (store: LedgerStore) => unknown, RegExp]>([
    ['that the mapping does not have', (store) => leaveOut(store, all, 'Colour__c'), /^invalid-input: The mapping has no field "Colour__c"\. Its fields are Name, /u],
    ['that none of them sends', (store) => leaveOut(store, named('a', 'b'), 'State__c'), /^nothing-to-do: None of the 2 records sends State\.$/u],
    ['that a record does not send', (store) => leaveOut(store, named('a'), 'State__c'), /^nothing-to-do: The record does not send State, or leaves it out already\.$/u],
    ['that is left out already', (store) => { leaveOut(store, all); return leaveOut(store, all); }, /^nothing-to-do: None of the 5 records sends Zip\.$/u],
    ['that none leaves out, to be taken in', (store) => leaveOut(store, all, 'Zip__c', { isExcluded: false }), /^nothing-to-do: None of the 5 records leaves Zip out\.$/u],
    ['that a create needs', (store) => leaveOut(store, all, 'Name'), /^invalid-input: Name cannot be left out: Salesforce needs it to create a record, and 1 of the records is a create\. Exclude the record instead\.$/u],
    ['without which nothing would be left to send', (store) => { leaveOut(store, named('b')); return leaveOut(store, named('a', 'b'), 'City__c'); }, /^nothing-to-do: Without City nothing would be left to send to b\. Nothing was changed\. Exclude the record instead\.$/u],
    ['of another number of records than was told', (store) => leaveOut(store, all, 'Zip__c', { expect: 4 }), /^selection-changed: You were told of 4 records, but 5 are selected now\. Nothing was changed\./u],
    ['of an unknown record', (store) => leaveOut(store, named('x')), /^not-found: The update of x is not pending\.$/u],
  ])('%s is refused in clear words, and nothing is changed', (_, work, words) => {
    const { store } = open();
    const { length } = store.decisionSteps(10);
    expect(refusalOf(() => work(store))).toMatch(words);
    expect(store.decisionSteps(10).length - length).toBeLessThanOrEqual(1);
    expect(store.chainHead().events).toBe(1 + store.decisionSteps(10).length);
  });
});

test('a decision on another number of records than was told is refused with both numbers, blocked ones counted', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  folderOf.set(store, folder);
  writePending(folder, [{ key: 'a' }, { key: 'b', blockers: 1 }]);
  const decide = (expect: number) => store.decide({ selection: all, chosen: choose(folder), decision: 'approve', reason: null, actor: 'ann', expect });
  expect(refusalOf(() => decide(1))).toBe('selection-changed: You were told of 1 record, but 2 are selected now. Nothing was changed. Look at them again.');
  expect(store.chainHead().events).toBe(1);
  expect(decide(2)).toMatchObject({ decided: 1, blocked: 1 });
});
