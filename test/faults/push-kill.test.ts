import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Run } from '../../shared/domain/batch.ts';
import { openWorkbench, outcomesOf, planOf, type PushWorkbench } from '../core/push/push-workbench.ts';

const child = fileURLToPath(new URL('./push-child.ts', import.meta.url));
const creates = 40;
const updates = 40;
const kills = 12;
const timeoutMs = 300_000;

/** Random numbers from a seed, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function live(bench: PushWorkbench, killAt: number, inFlightMs: number): Promise<{ signal: string | null; code: number | null; stdout: string; stderr: string }> {
  const { url, credentials } = bench.simulated;
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, [child, JSON.stringify({ folder: bench.folder, url, credentials, killAt, inFlightMs })], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    process_.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    process_.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    process_.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

it('A run that is killed at random moments, also while it recovers, loses nothing and sends nothing twice', async () => {
  const seed = Number(process.env['PUSH_KILL_SEED'] ?? 20_261_123);
  const random = randomFrom(seed);
  const bench = await openWorkbench(planOf(creates, updates), { chunkSize: 5 });
  await bench.ledger.close();
  try {
    for (let killed = 0; killed < kills; killed += 1) {
      const end = await live(bench, 1 + random(15), random(8));
      expect({ seed, killed, ...end }).toMatchObject({ signal: 'SIGKILL' });
    }
    const last = await live(bench, 0, 0);
    expect(last).toMatchObject({ code: 0, stderr: '' });
    const { run } = JSON.parse(last.stdout) as { run: Run };
    expect(run, `seed ${seed}`).toMatchObject({ state: 'completed', counts: { planned: creates + updates, succeeded: creates + updates } });

    const effects = (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);
    expect(effects, `seed ${seed}`).toHaveLength(creates + updates);
    expect(new Set(effects).size).toBe(creates + updates);

    const ledger = await openLedger({ folder: bench.folder, readonly: true, threads: false });
    expect(await ledger.verify()).toMatchObject({ ok: true });
    expect((await ledger.runs('B-1')).map(({ id }) => id), 'a life that dies before its run is stored may use up a number, never a second run').toEqual([run.id]);
    expect([...(await outcomesOf(ledger)).values()].every(({ outcome, salesforceId }) => outcome === 'succeeded' && salesforceId !== null)).toBe(true);
    const pushed = (await ledger.eventsFrom(1, 10_000)).filter(({ type }) => type === 'record.pushed');
    expect(pushed.map(({ data }) => `${String(data['outcome'])}`).every((outcome) => outcome === 'succeeded')).toBe(true);
    expect(new Set(pushed.flatMap(({ keys }) => keys)).size).toBe(creates + updates);
    expect(pushed).toHaveLength(creates + updates);
    expect(await ledger.batch('B-1')).toMatchObject({ state: 'completed', outcomes: { planned: creates + updates, succeeded: creates + updates } });
    await ledger.close();
  } finally {
    await bench.close();
  }
}, timeoutMs);
