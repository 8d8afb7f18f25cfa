import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { verifyLedger } from '../../../../electron/verifier/verify-audit-log.mjs';
import { choose, openStore, temporaryFolder, writePending } from './temporary-ledger.ts';

const all: Selection = { filter: '', except: [] };

function decisionsIn(folder: string): Record<string, string> {
  const db = openDatabase(join(folder, 'ledger.db'), { readonly: true, durability: 'full' });
  const rows = db.prepare('SELECT key, decision FROM decision ORDER BY key').all() as { key: string; decision: string }[];
  db.close();
  return Object.fromEntries(rows.map(({ key, decision }) => [key, decision]));
}

function ruleOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof AppFailure ? (error.error.details['rule'] ?? error.error.code) : error;
  }
  return 'none';
}

function decide(store: LedgerStore, selection: Selection, decision: 'approve' | 'hold' | 'exclude' = 'approve', actor = 'ann') {
  return store.decide({ selection, decision, reason: null, actor });
}

/** On all records for which a condition holds, as the cache chooses them. */
function decideAll(store: LedgerStore, folder: string, decision: 'approve' | 'hold' | 'exclude' = 'approve', where = '1') {
  return store.decide({ selection: all, chosen: choose(folder, where), decision, reason: null, actor: 'ann' });
}

test('approving all but one leaves out what checks block, and says how many', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }, { key: 'c', blockers: 2 }, { key: 'd', kind: 'create' }]);
  expect(decideAll(store, folder, 'approve', "key <> 'b'")).toMatchObject({ decided: 2, blocked: 1, label: 'Approved 2 records' });
  expect(decisionsIn(folder)).toEqual({ a: 'approve', d: 'approve' });
  expect(decide(store, { items: [{ key: 'c', kind: 'update' }] }, 'hold')).toMatchObject({ decided: 1, blocked: 0, label: 'Held 1 record' });
  const { total, events } = store.events({ key: 'd', limit: 10 });
  expect([total, events[0]?.type, events[0]?.data['count'], events[0]?.data['blocked']]).toEqual([1, 'decision.made', 2, 1]);
});

test('records that were chosen before another decision or another snapshot are refused, and nothing is decided', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }]);
  const chosen = choose(folder, "key = 'b'");
  decide(store, { items: [{ key: 'a', kind: 'update' }] }, 'hold');
  const late = (facts: object) => ruleOf(() => store.decide({ selection: { filter: 'decision:none', except: [] }, chosen: { ...choose(folder, "key = 'b'"), ...facts }, decision: 'approve', reason: null, actor: 'ann' }));
  expect(late({ seenStep: chosen.seenStep })).toBe('selection-changed');
  expect(late({ snapshotId: 'S-0000' })).toBe('selection-changed');
  expect(decisionsIn(folder)).toEqual({ a: 'hold' });
  expect(late({})).toBe('none');
  expect(decisionsIn(folder)).toEqual({ a: 'hold', b: 'approve' });
});

test('a decision on nothing, on blocked records only, on an unknown record or without a snapshot is refused', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  expect(ruleOf(() => decide(store, all))).toBe('no-snapshot');
  writePending(folder, [{ key: 'c', blockers: 1 }]);
  expect(ruleOf(() => decideAll(store, folder))).toBe('blockers');
  expect(ruleOf(() => decideAll(store, folder, 'approve', "kind = 'create'"))).toBe('nothing-to-do');
  expect(ruleOf(() => decide(store, { items: [{ key: 'x', kind: 'create' }] }))).toBe('not-found');
  expect(store.chainHead().events).toBe(1);
});

test('undo brings back what stood before, once, and can itself be undone', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }]);
  const first = decide(store, { items: [{ key: 'a', kind: 'update' }] }, 'exclude');
  const second = decideAll(store, folder);
  expect(store.undo({ undoId: second.undoId, actor: 'bob' })).toMatchObject({ undone: 2, label: 'Undid: Approved 2 records' });
  expect(decisionsIn(folder)).toEqual({ a: 'exclude' });
  expect(ruleOf(() => store.undo({ undoId: second.undoId, actor: 'bob' }))).toBe('nothing-to-do');
  expect(ruleOf(() => store.undo({ undoId: 'U-none', actor: 'bob' }))).toBe('not-found');
  const undone = store.undo({ undoId: first.undoId, actor: 'ann' });
  expect(decisionsIn(folder)).toEqual({});
  expect(store.undo({ undoId: undone.undoId, actor: 'ann' })).toMatchObject({ undone: 1, label: 'Redid: Excluded 1 record' });
  expect(decisionsIn(folder)).toEqual({ a: 'exclude' });
});

test('undo without a name takes back the latest decision of the caller, one after the other', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }]);
  decide(store, { items: [{ key: 'a', kind: 'update' }] }, 'approve', 'ann');
  decide(store, { items: [{ key: 'a', kind: 'update' }] }, 'hold', 'ann');
  decide(store, { items: [{ key: 'b', kind: 'update' }] }, 'hold', 'bob');
  store.undo({ undoId: null, actor: 'ann' });
  expect(decisionsIn(folder)).toEqual({ a: 'approve', b: 'hold' });
  store.undo({ undoId: null, actor: 'ann' });
  expect(decisionsIn(folder)).toEqual({ b: 'hold' });
  expect(ruleOf(() => store.undo({ undoId: null, actor: 'ann' }))).toBe('nothing-to-do');
});

test('undo leaves alone what was decided again later', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }, { key: 'b' }]);
  const bulk = decideAll(store, folder);
  decide(store, { items: [{ key: 'b', kind: 'update' }] }, 'exclude', 'bob');
  expect(store.undo({ undoId: bulk.undoId, actor: 'ann' })).toMatchObject({ undone: 1 });
  expect(decisionsIn(folder)).toEqual({ b: 'exclude' });
});

test('deciding does not wait for a refresh that is being written', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, [{ key: 'a' }]);
  const refresh = openDatabase(join(folder, 'cache.db'), { durability: 'normal' });
  refresh.exec('BEGIN IMMEDIATE; DELETE FROM pending');
  expect(decideAll(store, folder)).toMatchObject({ decided: 1 });
  store.mark({ item: { key: 'a', kind: 'update' }, mark: 'viewed', actor: 'ann' });
  refresh.exec('COMMIT');
  refresh.close();
  expect(decisionsIn(folder)).toEqual({ a: 'approve' });
});

test('a decision on 15,000 changes is one event with a digest, found by any of its records', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  writePending(folder, Array.from({ length: 15_000 }, (_, n) => ({ key: `k${n}` })));
  const { undoId, decided } = decideAll(store, folder);
  expect(decided).toBe(15_000);
  const { events, total } = store.events({ key: 'k14999', limit: 5 });
  expect([total, events[0]?.keys.length, String(events[0]?.data['digest']).length]).toEqual([1, 10_000, 64]);
  expect(store.undo({ undoId, actor: 'ann' })).toMatchObject({ undone: 15_000 });
  expect(store.history('k14999', 5).map(({ type }) => type), 'newest first').toEqual(['decision.undone', 'decision.made']);
  expect(store.history('k14999', 1).map(({ type }) => type)).toEqual(['decision.undone']);
  expect(store.verify().ok).toBe(true);
  store.close();
  const ledger = new DatabaseSync(join(folder, 'ledger.db'), { readOnly: true });
  expect(verifyLedger(ledger), 'the second verifier agrees').toMatchObject({ ok: true });
  ledger.close();
});
