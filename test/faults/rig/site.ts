import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { createOrgFile } from '../../../electron/sample/org/org-file.ts';
import { startOrg } from '../../../electron/sample/org/start-org.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { seededRecord, storeApprovedBatch, type JournalEntry } from '../../core/push/push-workbench.ts';
import type { KillPoint, LifeOrders } from './kill-point.ts';
import { startProxy } from './proxy.ts';

/** How a life ended. */
export interface LifeEnd {
  wasKilled: boolean;
  /** The run as it ended, when the process came to its own end. */
  run: Run | null;
  /** The moments that the process passed, by name. */
  moments: Record<string, number>;
  /** What must never be: a broken chain, or an end that is neither the kill nor the run's own. */
  problem: string | null;
}

/** An org with records, a ledger with an approved batch, and processes that push it one after the other. */
export interface Site {
  folder: string;
  live(killAt: KillPoint): Promise<LifeEnd>;
  addFault(fault: { match?: Record<string, unknown>; times?: number; action: Record<string, unknown> }): Promise<void>;
  clearFaults(): Promise<void>;
  journal(): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/** How a life is started. */
export interface Program {
  /** A bundle of life.ts. */
  file: string;
  /** Where compiled code is kept between lives. */
  compileCache: string;
}

/** Longer than any late effect of this org, which is over as soon as the call is through the proxy. */
const lateEffectMs = 60;
const longestLifeMs = 30_000;

async function signIn(url: string, credentials: Record<'username' | 'password' | 'clientId' | 'clientSecret', string>): Promise<string> {
  const { username, password, clientId, clientSecret } = credentials;
  const form = new URLSearchParams({ grant_type: 'password', username, password, client_id: clientId, client_secret: clientSecret });
  const answer = (await (await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as { access_token: string };
  return answer.access_token;
}

function runLife(program: Program, orders: LifeOrders, watch: (kill: () => void) => void): Promise<LifeEnd> {
  return new Promise((resolve) => {
    const life = spawn(process.execPath, [program.file, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: program.compileCache } });
    const end: LifeEnd = { wasKilled: false, run: null, moments: {}, problem: null };
    let stderr = '';
    const timers = [setTimeout(() => life.kill('SIGABRT'), longestLifeMs)];
    watch(() => void life.kill('SIGKILL'));
    life.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    createInterface({ input: life.stdout }).on('line', (line) => {
      const fact = JSON.parse(line) as { begun?: boolean; chain?: boolean; run?: Run; moments?: Record<string, number> };
      if (fact.begun && !fact.chain) end.problem = 'the chain was broken when the ledger was opened';
      if (fact.begun && orders.killAt.by === 'time') timers.push(setTimeout(() => life.kill('SIGKILL'), orders.killAt.ms));
      if (fact.run) Object.assign(end, { run: fact.run, moments: fact.moments });
    });
    life.on('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      end.wasKilled = signal === 'SIGKILL';
      if (!end.wasKilled && (code !== 0 || end.run === null)) end.problem ??= `a life ended with ${signal ?? `exit code ${code}`}: ${stderr.slice(0, 2_000)}`;
      resolve(end);
    });
  });
}

/** Opens a site for a plan. */
export async function openSite(program: Program, plan: readonly PlanRecord[], options: { mode: LifeOrders['mode']; chunkSize: number }): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
  const file = join(folder, 'org.db');
  const updates = plan.filter(({ kind }) => kind === 'update').length;
  createOrgFile({ file, seed: 'faults', records: Array.from({ length: updates }, (_, index) => seededRecord(index + 1)) });
  const simulated = await startOrg({ file, workflowDelayMs: 3_600_000 });
  const ledger = await openLedger({ folder, threads: false });
  await storeApprovedBatch(ledger, plan, simulated.orgId);
  await ledger.close();
  const proxy = await startProxy(simulated.url);
  const accessToken = await signIn(simulated.url, simulated.credentials);
  const control = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${simulated.url}/_control${path}`, init);

  return {
    folder,
    live: (killAt) => {
      const orders: LifeOrders = { folder, url: proxy.url, accessToken, lateEffectMs, ...options, killAt };
      return runLife(program, orders, (kill) => proxy.watch(killAt, kill));
    },
    addFault: async (fault) => {
      const answer = await control('/faults', { method: 'POST', body: JSON.stringify(fault), headers: { 'content-type': 'application/json' } });
      if (!answer.ok) throw new Error(await answer.text());
    },
    clearFaults: async () => void (await control('/faults', { method: 'DELETE' })),
    journal: async () => {
      const { entries } = (await (await control('/journal?limit=10000')).json()) as { entries: JournalEntry[] };
      return entries.filter(({ operation }) => operation !== 'workflow');
    },
    close: async () => {
      await proxy.close();
      await simulated.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
