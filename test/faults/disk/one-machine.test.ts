import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { anEvent, temporaryFolder } from '../../adapters/sqlite/ledger/temporary-ledger.ts';
import { chunkSize, openSmallBatch, planned } from './cases.ts';
import { effectsOf, problemsAfterRecovery } from './oracle.ts';
import { pushingLife } from './life-programs.ts';
import type { LifeEnd, LifeStart } from './pushing-life.ts';
import { run } from './strace.ts';
import { wordsOf } from './syscall-kills.ts';

const timeout = 300_000;
const place = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
const year = 365 * 86_400_000;

/** Wants to write to a workspace: says whether it may, writes one event if so, and holds the workspace until its input ends. */
const writer = (folder: string, event: object): string => `
  import { acquireWorkspaceLock } from ${place('../../../electron/adapters/sqlite/workspace-lock.ts')};
  import { openLedger } from ${place('../../../electron/adapters/sqlite/ledger/open-ledger.ts')};
  try {
    acquireWorkspaceLock(${JSON.stringify(folder)});
    const ledger = await openLedger({ folder: ${JSON.stringify(folder)}, threads: false });
    await ledger.commit({ events: [${JSON.stringify(event)}], writes: [] });
    console.log('won');
    process.stdin.resume();
  } catch (error) {
    console.log(error.message);
    process.exit(0);
  }`;

describe('on one machine', () => {
  it.each([2, 8])('Row 19: of %i processes that want to write to one workspace at once one does, and the others say so in plain words', { timeout }, async (count) => {
    const folder = temporaryFolder();
    const children = Array.from({ length: count }, () => spawn(process.execPath, ['--input-type=module', '-e', writer(folder, anEvent())], { stdio: ['pipe', 'pipe', 'inherit'] }));
    const said = await Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()));
    for (const child of children) child.kill('SIGKILL');
    expect(said.filter((words) => words === 'won')).toHaveLength(1);
    expect(said.filter((words) => words.startsWith('Another program is writing to this workspace.'))).toHaveLength(count - 1);
    const ledger = await openLedger({ folder, threads: false });
    expect(await ledger.verify()).toMatchObject({ ok: true, events: 2 });
    await ledger.close();
  });

  const clocks: [string, NonNullable<LifeStart['clockOffsets']>][] = [
    ['is a year late', { first: -year, later: -year, readings: 0 }],
    ['is a year early', { first: year, later: year, readings: 0 }],
    ['jumps back by a year in the middle', { first: 0, later: -year, readings: 8 }],
    ['jumps ahead by a year in the middle', { first: 0, later: year, readings: 8 }],
  ];
  it.each(clocks)('Row 27: a push while the clock %s sends each record once and keeps the log in order', { timeout }, async (_, clockOffsets) => {
    const bench = await openSmallBatch();
    try {
      const end = await run(process.execPath, wordsOf(pushingLife, { ...bench.start, clockOffsets }));
      expect([end.code, end.stderr]).toEqual([0, '']);
      expect(JSON.parse(end.stdout) as LifeEnd).toMatchObject({ state: 'completed', refusals: [] });
      expect(await problemsAfterRecovery(bench, planned, chunkSize)).toEqual([]);
    } finally {
      await bench.close();
    }
  });

  it('Row 28: a push that is put to sleep in a call, whose connection is gone when it wakes, goes on and sends each record once', { timeout }, async () => {
    const bench = await openSmallBatch();
    try {
      await bench.addFault({ match: { path: '/composite/sobjects$' }, action: { delayMs: 2_000, drop: 'after-effect' } });
      const child = spawn(process.execPath, wordsOf(pushingLife, bench.start), { stdio: ['ignore', 'pipe', 'inherit'] });
      let stdout = '';
      child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
      const closed = once(child, 'close');
      await vi.waitUntil(async () => (await bench.control<{ faults: { used: number }[] }>('GET', '/faults')).faults.some(({ used }) => used > 0), { timeout, interval: 20 });
      child.kill('SIGSTOP');
      await vi.waitUntil(async () => (await effectsOf(bench)).length > 0, { timeout, interval: 20 });
      child.kill('SIGCONT');
      expect(await closed).toEqual([0, null]);
      expect(JSON.parse(stdout) as LifeEnd).toMatchObject({ state: 'completed', refusals: [] });
      expect(await problemsAfterRecovery(bench, planned, chunkSize)).toEqual([]);
    } finally {
      await bench.close();
    }
  });
});
