import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { progressLine } from '../../../electron/hosts/cli/open-for-command.ts';
import { ensureSimulatedOrg, stopBackgroundOrg } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import type { RunProgress } from '../../../shared/domain/batch.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

const binFile = join(import.meta.dirname, '../../../electron/hosts/cli/bin.mjs');

describe('a run that is given up', () => {
  let source: CsvSource;
  let folder: string;
  const run = (...words: string[]) => cli([...words, '-w', folder]);

  beforeAll(async () => {
    source = csvSource({ policy: { chunkSize: 1 } });
    folder = join(source.root, 'workspace');
    await cli(['init', folder, '--config', source.config]);
    for (const words of [['refresh'], ['decide', '--filter', 'decision:none', '--approve'], ['batch', 'create', 'All', '--all-approved'], ['batch', 'submit', 'B-1'], ['batch', 'approve', 'B-1']]) {
      expect((await run(...words)).code).toBe(0);
    }
  });
  afterAll(async () => {
    await stopBackgroundOrg(folder);
    source.remove();
  });

  it('says first why it stands still, in which mode it ran and why, and how to go on', async () => {
    const { url } = await ensureSimulatedOrg(folder);
    const fault = { match: { method: 'POST', path: 'composite/sobjects$' }, times: 1, action: { delayMs: 2_000 } };
    await fetch(`${url}/_control/faults`, { method: 'POST', body: JSON.stringify(fault), headers: { 'content-type': 'application/json' } });
    const child = spawn(process.execPath, [binFile, 'push', 'B-1', '--mode', 'collections', '-w', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.startsWith('Push: chunk')) child.kill('SIGINT');
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
    expect(stdout).toMatch(/^Run R-1 of B-1: stopped.*, collections, \d+ API calls/u);
    expect(stdout).toMatch(/^Mode collections: \S/mu);
    expect(stdout).toMatch(/^It stands still: The run was stopped/mu);
    expect(stdout).toMatch(/^Go on with: countersign resume R-1$/mu);
  });

  it('needs a reason, ends the run and its batch, and leaves nothing to resume', async () => {
    expect((await run('abandon', 'R-1')).code).toBe(2);
    const abandoned = await run('abandon', 'R-1', '--reason', 'The org moves', '--as', 'ann', '--json');
    expect([abandoned.code, abandoned.json]).toMatchObject([4, { run: { id: 'R-1', state: 'abandoned', stopReason: { code: 'abandoned', message: 'The run was abandoned by ann: The org moves' } }, planned: 4, unknown: 0 }]);
    expect(abandoned.json.notSent).toBeGreaterThan(0);
    expect((await run('batch', 'show', 'B-1', '--json')).json.batch.state).toBe('aborted');
    const again = [await run('resume', 'R-1', '--json'), await run('abandon', 'R-1', '--reason', 'again', '--json')];
    expect(again.map(({ code, json }) => [code, json.error.details.rule])).toEqual([[3, 'wrong-state'], [3, 'wrong-state']]);
  });

  it('gives back what it did not send: the rest can be drawn into a new batch', async () => {
    const { items } = (await run('outcomes', 'B-1', '--state', 'notSent', '--json')).json;
    const drawn = await run('batch', 'create', 'Rest', '--keys', items.map((item: { key: string }) => item.key).join(','), '--json');
    expect([drawn.code, drawn.json.batch.creates + drawn.json.batch.updates]).toEqual([0, items.length]);
  });
});

describe('the lines of a push on stderr', () => {
  const progress: RunProgress = { runId: 'R-1', batchId: 'B-1', state: 'running', counts: { planned: 10, succeeded: 4, failed: 0, stale: 0, skipped: 0, unknown: 2, notSent: 4 }, chunk: 2, chunks: 3, phase: 'writing', waitsFor: null, waitsUntil: null, recordsPerSecond: null, secondsLeft: null, apiUsed: null, apiLimit: null };
  it('say where the push is, and why it waits and until when', () => {
    expect(progressLine(progress)).toBe('Push: chunk 2 of 3, 6 of 10 records');
    const waiting = { ...progress, phase: 'waiting' as const, waitsUntil: '2026-11-26T21:40:00.000Z' };
    expect(progressLine({ ...waiting, waitsFor: 'late-effect' })).toBe('Push: waiting until 2026-11-26T21:40:00.000Z: the answer to a call was lost, and Salesforce may still be working on it');
    expect(progressLine({ ...waiting, waitsFor: 'retry' })).toBe('Push: waiting until 2026-11-26T21:40:00.000Z: Salesforce refused a call for now, and it is sent again');
  });
});
