import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Run } from '../../../shared/domain/batch.ts';
import { openWorkbench, planOf } from '../../core/push/push-workbench.ts';
import type { LargeSet } from './large-set-child.ts';

const child = fileURLToPath(new URL('./large-set-child.ts', import.meta.url));
/** 100,000 records are pushed by the bench (`npm run bench`), which prints the same figure. */
const records = Number(process.env['LARGE_SET_RECORDS'] ?? 20_000);
const mostMb = 300;
/** Node lets garbage pile up while there is room; with little of it, what is left is what the run really holds. */
const littleRoom = ['--max-old-space-size=160', '--max-semi-space-size=8'];
const timeoutMs = 600_000;

function pushInItsOwnProcess(set: LargeSet): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const process_ = spawn(process.execPath, [...littleRoom, child, JSON.stringify(set)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    process_.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    process_.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    process_.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it.each(['collections', 'bulk'] as const)(`Row 34: ${records} records are pushed by %s in less than ${mostMb} MB`, async (mode) => {
  const bench = await openWorkbench(planOf(records / 2, records / 2));
  await bench.ledger.close();
  try {
    const { url, credentials } = bench.simulated;
    const end = await pushInItsOwnProcess({ folder: bench.folder, url, credentials, mode });
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const { run, peakMb } = JSON.parse(end.stdout) as { run: Run; peakMb: number };
    expect(run).toMatchObject({ state: 'completed', mode, counts: { planned: records, succeeded: records } });
    expect(peakMb).toBeLessThan(mostMb);
  } finally {
    await bench.close();
  }
}, timeoutMs);
