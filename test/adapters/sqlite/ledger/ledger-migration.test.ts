import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openCacheForReading, openCacheForWriting } from '../../../../electron/adapters/sqlite/cache/cache-file.ts';
import { ledgerApplicationId, ledgerMigrations } from '../../../../electron/adapters/sqlite/ledger/ledger-schema.ts';
import { openDatabase, type SqliteDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import { interruptAt } from './interrupted-statements.ts';
import { anEvent, openStore, tamper, temporaryFolder, writePending } from './temporary-ledger.ts';

const newest = ledgerMigrations.length;
const fileOf = (folder: string) => join(folder, 'ledger.db');

/** A ledger as a version of the past has left it: with events, checkpoints and a run of three records. */
function writeOldLedger(version: number): string {
  const folder = temporaryFolder();
  const present = openStore(folder);
  present.commit({ events: Array.from({ length: 30 }, (_, n) => anEvent({ keys: [`k${n}`] })), writes: [] });
  present.close();
  const source = openDatabase(fileOf(folder), { readonly: true, durability: 'full' });
  const rows = ['meta', 'audit_event', 'audit_event_key', 'checkpoint'].map((table) => [table, source.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][]] as const);
  source.close();
  for (const end of ['', '-wal', '-shm']) rmSync(fileOf(folder) + end, { force: true });
  const db = openDatabase(fileOf(folder), { durability: 'full' });
  for (const sql of ledgerMigrations.slice(0, version)) db.exec(sql);
  db.pragma(`application_id = ${ledgerApplicationId}`);
  db.pragma(`user_version = ${version}`);
  for (const [table, all] of rows) for (const row of all) db.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(...row);
  for (const [place, state] of ['succeeded', 'failed', 'planned'].entries()) db.prepare('INSERT INTO run_record (run_id, kind, key, state) VALUES (?, ?, ?, ?)').run('R-1', 'update', `p${place}`, state);
  if (version < 3) db.exec("INSERT INTO viewed VALUES ('a', 'update', 'hash-a')");
  db.close();
  return folder;
}

const read = <T>(folder: string, work: (db: SqliteDatabase) => T): T => {
  const db = openDatabase(fileOf(folder), { readonly: true, durability: 'full' });
  try {
    return work(db);
  } finally {
    db.close();
  }
};
const versionIn = (folder: string) => read(folder, (db) => db.pragma('user_version', { simple: true }));
/** Everything that the schema says, in order. */
const schemaIn = (folder: string) => read(folder, (db) => db.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name').all());

/** An interrupted migration has left the version that was, whole; the next start brings it to the newest. */
function expectOldThenNew(folder: string, version: number, old: unknown, fresh: unknown): void {
  expect(versionIn(folder)).toBe(version);
  expect(schemaIn(folder)).toEqual(old);
  const store = openStore(folder);
  expect(store.verify()).toMatchObject({ ok: true, events: 31 });
  store.close();
  expect(versionIn(folder)).toBe(newest);
  expect(schemaIn(folder)).toEqual(fresh);
  expect(read(folder, (db) => db.prepare('SELECT total, succeeded, failed, planned FROM run_tally').all())).toEqual([{ total: 3, succeeded: 1, failed: 1, planned: 1 }]);
}

describe.each(Array.from({ length: newest - 1 }, (_, at) => at + 1))('Row 26: a migration from version %i', (version) => {
  const copyOf = (folder: string): string => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    return copy;
  };
  const freshSchema = () => {
    const folder = temporaryFolder();
    openStore(folder).close();
    return schemaIn(folder);
  };

  test('that fails at any of its statements leaves the old version, whole, and is made up for by the next start', () => {
    const folder = writeOldLedger(version);
    const [old, fresh] = [schemaIn(folder), freshSchema()];
    const counted = interruptAt(0, () => {});
    openStore(copyOf(folder)).close();
    const statements = counted();
    expect(statements).toBeGreaterThan(3);
    for (let number = 1; number <= statements; number += 1) {
      const copy = copyOf(folder);
      const end = interruptAt(number, () => {
        throw new Error('made-up fault');
      });
      try {
        expect(() => openStore(copy)).toThrow('made-up fault');
      } finally {
        end();
      }
      expectOldThenNew(copy, version, old, fresh);
    }
  });

  test('that is killed leaves the old version, whole', () => {
    const folder = writeOldLedger(version);
    const [old, fresh] = [schemaIn(folder), freshSchema()];
    for (const number of [1, 5, 9]) {
      const copy = copyOf(folder);
      const { signal } = spawnSync(process.execPath, [fileURLToPath(new URL('migrating-child.ts', import.meta.url)), copy, String(number)]);
      expect(signal).toBe('SIGKILL');
      expectOldThenNew(copy, version, old, fresh);
    }
  });

  test('is not needed to read it: what it does not hold yet reads as empty, and the file stays as it is', () => {
    const folder = writeOldLedger(version);
    const old = schemaIn(folder);
    const reader = openStore(folder, { readonly: true });
    expect(reader.chainHead().events).toBe(31);
    expect([reader.comments('a', 'hash-a'), reader.savedViews(), reader.recordRuns('p0'), reader.sample(''), reader.decisionSteps(5)]).toEqual([[], [], [], null, []]);
    expect(reader.runs(null)).toEqual([]);
    const { db, ledger } = openCacheForReading(join(folder, 'cache.db'), fileOf(folder));
    expect(db.prepare(`SELECT COUNT(*) FROM ${ledger}.review_mark`).pluck().get()).toBe(0);
    db.close();
    openCacheForWriting(join(folder, 'cache.db')).close();
    const beside = openCacheForReading(join(folder, 'cache.db'), fileOf(folder));
    expect(beside.db.prepare(`SELECT key, mark FROM ${beside.ledger}.review_mark`).all()).toEqual(version < 3 ? [{ key: 'a', mark: 'viewed' }] : []);
    expect(schemaIn(folder)).toEqual(old);

    openStore(folder).close();
    expect(beside.isOutdated()).toBe(true);
    beside.db.close();
    expect([reader.chainHead().events, reader.comments('a', 'hash-a')]).toEqual([31, []]);
    expect(versionIn(folder)).toBe(newest);
  });

  test.runIf(version < 3)('keeps what was viewed, and lets old steps be undone and redone', () => {
    const folder = writeOldLedger(version);
    const db = openDatabase(fileOf(folder), { durability: 'full' });
    const step = db.prepare('INSERT INTO decision_step (undo_id, label, actor, at, undoes, undone) VALUES (?, ?, ?, ?, ?, ?)');
    step.run('U-1', 'Held 1 record', 'ann', '', null, 0);
    step.run('U-2', 'Undid: Held 1 record', 'ann', '', 'U-1', 1);
    step.run('U-3', 'Redid: Held 1 record', 'ann', '', 'U-2', 0);
    db.exec(`INSERT INTO decision_undo VALUES ('U-1', 'a', 'update', NULL, 'U-1'); INSERT INTO decision VALUES ('a', 'update', 'hash-a', 'hold', NULL, 'ann', '', 'U-1')`);
    db.close();
    writePending(folder, [{ key: 'a' }]);
    const store = openStore(folder);
    expect(read(folder, (now) => now.prepare('SELECT key, mark FROM review_mark').all())).toEqual([{ key: 'a', mark: 'viewed' }]);
    expect(store.undo({ undoId: null, actor: 'ann' })).toMatchObject({ undone: 1, label: 'Undid: Held 1 record' });
    expect(store.redo({ undoId: null, actor: 'ann' })).toMatchObject({ undone: 1, label: 'Redid: Held 1 record' });
    expect(read(folder, (now) => now.prepare('SELECT decision FROM decision').pluck().all())).toEqual(['hold']);
  });

  test('backs the old version up first', () => {
    const folder = writeOldLedger(version);
    openStore(folder).close();
    expect(readdirSync(join(folder, 'backups'))).toEqual(['ledger-0001.db', 'ledger-0001.db.sha256']);
    const backup = openDatabase(join(folder, 'backups', 'ledger-0001.db'), { readonly: true, durability: 'full' });
    expect([backup.pragma('user_version', { simple: true }), backup.prepare('SELECT COUNT(*) FROM audit_event').pluck().get()]).toEqual([version, 31]);
    backup.close();
  });
});

test('Row 26: a ledger of a newer version is refused, and what is said is not to restore a backup but to use that version', () => {
  const folder = temporaryFolder();
  openStore(folder).close();
  tamper(folder, (db) => db.pragma(`user_version = ${newest + 1}`));
  for (const readonly of [false, true]) {
    expect(() => openStore(folder, { readonly })).toThrow(AppFailure);
    expect(() => openStore(folder, { readonly })).toThrow(/newer version of the app.*Open this workspace with that version/u);
  }
  expect(versionIn(folder)).toBe(newest + 1);
});
