import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { createOrgFile } from '../../electron/sample/org/org-file.ts';
import type { PushMode } from '../../shared/domain/batch.ts';
import { storeApprovedBatch } from '../core/push/push-workbench.ts';
import { memoryFlags, type BenchOptions } from './options.ts';
import { startOrgProcess, type OrgAddress } from './org-process.ts';
import { runPeer, type PeerRecord } from './sfdmu.ts';
import { benchRecord, benchSeed, createValues, keyOf, pushSizes, recordIdOf, updateValues, type PushSize } from './push-plan.ts';

const mostTimesBare = 1.3;
const mostMemoryMb = 300;

/** Times that an org like Salesforce takes for a call of 200 records, where a simulated one on the same machine takes next to none. */
const answerMs = { write: 1_000, read: 120 };

interface Result {
  seconds: number;
  peakMb: number | null;
  calls: number;
  writes: number;
}

type Contender = (org: { address: OrgAddress; folder: string; size: PushSize }) => Promise<{ seconds: number; peakMb: number | null; note?: string } | { notRun: string }>;

/**
 * Pushes the full set and 100,000 records through the engine, by a bare jsforce loop over the same chunks, and by SFDMU, each
 * from a process of its own against a fresh simulated org. Answers whether time and memory kept to their limits.
 */
export async function benchPush(_options: BenchOptions): Promise<boolean> {
  let isWithin = true;
  for (const size of pushSizes) {
    for (const isSlow of size === pushSizes[0] ? [false, true] : [false]) {
      console.log(`  ${size.name}: ${size.creates} creates + ${size.updates} updates${isSlow ? `, with an org that takes ${answerMs.write} ms for a write and ${answerMs.read} ms for a read of 200` : ''}`);
      const bare = await compete('bare jsforce loop', bareLoop, size, isSlow);
      const ours = await compete('countersign, collections', engine('collections'), size, isSlow);
      if (!isSlow) await compete('countersign, bulk', engine('bulk'), size, isSlow);
      if (!isSlow) await compete('SFDMU', sfdmu, size, isSlow);
      if (bare === null || ours === null) return false;
      const times = ours.seconds / bare.seconds;
      const holds = { time: times <= mostTimesBare, calls: ours.writes === bare.writes, memory: (ours.peakMb ?? 0) <= mostMemoryMb };
      console.log(`    ${times.toFixed(2)} times the bare loop (at most ${mostTimesBare}: ${holds.time ? 'holds' : 'does not hold'}), ${ours.writes} write calls against ${bare.writes}, ${ours.peakMb?.toFixed(0)} MB (at most ${mostMemoryMb}: ${holds.memory ? 'holds' : 'does not hold'})`);
      isWithin &&= holds.time && holds.calls && holds.memory;
    }
  }
  return isWithin;
}

async function compete(name: string, contender: Contender, size: PushSize, isSlow: boolean): Promise<Result | null> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const file = join(folder, 'org.db');
  createOrgFile({ file, seed: 'push', records: benchSeed(size.updates) });
  const simulated = await startOrgProcess(file);
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${simulated.address.url}/_control${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    return answer.status === 204 ? null : answer.json();
  };
  try {
    if (isSlow) {
      await control('POST', '/faults', { match: { method: 'POST', path: '/composite/sobjects$' }, times: -1, action: { delayMs: answerMs.write } });
      await control('POST', '/faults', { match: { method: 'PATCH', path: '/composite/sobjects$' }, times: -1, action: { delayMs: answerMs.write } });
      await control('POST', '/faults', { match: { path: '/composite/sobjects/|/query' }, times: -1, action: { delayMs: answerMs.read } });
    }
    const end = await contender({ address: simulated.address, folder, size });
    if ('notRun' in end) {
      console.log(`    ${name.padEnd(26)} not run: ${end.notRun}`);
      return null;
    }
    const { note, ...measured } = end;
    const { total, writes } = (await control('GET', '/calls')) as { total: number; writes: number };
    const memory = measured.peakMb === null ? 'memory not told' : `${measured.peakMb.toFixed(0)} MB`;
    console.log(`    ${name.padEnd(26)} ${measured.seconds.toFixed(1).padStart(7)} s  ${total} calls, ${writes} of them writes  ${memory}${note === undefined ? '' : `  (${note})`}`);
    return { ...measured, calls: total, writes };
  } finally {
    await simulated.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const bareLoop: Contender = async ({ address, size }) => measure('./push-bare.ts', { address, creates: size.creates, updates: size.updates });

const engine =
  (mode: PushMode): Contender =>
  async ({ address, folder, size }) => {
    await preparePlan(folder, size, address);
    const end = await measure<{ state: string; succeeded: number }>('./push-ours.ts', { address, folder, mode });
    if (end.succeeded !== size.creates + size.updates) throw new Error(`Only ${end.succeeded} records succeeded: ${end.state}.`);
    return end;
  };

/** It inserts, updates and waits by its own means; it neither compares before the write nor reads back. */
const sfdmu: Contender = async ({ address, folder, size }) => {
  const signIn = await fetch(`${address.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: address.clientId, client_secret: address.clientSecret, username: address.username, password: address.password }),
  });
  const { access_token: accessToken } = (await signIn.json()) as { access_token: string };
  const creates = Array.from({ length: size.creates }, (_, index) => ({ Snappt_Property_ID__c: keyOf('create', index + 1), ...createValues(index + 1) })) as PeerRecord[];
  const updates = Array.from({ length: size.updates }, (_, index) => ({ Id: recordIdOf(index + 1), ...updateValues(index + 1) })) as PeerRecord[];
  const end = await runPeer({ url: address.url, accessToken, creates, updates, folder });
  return 'notRun' in end ? end : { seconds: end.seconds, peakMb: end.peakBytes === null ? null : end.peakBytes / 1_000_000, note: `${end.name} ${end.version}, nothing compared or read back` };
};

async function preparePlan(folder: string, size: PushSize, address: OrgAddress): Promise<void> {
  const orgId = await orgIdOf(address);
  const plan = [...Array.from({ length: size.creates }, (_, index) => benchRecord('create', index + 1)), ...Array.from({ length: size.updates }, (_, index) => benchRecord('update', index + 1))];
  const ledger = await openLedger({ folder, threads: false });
  await storeApprovedBatch(ledger, plan, orgId);
  await ledger.close();
}

async function orgIdOf(address: OrgAddress): Promise<string> {
  const { jsforceOrg } = await import('../../electron/adapters/salesforce/jsforce-org.ts');
  const { url, ...credentials } = address;
  const org = jsforceOrg({ connection: { loginUrl: url, ...credentials }, apiVersion: '64.0' });
  const { orgId } = await org.identity(new AbortController().signal);
  await org.close();
  return orgId;
}

function measure<T = object>(script: string, input: object): Promise<T & { seconds: number; peakMb: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...memoryFlags, fileURLToPath(new URL(script, import.meta.url)), JSON.stringify(input)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(text) as T & { seconds: number; peakMb: number }) : reject(new Error(`${script} ended with code ${code}.`))));
  });
}
