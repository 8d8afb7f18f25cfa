import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from '../../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { ledgerApplicationId, ledgerMigrations } from '../../../../electron/adapters/sqlite/ledger/ledger-schema.ts';
import { isCheckpointSigned } from '../../../../electron/core/audit/checkpoint.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import { anEvent, choose, openStore, tamper, temporaryFolder, writePending } from './temporary-ledger.ts';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : String(error);
  }
  return 'none';
}

test('a new ledger begins with its creation and keeps its lineage', () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const [created] = first.eventsFrom(1, 10);
  expect(created).toMatchObject({ seq: 1, type: 'ledger.created', prev: '0'.repeat(64) });
  expect(first.verify()).toMatchObject({ ok: true, events: 1, head: created?.hash });
  first.close();
  const again = openStore(folder);
  again.commit({ events: [anEvent()], writes: [] });
  expect(again.eventsFrom(2, 10)).toMatchObject([{ seq: 2, lineage: created?.lineage, prev: created?.hash }]);
  expect(readdirSync(folder).filter((name) => name.includes('new'))).toEqual([]);
});

test('a ledger that is no database, empty, cut off or from a newer version is refused and left as it is', () => {
  const damages: ((file: string, folder: string) => void)[] = [
    (file) => writeFileSync(file, 'not a database, but long enough to look like one. '.repeat(40)),
    (file) => writeFileSync(file, ''),
    (file) => truncateSync(file, 100),
    (_, folder) => tamper(folder, (db) => db.pragma('user_version = 99')),
    (_, folder) => tamper(folder, (db) => db.exec(`DELETE FROM meta WHERE name = 'lineage'`)),
  ];
  for (const damage of damages) {
    const folder = temporaryFolder();
    openStore(folder).close();
    const file = join(folder, 'ledger.db');
    damage(file, folder);
    const before = readFileSync(file);
    expect(codeOf(() => openStore(folder))).toBe('workspace-damaged');
    expect(readFileSync(file).equals(before)).toBe(true);
  }
});

test('a read-only ledger reads while another connection writes, and refuses to write', () => {
  const folder = temporaryFolder();
  const writer = openStore(folder);
  const reader = openStore(folder, { readonly: true });
  writer.commit({ events: [anEvent()], writes: [] });
  expect(reader.chainHead()).toEqual(writer.chainHead());
  expect(reader.verify().ok).toBe(true);
  expect(codeOf(() => reader.commit({ events: [anEvent()], writes: [] }))).toBe('audit-not-writable');
});

test('a missing ledger is not made by reading', () => {
  const folder = temporaryFolder();
  expect(codeOf(() => openStore(folder, { readonly: true }))).toBe('not-found');
  expect(readdirSync(folder)).toEqual([]);
});

test('a step is all or nothing', () => {
  const store = openStore(temporaryFolder());
  const run = { write: 'record.results' as const, runId: 'R-1', results: [{ key: 'k', kind: 'update' as const, state: 'succeeded' as const, code: null, message: null, fields: [], salesforceId: null, now: null }] };
  expect(() => store.commit({ events: [anEvent()], writes: [run] })).toThrow('final outcome');
  expect(store.chainHead().events).toBe(1);
  expect(() => store.commit({ events: [], writes: [{ write: 'pause.set', pause: null }] })).toThrow('audit event');
});

test('single values, numbers and the pinned org are kept', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  expect([store.nextNumber('batch'), store.nextNumber('batch'), store.nextNumber('run')]).toEqual([1, 2, 1]);
  const pause = { by: 'ann', at: '2026-11-23T12:00:00.000Z', reason: 'wrong zips' };
  const org = { id: '00D000000000001AAA', name: 'Sample Org', environment: 'simulated' as const, url: 'http://127.0.0.1:1', user: { id: '005000000000001AAA', username: 'ann@example.com' } };
  store.commit({ events: [anEvent({ type: 'pushes.paused' })], writes: [{ write: 'pause.set', pause }, { write: 'org.pin', org }] });
  expect(store.paused()).toEqual(pause);
  expect(store.pinnedOrg()).toEqual(org);
  expect(codeOf(() => store.commit({ events: [anEvent()], writes: [{ write: 'org.pin', org: { ...org, id: '00D000000000002AAA' } }] }))).toBe('refused');
  store.commit({ events: [anEvent({ type: 'pushes.resumed' })], writes: [{ write: 'pause.set', pause: null }] });
  expect(store.paused()).toBeNull();
});

test('the ledger works the same in a worker thread, and its failures cross as data', async () => {
  const folder = temporaryFolder();
  const ledger = await openLedger({ folder });
  writePending(folder, [{ key: 'a' }]);
  const { undoId } = await ledger.decide({ selection: { filter: '', except: [] }, chosen: choose(folder), decision: 'hold', reason: null, actor: 'ann' });
  expect(await ledger.undo({ undoId, actor: 'ann' })).toMatchObject({ undone: 1 });
  await expect(ledger.undo({ undoId, actor: 'ann' })).rejects.toMatchObject({ error: { code: 'refused' } });
  expect(await ledger.verify()).toMatchObject({ ok: true, events: 3 });
  await ledger.close();
});

test('a missing ledger beside a loaded snapshot is refused, not made anew; a workspace without one is new', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'ledger.db');
  openStore(folder).close();
  rmSync(file);
  openStore(folder).close();
  expect(existsSync(file)).toBe(true);
  writePending(folder, [{ key: 'a' }]);
  rmSync(file);
  for (const readonly of [false, true]) expect(codeOf(() => openStore(folder, { readonly }))).toBe('workspace-damaged');
  expect(existsSync(file)).toBe(false);
});

test('a ledger whose file is gone but whose log is left is refused', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ledger.db-wal'), 'left');
  expect(codeOf(() => openStore(folder))).toBe('workspace-damaged');
});

test('how far the log was copied is kept without an event, and survives', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  expect(store.shipping()).toEqual({ shipped: 0, at: null, anchor: null, failure: null });
  const shipping = { shipped: 1, at: '2026-11-26T12:00:00.000Z', anchor: { seq: 1, head: 'a'.repeat(64), at: '2026-11-26T12:00:00.000Z' }, failure: { at: '2026-11-26T12:00:01.000Z', code: 'source-unavailable', message: 'Away.', fork: false } };
  store.commit({ events: [], writes: [{ write: 'audit.shipping', shipping }] });
  store.close();
  const again = openStore(folder);
  expect(again.shipping()).toEqual(shipping);
  expect(again.verify()).toMatchObject({ ok: true, events: 1 });
});

test('the head is signed once, where the chain ends now', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  store.commit({ events: [anEvent(), anEvent()], writes: [] });
  const signed = store.signHead();
  expect(signed).toMatchObject({ lineage: store.lineage(), publicKey: store.eventsFrom(1, 1)[0]?.data['publicKey'], seq: 3, head: store.chainHead().head });
  expect(store.signHead()).toEqual(signed);
  expect(isCheckpointSigned(signed.publicKey, signed.lineage, signed, signed.signature)).toBe(true);
  store.close();
  tamper(folder, (db) => db.exec('DELETE FROM audit_event WHERE seq = 3'));
  expect(openStore(folder).signHead()).toMatchObject({ seq: 2 });
});

/** Puts zeros where the first page of an index was. */
function blankIndex(folder: string, name: string): void {
  const file = join(folder, 'ledger.db');
  const db = openDatabase(file, { readonly: true, durability: 'full' });
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) as number;
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  db.close();
  const open = openSync(file, 'r+');
  writeSync(open, Buffer.alloc(pageBytes), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(open);
}

test('a damaged page is found when the ledger is opened for writing, and by verification where it was opened for reading', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  store.commit({ events: [anEvent(), anEvent()], writes: [] });
  store.close();
  blankIndex(folder, 'audit_event_actor');
  const before = readFileSync(join(folder, 'ledger.db'));
  expect(codeOf(() => openStore(folder))).toBe('workspace-damaged');
  const reader = openStore(folder, { readonly: true });
  expect(reader.chainHead().events).toBe(3);
  expect(codeOf(() => reader.verify())).toBe('workspace-damaged');
  expect(readFileSync(join(folder, 'ledger.db')).equals(before)).toBe(true);
});

test('every connection has the settings that durability and distrust of the file ask for', () => {
  const folder = temporaryFolder();
  openStore(folder).close();
  const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  const names = ['journal_mode', 'synchronous', 'fullfsync', 'checkpoint_fullfsync', 'foreign_keys', 'trusted_schema', 'cell_size_check', 'mmap_size', 'busy_timeout', 'application_id', 'user_version'];
  const settings = Object.fromEntries(names.map((name) => [name, db.pragma(name, { simple: true })]));
  db.close();
  expect(settings).toEqual({
    journal_mode: 'wal', synchronous: 2, fullfsync: 1, checkpoint_fullfsync: 1, foreign_keys: 1, trusted_schema: 0, cell_size_check: 1, mmap_size: 0, busy_timeout: 5_000,
    application_id: ledgerApplicationId, user_version: ledgerMigrations.length,
  });
});
