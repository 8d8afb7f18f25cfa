import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOrgFile } from '../../../electron/sample/org/org-file.ts';
import { seedRecords } from './independent-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-serve-'));
const file = join(folder, 'org.db');
const announce = join(folder, 'org.json');
beforeEach(() => {
  createOrgFile({ file, records: seedRecords(3) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function serve(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['electron/sample/org/serve.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

async function announced(): Promise<Record<string, string>> {
  const watcher = watch(folder);
  while (!existsSync(announce)) await once(watcher, 'change');
  watcher.close();
  return JSON.parse(readFileSync(announce, 'utf8')) as Record<string, string>;
}

test('It says on stdout where it listens and how to sign in, and ends cleanly on SIGTERM', async () => {
  const child = serve('--file', file);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const said = JSON.parse(line.toString('utf8')) as Record<string, string>;
  expect(said).toMatchObject({ pid: child.pid, password: 'countersign' });
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: said['clientId'] ?? '',
    client_secret: said['clientSecret'] ?? '',
    username: said['username'] ?? '',
    password: said['password'] ?? '',
  });
  expect((await fetch(`${said['url']}/services/oauth2/token`, { method: 'POST', body })).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exitOf(child)).toBe(0);
});

test('With --announce it writes the file instead, and removes it when it ends', async () => {
  const child = serve('--file', file, '--announce', announce);
  const said = await announced();
  expect((await fetch(`${said['url']}/services/data`)).status).toBe(200);
  child.kill('SIGINT');
  expect(await exitOf(child)).toBe(0);
  expect(existsSync(announce)).toBe(false);
});

test('It ends by itself when idle', async () => {
  expect(await exitOf(serve('--file', file, '--idle-exit-ms', '50'))).toBe(0);
});

test('It ends by itself when its file disappears', async () => {
  const child = serve('--file', file, '--announce', announce);
  await announced();
  rmSync(file);
  expect(await exitOf(child)).toBe(0);
});

test('Wrong arguments end it with code 2', async () => {
  expect(await exitOf(serve())).toBe(2);
  expect(await exitOf(serve('--file', join(folder, 'none.db')))).toBe(2);
  expect(await exitOf(serve('--file', file, '--port', 'x'))).toBe(2);
});
