import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCache } from '../../../../electron/adapters/sqlite/cache/open-cache.ts';
import { openDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { change, decide, facts, load, mapping, newFolder, property, removeFolders, storeIn, writerIn } from './made-up-changes.ts';

const first = [change({ key: 'a', kind: 'create', name: 'Park' }), change({ key: 'b', kind: 'update', name: 'Zoo' }), change({ key: 'c', kind: 'update' })];
const page = { filter: '', sort: 'key', descending: false, limit: 100 } as const;

afterAll(removeFolders);

describe('the next snapshot', () => {
  test('is compared with the last: added, changed, removed', () => {
    const folder = newFolder();
    expect(load(folder, first)).toMatchObject({ id: 'S-0001', creates: 1, updates: 2, added: 3, changed: 0, removed: 0 });
    const next = [change({ key: 'a', kind: 'create', name: 'Park' }), change({ key: 'b', kind: 'update', name: 'Zoo 2' }), change({ key: 'd', kind: 'update' })];
    expect(load(folder, next, 'S-0002')).toMatchObject({ id: 'S-0002', added: 1, changed: 1, removed: 1 });
    const db = openDatabase(join(folder, 'cache.db'), { durability: 'normal', readonly: true });
    expect(db.prepare('SELECT key, state FROM since_last ORDER BY key').all()).toEqual([
      { key: 'b', state: 'changed' },
      { key: 'c', state: 'removed' },
      { key: 'd', state: 'added' },
    ]);
    db.close();
  });

  test('keeps decisions on unchanged content and says how many fell away', () => {
    const folder = newFolder();
    load(folder, first);
    decide(folder, first, 'approve');
    const snapshot = load(folder, [change({ key: 'a', kind: 'create', name: 'Park' }), change({ key: 'b', kind: 'update', name: 'Other' })], 'S-0002');
    expect(snapshot.notices).toEqual(['1 decision fell away because its change is different now.']);
    const store = storeIn(folder);
    expect(store.page(page).items.map(({ key, decision }) => [key, decision])).toEqual([['a', 'approve'], ['b', 'none']]);
    store.close();
  });

  test('is invisible until the commit, and a reader sees it right after', () => {
    const folder = newFolder();
    load(folder, first);
    const store = storeIn(folder);
    const before = store.page(page);
    const writer = writerIn(folder);
    writer.addProperties([property('x')]);
    writer.addCandidates([change({ key: 'x', kind: 'create', name: 'New' })]);
    writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
    expect(store.page(page)).toEqual(before);
    writer.finish(facts('S-0002'));
    expect(store.page(page)).toEqual(before);
    expect(store.snapshot()?.id).toBe('S-0001');
    writer.commit();
    writer.close();
    expect(store.snapshot()?.id).toBe('S-0002');
    expect(store.page(page).items.map(({ key }) => key)).toEqual(['x']);
    store.close();
  });

  test('leaves the old one when it is given up', () => {
    const folder = newFolder();
    load(folder, first);
    const before = storeIn(folder);
    const expected = before.page(page);
    before.close();
    const writer = writerIn(folder);
    writer.addCandidates([change({ key: 'x', kind: 'create' })]);
    writer.finish(facts('S-0002'));
    writer.close();
    const store = storeIn(folder);
    expect(store.page(page)).toEqual(expected);
    expect(store.snapshot()?.id).toBe('S-0001');
    store.close();
  });

  test('leaves the old one when its process is killed before the commit', async () => {
    const folder = newFolder();
    load(folder, first);
    const child = spawn(process.execPath, [new URL('./writing-child.ts', import.meta.url).pathname, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = storeIn(folder);
    expect(store.snapshot()?.id).toBe('S-0001');
    expect(store.page(page).items.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    store.close();
    expect(load(folder, first, 'S-0002')).toMatchObject({ id: 'S-0002', added: 0, changed: 0, removed: 0 });
  });

  test('stores only the first of two updates of one key and marks it', () => {
    const folder = newFolder();
    const writer = writerIn(folder);
    writer.addProperties([property('b')]);
    writer.addCandidates([change({ key: 'b', kind: 'update' }), change({ key: 'b', kind: 'update', name: 'Second' })]);
    writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
    expect(writer.finish(facts('S-0001'))).toMatchObject({ updates: 1 });
    writer.commit();
    writer.close();
    const store = storeIn(folder);
    expect(store.show('b', undefined)).toMatchObject({ name: null, blockers: 1, checks: ['duplicate-staging-key'] });
    store.close();
  });
});

describe('a cache file', () => {
  test.each([
    ['that is no database', (file: string) => writeFileSync(file, 'this is no database, it is just text of some length')],
    ['of another program', (file: string) => otherDatabase(file)],
    ['with broken pages', (file: string) => brokenDatabase(file)],
  ])('%s is moved aside and made anew', async (_, damage) => {
    const folder = newFolder();
    damage(join(folder, 'cache.db'));
    const cache = await openCache({ folder, mapping, threads: false });
    expect(await cache.snapshot()).toBeNull();
    expect((await cache.page(page)).total).toBe(0);
    await cache.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('cache.db.damaged-')).length).toBeGreaterThan(0);
  });

  test('that is not there reads as empty when nothing may be written', async () => {
    const folder = newFolder();
    const cache = await openCache({ folder, mapping, readonly: true, threads: false });
    expect(await cache.snapshot()).toBeNull();
    expect(await cache.page(page)).toEqual({ total: 0, items: [], next: null });
    expect(await cache.checks()).toMatchObject({ checks: [], blockers: 0 });
    await expect(cache.beginSnapshot(mapping, null)).rejects.toThrow(/reading only/u);
    await cache.close();
    expect(existsSync(join(folder, 'cache.db'))).toBe(false);
  });

  test('is read and filled the same way by threads', async () => {
    const folder = newFolder();
    const cache = await openCache({ folder, mapping });
    const writer = await cache.beginSnapshot(mapping, null);
    await writer.addProperties([property('a')]);
    await writer.addCandidates([change({ key: 'a', kind: 'create', name: 'Park' })]);
    await writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
    expect(await cache.snapshot()).toBeNull();
    const announced: string[] = [];
    await writer.commit(facts('S-0001'), async ({ id }) => {
      announced.push(id);
      expect(await cache.snapshot()).toBeNull();
    });
    expect(announced).toEqual(['S-0001']);
    expect(await cache.snapshot()).toMatchObject({ id: 'S-0001', creates: 1 });
    await expect(cache.page({ ...page, filter: 'colour:red' })).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    const abandoned = await cache.beginSnapshot(mapping, null);
    await abandoned.rollback();
    expect(await cache.snapshot()).toMatchObject({ id: 'S-0001' });
    await cache.close();
  });
});

function otherDatabase(file: string): void {
  const db = openDatabase(file, { durability: 'normal' });
  db.exec('CREATE TABLE something (else_ TEXT)');
  db.close();
}

function brokenDatabase(file: string): void {
  const db = openDatabase(file, { durability: 'normal' });
  db.exec('CREATE TABLE something (else_ TEXT)');
  db.pragma('journal_mode = DELETE');
  db.close();
  writeFileSync(file, Buffer.alloc(4_096, 7), { flag: 'r+' });
}
