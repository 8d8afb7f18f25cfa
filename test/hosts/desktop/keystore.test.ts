import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeystore, type Keystore } from '../../../electron/hosts/desktop/keystore.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { scopedSecrets } from '../../../electron/hosts/workspace/scoped-secrets.ts';
import { KeystoreDouble } from './electron-double.ts';

let folder: string;
let system: KeystoreDouble;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-keystore-'));
  system = new KeystoreDouble();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (platform: NodeJS.Platform = 'linux', place = folder): Keystore => createKeystore({ safeStorage: system, folder: place, platform });
const stored = (): string => readFileSync(join(folder, 'secrets.json'), 'utf8');

/** Runs work while nothing may be written in the folder; as another user where this one may write everywhere. */
async function withoutWriting(work: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const nobody = 65_534;
  if (isRoot) for (const path of [folder, join(folder, 'secrets.json')]) chownSync(path, nobody, nobody);
  chmodSync(folder, 0o500);
  if (isRoot) process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o700);
  }
}

describe('the keystore of the desktop app', () => {
  it('keeps a secret sealed, in a file of this user alone, until it is forgotten', async () => {
    expect(await open().set('a', 'made-up-secret')).toEqual({ value: null, isLasting: true });
    expect(await open().get('a')).toEqual({ value: 'made-up-secret', isLasting: true });
    expect([stored().includes('made-up'), readdirSync(folder)]).toEqual([false, ['secrets.json']]);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    await open().set('b', 'another');
    await open().set('a', null);
    expect([await open().get('a'), await open().get('b')]).toMatchObject([{ value: null, isLasting: true }, { value: 'another' }]);
    expect(Object.keys((JSON.parse(stored()) as { sealed: object }).sealed)).toEqual(['b']);
  });

  it('loses none of two secrets that are stored at once', async () => {
    const keystore = open();
    await Promise.all(['a', 'b', 'c'].map((name) => keystore.set(name, `value of ${name}`)));
    expect(await Promise.all(['a', 'b', 'c'].map(async (name) => (await open().get(name)).value))).toEqual(['value of a', 'value of b', 'value of c']);
  });

  it.each([
    ['the keystore is only a fixed password', () => void (system.backend = 'basic_text')],
    ['there is no keystore', () => void (system.isAvailable = false)],
    ['the keystore is locked', () => void (system.isLocked = true)],
  ])('keeps a secret in memory only where %s, and says so', async (_, arrange) => {
    arrange();
    const keystore = open();
    expect(await keystore.set('a', 'made-up-secret')).toMatchObject({ isLasting: false });
    expect(await keystore.get('a')).toEqual({ value: 'made-up-secret', isLasting: false });
    expect([(await open().get('a')).value, readdirSync(folder)]).toEqual([null, []]);
    await keystore.set('a', null);
    expect((await keystore.get('a')).value).toBeNull();
  });

  it('keeps a secret in memory where its file cannot be written', async () => {
    const nowhere = join(folder, 'missing', 'deeper');
    const keystore = open('darwin', nowhere);
    expect(await keystore.set('a', 'made-up-secret')).toMatchObject({ isLasting: false });
    expect((await keystore.get('a')).value).toBe('made-up-secret');
  });

  it.runIf(process.platform !== 'win32')('rejects where an older secret cannot be taken out of the file, and leaves it as it was', async () => {
    await open().set('a', 'old');
    const keystore = open();
    const denied = { code: 'EACCES' };
    await withoutWriting(async () => {
      await expect(keystore.set('a', null)).rejects.toMatchObject(denied);
      await expect(keystore.set('a', 'new')).rejects.toMatchObject(denied);
      expect(await keystore.get('a')).toEqual({ value: 'old', isLasting: true });
      // What is not in the file needs no writing.
      expect(await keystore.set('b', 'another')).toEqual({ value: null, isLasting: false });
      expect(await keystore.set('b', null)).toEqual({ value: null, isLasting: true });
    });
    expect(await keystore.set('a', null)).toEqual({ value: null, isLasting: true });
    expect((await open().get('a')).value).toBeNull();
  });

  it('forgets the sealed secret also while the keystore is away, and never takes up an old one again', async () => {
    await open().set('a', 'old');
    system.isAvailable = false;
    await open().set('a', 'new');
    system.isAvailable = true;
    expect((await open().get('a')).value).toBeNull();
  });

  it('asks Linux alone which keystore it is', async () => {
    system.backend = 'basic_text';
    expect(await open('darwin').set('a', 'made-up-secret')).toMatchObject({ isLasting: true });
  });

  it('seals anew when the keystore has a new key', async () => {
    await open().set('a', 'made-up-secret');
    system.shouldReEncrypt = true;
    expect((await open().get('a')).value).toBe('made-up-secret');
    expect(system.sealedCount).toBe(2);
  });

  it('counts what cannot be opened or read as not there', async () => {
    await open().set('a', 'made-up-secret');
    system.isLocked = true;
    expect((await open().get('a')).value).toBeNull();
    system.isLocked = false;
    for (const text of ['', 'null', '{"version":2,"sealed":{}}', '{"version":1,"sealed":{"a":"%%%"}}']) {
      writeFileSync(join(folder, 'secrets.json'), text);
      expect([text, (await open().get('a')).value]).toEqual([text, null]);
    }
    await open().set('a', 'again');
    expect((await open().get('a')).value).toBe('again');
  });
});

describe('secrets of a workspace', () => {
  it('are found by the same workspace at the same address only', async () => {
    const secrets = sessionSecrets();
    const scope = (folder: string, host: string) => scopedSecrets(secrets, [folder, host]);
    await scope('/one', 'a.example').set('databricks.token', 'made-up-secret');
    expect([await scope('/one', 'a.example').get('databricks.token'), secrets.isLasting, scope('/one', 'a.example').isLasting]).toEqual(['made-up-secret', false, false]);
    for (const [folder, host] of [['/one', 'b.example'], ['/two', 'a.example'], ['/one/a', '.example']] as const) expect(await scope(folder, host).get('databricks.token')).toBeNull();
    await scope('/one', 'a.example').set('databricks.token', null);
    expect(await scope('/one', 'a.example').get('databricks.token')).toBeNull();
  });
});
