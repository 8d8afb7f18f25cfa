import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestBackup } from '../../../../electron/adapters/sqlite/ledger/ledger-backup.ts';
import { openLedger } from '../../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { AppFailure } from '../../../../electron/core/app-failure.ts';
import { damaged, damages } from '../damage.ts';
import { anEvent, openStore, temporaryFolder } from './temporary-ledger.ts';

/** A closed ledger with some pages of events, and one backup of it. */
function writeLedger(): { folder: string; file: string; backup: string } {
  const folder = temporaryFolder();
  const store = openStore(folder);
  store.commit({ events: Array.from({ length: 120 }, (_, n) => anEvent({ keys: [`k${n}`], data: { payload: `kept-payload-${n}`, note: 'Café '.repeat(30) } })), writes: [] });
  const { file: backup } = store.backUp();
  store.close();
  return { folder, file: join(folder, 'ledger.db'), backup };
}

/** What a person who opens the workspace comes to know. */
function useLedger(folder: string): AppFailure | 'whole' {
  try {
    const store = openStore(folder);
    try {
      const report = store.verify();
      return report.ok ? 'whole' : new AppFailure('verification-failed', report.firstBad?.text ?? '');
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof AppFailure) return error;
    throw error;
  }
}

test('Row 25: a damaged ledger is refused as it is, and the newest backup and the way to restore it are named', () => {
  const { folder, file, backup } = writeLedger();
  const whole = readFileSync(file);
  let refused = 0;
  fc.assert(fc.property(damages, (damage) => {
    const bytes = damaged(whole, damage);
    writeFileSync(file, bytes);
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
    const said = useLedger(folder);
    if (said === 'whole' || said.error.code === 'verification-failed') return;
    refused += 1;
    expect(said.error.code).toBe('workspace-damaged');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    if (said.error.details['why'] === 'newer version') return;
    expect(said.message).toContain(`The newest backup is ${backup}.`);
    expect(said.message).toContain('found by looking at Salesforce');
  }), { numRuns: 60 });
  expect(refused).toBeGreaterThan(10);

  // The way that is named leads back to a whole ledger.
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  copyFileSync(backup, file);
  const restored = openStore(folder);
  expect(restored.verify()).toMatchObject({ ok: true, events: 121 });
  restored.commit({ events: [anEvent()], writes: [] });
});

test('Row 25: another letter in the name of a column is refused like any other damage', () => {
  const { folder, file, backup } = writeLedger();
  const bytes = readFileSync(file);
  // A page that was split may hold a dead copy too.
  for (let found = bytes.indexOf('hash TEXT'); found >= 0; found = bytes.indexOf('hash TEXT', found)) bytes[found] = 'j'.charCodeAt(0);
  writeFileSync(file, bytes);
  const said = useLedger(folder);
  expect(said).toMatchObject({ error: { code: 'workspace-damaged' }, message: expect.stringContaining('its tables are not those of a ledger (no such column: hash)') });
  expect(said).toMatchObject({ message: expect.stringContaining(`The newest backup is ${backup}.`) });
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('Row 25: a flipped byte in what an event states is found by the chain, though the pages hold together', () => {
  const { folder, file } = writeLedger();
  const whole = readFileSync(file);
  fc.assert(fc.property(fc.integer({ min: 0, max: 119 }), fc.nat(11), (event, letter) => {
    const text = `"payload":"kept-payload-${event}"`;
    const bytes = Buffer.from(whole);
    // A page that was split may hold a dead copy too.
    for (let found = bytes.indexOf(text); found >= 0; found = bytes.indexOf(text, found)) {
      const at = found + '"payload":"'.length + letter;
      bytes[at] = (bytes[at] as number) ^ 1;
    }
    writeFileSync(file, bytes);
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
    expect(useLedger(folder)).toMatchObject({ error: { code: 'verification-failed' } });
  }), { numRuns: 15 });
});

test('Row 25: the newest three backups are kept, each whole and with its hash beside it', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  for (let run = 1; run <= 5; run += 1) {
    store.commit({ events: [anEvent()], writes: [] });
    store.backUp();
  }
  const backups = join(folder, 'backups');
  expect(readdirSync(backups).toSorted()).toEqual(['ledger-0003.db', 'ledger-0003.db.sha256', 'ledger-0004.db', 'ledger-0004.db.sha256', 'ledger-0005.db', 'ledger-0005.db.sha256']);
  execFileSync('sha256sum', ['--check', '--quiet', 'ledger-0003.db.sha256', 'ledger-0004.db.sha256', 'ledger-0005.db.sha256'], { cwd: backups });
  const copy = temporaryFolder();
  copyFileSync(join(backups, 'ledger-0004.db'), join(copy, 'ledger.db'));
  expect(openStore(copy).verify()).toMatchObject({ ok: true, events: 5 });
});

test('Row 25: a backup that is itself damaged is not named; without one that is said', () => {
  const { folder, file, backup } = writeLedger();
  const store = openStore(folder);
  const newer = store.backUp().file;
  store.close();
  expect(newestBackup(file)).toBe(newer);
  writeFileSync(newer, damaged(readFileSync(newer), { kind: 'flip', at: 0.5, bit: 0 }));
  expect(newestBackup(file)).toBe(backup);
  rmSync(backup);
  expect(newestBackup(file)).toBeNull();
  writeFileSync(file, 'no ledger '.repeat(100));
  expect(useLedger(folder)).toMatchObject({ message: expect.stringContaining('There is no backup') });
});

test('Row 25: a backup that cannot be made leaves nothing behind and the ledger in use', () => {
  const { folder, backup } = writeLedger();
  const store = openStore(folder);
  mkdirSync(join(folder, 'backups', 'ledger-0002.db.new'));
  expect(() => store.backUp()).toThrow();
  expect(existsSync(join(folder, 'backups', 'ledger-0002.db.sha256'))).toBe(false);
  expect(newestBackup(join(folder, 'ledger.db'))).toBe(backup);
  store.commit({ events: [anEvent()], writes: [] });
  expect(store.verify().ok).toBe(true);
});

test('Row 25: in the app a backup is made beside the ledger, which answers and takes events meanwhile', async () => {
  const { folder, file } = writeLedger();
  const ledger = await openLedger({ folder });
  const order: string[] = [];
  const backup = ledger.backUp().then((made) => {
    order.push('backup');
    return made;
  });
  await ledger.commit({ events: [anEvent()], writes: [] });
  order.push('commit');
  const made = await backup;
  await ledger.close();
  expect(order).toEqual(['commit', 'backup']);
  expect(newestBackup(file)).toBe(made.file);
  const restored = temporaryFolder();
  copyFileSync(made.file, join(restored, 'ledger.db'));
  expect(openStore(restored).verify()).toMatchObject({ ok: true });
});
