import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { acquireWorkspaceLock } from '../../../electron/adapters/sqlite/workspace-lock.ts';
import { temporaryFolder } from './ledger/temporary-ledger.ts';

test('a second writer is told that the workspace is busy, and gets it once the first lets go', () => {
  const folder = temporaryFolder();
  const lock = acquireWorkspaceLock(folder);
  expect(() => acquireWorkspaceLock(folder)).toThrow('Another program');
  lock.release();
  lock.release();
  acquireWorkspaceLock(folder).release();
});

test('a killed process holds nothing', async () => {
  const folder = temporaryFolder();
  const entry = new URL('../../../electron/adapters/sqlite/workspace-lock.ts', import.meta.url).href;
  const script = `import { acquireWorkspaceLock } from ${JSON.stringify(entry)}; acquireWorkspaceLock(${JSON.stringify(folder)}); console.log('held'); process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => acquireWorkspaceLock(folder)).toThrow('Another program');
  child.kill('SIGKILL');
  await once(child, 'exit');
  acquireWorkspaceLock(folder).release();
});
