import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, so that any Node can read it
import { isNewEnough } from '../../../electron/hosts/require-node.mjs';
import { ensureSimulatedOrg, stopBackgroundOrg } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

const binFile = join(import.meta.dirname, '../../../electron/hosts/cli/bin.mjs');
const systemNode = '/usr/bin/node';

function oldNode(): string | null {
  if (!existsSync(systemNode)) return null;
  return isNewEnough(execFileSync(systemNode, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()) ? null : systemNode;
}

let source: CsvSource;
let folder: string;

beforeAll(async () => {
  source = csvSource({ policy: { chunkSize: 1 } });
  folder = join(source.root, 'workspace');
  await cli(['init', folder, '--config', source.config]);
  for (const words of [['refresh'], ['decide', '--filter', 'decision:none', '--approve'], ['batch', 'create', 'All', '--all-approved'], ['batch', 'submit', 'B-1'], ['batch', 'approve', 'B-1']]) {
    expect((await cli([...words, '-w', folder])).code).toBe(0);
  }
});
afterAll(async () => {
  await stopBackgroundOrg(folder);
  source.remove();
});

describe('Ctrl-C during a push', () => {
  it.each([
    ['this Node', () => process.execPath],
    ['an old Node that hands over to the packaged one', oldNode],
  ])('stops after the chunk, is resumable, and says so by its exit code (%s)', async (_, nodeOf) => {
    const node = nodeOf();
    if (node === null) return;
    const state = (await cli(['batch', 'show', 'B-1', '-w', folder, '--json'])).json.batch.state;
    const { url } = await ensureSimulatedOrg(folder);
    // The call of the chunk is held back, so that the signal always comes before the next one.
    const fault = { match: { method: 'POST', path: 'composite/sobjects$' }, times: 1, action: { delayMs: 2_000 } };
    await fetch(`${url}/_control/faults`, { method: 'POST', body: JSON.stringify(fault), headers: { 'content-type': 'application/json' } });
    const child = spawn(node, [binFile, ...(state === 'approved' ? ['push', 'B-1'] : ['resume']), '-w', folder, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.startsWith('Push: chunk')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, JSON.parse(stdout)]).toMatchObject([130, { run: { state: 'stopped' }, planned: 4, unknown: 0, failed: 0 }]);
  });

  it('leaves a run that is finished later, each record once', async () => {
    const resumed = await cli(['resume', '-w', folder, '--json']);
    expect([resumed.code, resumed.json]).toMatchObject([0, { run: { id: 'R-1', state: 'completed' }, planned: 4, succeeded: 4 }]);
    const { url } = await ensureSimulatedOrg(folder);
    const journal = (await (await fetch(`${url}/_control/journal?after=0&limit=100`)).json()) as { entries?: { operation: string }[] };
    expect(['create', 'update'].map((operation) => JSON.stringify(journal).split(`"operation":"${operation}"`).length - 1)).toEqual([2, 2]);
  });
});
