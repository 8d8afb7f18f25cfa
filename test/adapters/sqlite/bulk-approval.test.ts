import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, test } from 'vitest';
import type { LedgerStore } from '../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { writeDecisions } from '../../../electron/core/write-decisions.ts';
import { verifyLedger } from '../../../electron/verifier/verify-audit-log.mjs';
import { change, load, newFolder, storeIn } from './cache/made-up-changes.ts';
import { openStore, temporaryFolder } from './ledger/temporary-ledger.ts';

/** More than are decided at once; every hundredth is a create without a name, which a check blocks. */
const changes = Array.from({ length: 21_000 }, (_, at) => change({ key: `k${at}`, kind: at % 100 === 0 ? 'create' : 'update', name: at % 100 === 0 ? null : `Park ${at}`, state: at % 2 === 0 ? 'CA' : 'TX' }));
const all = { filter: '', except: [] };
const asAnn = { reason: 'looked at', actor: 'ann' };
let cacheFile: string;

beforeAll(() => {
  const folder = newFolder();
  load(folder, changes);
  cacheFile = join(folder, 'cache.db');
});

/** A workspace with these changes pending and nothing decided; `reopened` opens its ledger as after a kill. */
function workspace(): { folder: string; ledger: LedgerStore; reopened(): LedgerStore } {
  const folder = temporaryFolder();
  const ledger = openStore(folder);
  copyFileSync(cacheFile, join(folder, 'cache.db'));
  return { folder, ledger, reopened: () => openStore(folder) };
}

function reading<T>(folder: string, work: (cache: ReturnType<typeof storeIn>) => T): T {
  const cache = storeIn(folder);
  try {
    return work(cache);
  } finally {
    cache.close();
  }
}

function approveAll({ folder, ledger }: { folder: string; ledger: LedgerStore }) {
  return ledger.decide({ selection: all, chosen: reading(folder, (cache) => cache.choose(all)), decision: 'approve', ...asAnn });
}

/** How many changes stand under each decision, as the facets count them. */
function counted(folder: string): Record<string, number> {
  return Object.fromEntries(reading(folder, (cache) => cache.facets('').decision).map(({ value, count }) => [value, count]));
}

/** Everything that tells of decisions, without what differs from one ledger to the next. */
function stored(folder: string) {
  const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full', readonly: true });
  const rows = (sql: string) => db.prepare(sql).raw().all();
  const found = {
    decisions: rows('SELECT kind, key, content_hash, decision, reason, actor FROM decision ORDER BY kind, key'),
    undo: rows(`SELECT kind, key, previous IS NULL, left_by = undo_id FROM decision_undo ORDER BY kind, key`),
    filed: rows('SELECT key, seq FROM audit_event_key ORDER BY key, seq'),
    events: rows(`SELECT type, bytes ->> '$.data.digest', bytes ->> '$.data.count', bytes ->> '$.data.blocked', bytes ->> '$.keys' FROM audit_event ORDER BY seq`),
    left: rows('SELECT total - written FROM bulk_approval'),
  };
  db.close();
  return found;
}

test('an approval of very many records leaves the same rows, event and digest as one that writes them at once', async () => {
  const [one, other] = [workspace(), workspace()];
  expect(approveAll(one)).toMatchObject({ decided: 20_790, blocked: 210, label: 'Approved 20,790 records' });
  await writeDecisions({ writeDecisions: async () => one.ledger.writeDecisions() });
  const chosen = reading(other.folder, (cache) => cache.choose(all));
  other.ledger.decide({ selection: all, chosen: { ...chosen, count: 1 }, decision: 'approve', ...asAnn });
  expect(stored(one.folder)).toEqual(stored(other.folder));
  expect(stored(one.folder).left).toEqual([]);
});

test('it counts from the moment it was made, before a row of it is there, for pages, facets, plans and the history', () => {
  const place = workspace();
  approveAll(place);
  expect(stored(place.folder)).toMatchObject({ decisions: [], left: [[20_790]] });
  expect(counted(place.folder)).toEqual({ approve: 20_790, none: 210, hold: 0, exclude: 0 });
  reading(place.folder, (cache) => {
    expect(cache.page({ filter: 'decision:approve', sort: 'key', descending: false, limit: 1 }).total).toBe(20_790);
    expect(cache.show('k1', undefined)).toMatchObject({ decision: 'approve', decisionReason: 'looked at', decisionBy: 'ann', fallen: null });
    expect(cache.show('k100', undefined)).toMatchObject({ decision: 'none', decisionBy: null });
    const part = { selection: all, after: null, limit: 250 };
    for (const read of [cache.drawable(part), cache.plannable(part)]) expect(read.map(({ decision }) => decision)).toEqual(read.map(({ blockers }) => (blockers > 0 ? 'none' : 'approve')));
  });
  expect(place.ledger.events({ key: 'k1', limit: 10 }).total).toBe(1);
  expect(place.ledger.events({ key: 'k100', limit: 10 }).total).toBe(0);
  expect(place.ledger.history('k1', 10)).toMatchObject([{ type: 'decision.made', actor: 'ann', summary: 'Approved 20,790 records: looked at, left out 210 with blockers' }]);
  expect(place.ledger.history('k100', 10)).toEqual([]);
});

test('what is left after a kill is written by the next one who opens the ledger, and counts meanwhile', async () => {
  const place = workspace();
  approveAll(place);
  const next = place.reopened();
  expect(next.writeDecisions()).toBe(true);
  expect(stored(place.folder)).toMatchObject({ left: [[790]] });
  expect(counted(place.folder)).toMatchObject({ approve: 20_790 });
  expect(next.verify()).toMatchObject({ ok: true });
  const last = place.reopened();
  await writeDecisions({ writeDecisions: async () => last.writeDecisions() });
  expect(stored(place.folder)).toMatchObject({ left: [] });
  expect(stored(place.folder).decisions).toHaveLength(20_790);
  expect(last.verify()).toMatchObject({ ok: true });
});

test('a later decision, an undo and a redo wait for its rows, so that none of them is lost', () => {
  const place = workspace();
  const { undoId } = approveAll(place);
  place.ledger.decide({ selection: { items: [{ key: 'k1', kind: 'update' }] }, decision: 'hold', ...asAnn });
  expect(stored(place.folder).decisions.filter((row) => (row as string[])[3] === 'hold')).toHaveLength(1);
  expect(place.ledger.undo({ undoId, actor: 'ann' })).toMatchObject({ undone: 20_789, label: 'Undid: Approved 20,790 records (20,789 of 20,790)' });
  expect(counted(place.folder)).toMatchObject({ approve: 0, hold: 1 });
  expect(place.ledger.redo({ undoId, actor: 'ann' })).toMatchObject({ undone: 20_789 });
  expect(counted(place.folder)).toMatchObject({ approve: 20_789, hold: 1 });
});

test('where its snapshot is gone before all rows are there, the rest is undecided again, and log and steps say so', async () => {
  const place = workspace();
  approveAll(place);
  place.ledger.writeDecisions();
  rmSync(join(place.folder, 'cache.db'));
  load(place.folder, changes, 'S-0002');
  expect(counted(place.folder)).toMatchObject({ approve: 20_000, none: 1_000 });
  await writeDecisions({ writeDecisions: async () => place.ledger.writeDecisions() });
  expect(stored(place.folder)).toMatchObject({ left: [] });
  expect(place.ledger.decisionSteps(1)[0]?.label).toBe('Gave up: Approved 20,790 records (790 of 20,790: their snapshot is gone)');
  expect(place.ledger.events({ type: 'decision.undone', limit: 1 }).events[0]).toMatchObject({ actor: 'countersign', data: { count: 790, of: 20_790 } });
  expect(place.ledger.verify()).toMatchObject({ ok: true });
  const db = new DatabaseSync(join(place.folder, 'ledger.db'), { readOnly: true });
  expect(verifyLedger(db)).toMatchObject({ ok: true });
  db.close();
});

test('it is refused like any other: when it was chosen too early, or another number was told', () => {
  const place = workspace();
  const chosen = reading(place.folder, (cache) => cache.choose(all));
  const approve = (given: typeof chosen, expected: number | null) => () => place.ledger.decide({ selection: all, chosen: given, decision: 'approve', ...asAnn, expect: expected });
  expect(approve(chosen, 20_999)).toThrow('You were told of 20,999 records, but 21,000 are selected now.');
  expect(approve({ ...chosen, snapshotId: 'S-0000' }, 21_000)).toThrow('The snapshot or a decision is newer');
  expect(stored(place.folder)).toMatchObject({ decisions: [], left: [] });
  approve(chosen, 21_000)();
  expect(approve(chosen, 21_000)).toThrow('The snapshot or a decision is newer');
});
