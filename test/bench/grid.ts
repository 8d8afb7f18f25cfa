import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { CallInput } from '../../shared/contract.ts';
import type { PendingItem } from '../../shared/domain/pending-change.ts';
import { createClient, type Client } from '../../shared/transport.ts';
import type { BenchOptions } from './options.ts';

const firstPageLimitMs = 100;
const root = dirname(dirname(import.meta.dirname));
const cliFile = join(root, 'electron/hosts/cli/bin.mjs');

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function describeTimes(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, p95, most] = [quantile(sorted, 0.5), quantile(sorted, 0.95), sorted.at(-1) ?? Number.NaN];
  return `median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, most ${most.toFixed(1)} ms (n=${sorted.length})`;
}

async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

async function repeat(rounds: number, work: () => Promise<unknown> | unknown): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push((await timed(work)).ms);
  return times;
}

async function connect(address: string): Promise<Client> {
  const url = new URL(address);
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  const socket = new WebSocket(`ws://${url.host}/socket?token=${encodeURIComponent(token)}`, { origin: url.origin, perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return createClient({
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.on('message', (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.on('close', listener),
  });
}

/** While `work` is under way, how long does the core take to answer the smallest call? */
async function answersDuring<T>(client: Client, work: Promise<T>): Promise<{ times: number[]; value: T }> {
  const times: number[] = [];
  const under = { way: true };
  const value = work.finally(() => {
    under.way = false;
  });
  while (under.way) {
    times.push((await timed(() => client.call('app.info', {}))).ms);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { times, value: await value };
}

async function allItems(client: Client): Promise<PendingItem[]> {
  const items: PendingItem[] = [];
  let after: string | undefined;
  do {
    const page = await client.call('pending.page', { sort: 'key', limit: 5_000, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return items;
}

const priorityRank = { P1: 0, P2: 1, P3: 2 } as const;

/** What a grid without a cache does for one view of the rows. */
const clientSide: Record<string, (items: readonly PendingItem[]) => PendingItem[]> = {
  'first page, risk first': (items) => items.toSorted((a, b) => b.blockers - a.blockers || b.memberCount - a.memberCount || priorityRank[a.priority] - priorityRank[b.priority] || (a.key < b.key ? -1 : 1)).slice(0, 100),
  'first page, by name': (items) => items.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '')).slice(0, 100),
  'filter P2': (items) => items.filter((item) => item.priority === 'P2').slice(0, 100),
  'search "park"': (items) => items.filter((item) => `${item.name ?? ''} ${item.key} ${item.company ?? ''}`.toLowerCase().includes('park')).slice(0, 100),
  'last page by number': (items) => items.slice(-100),
};

function views(total: number): Record<string, CallInput<'pending.page'>> {
  return {
    'first page, risk first': { sort: 'risk', limit: 100 },
    'first page, by name': { sort: 'name', limit: 100 },
    'filter P2': { filter: 'priority:P2', limit: 100 },
    'search "park"': { filter: 'text:park', limit: 100 },
    'last page by number': { sort: 'risk', offset: Math.max(0, total - 100), limit: 100 },
  };
}

function report(line: string): void {
  console.log(line);
}

/**
 * A refresh and the grid's calls on a large sample. Answers whether the first page kept to its limit.
 *
 * Each call is compared, in the same run, with a plain client-side grid: the same rows in one array in memory, filtered and
 * sorted anew for each view, as a grid without a cache does. The limit for a first page is 100 ms.
 */
export async function benchGrid({ properties, rounds }: BenchOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const workspace = join(folder, 'workspace');
  const made = await timed(() => execFileSync(process.execPath, [cliFile, 'init', workspace, '--sample', '--properties', String(properties)], { stdio: ['ignore', 'ignore', 'inherit'] }));
  report(`sample of ${properties} properties made in ${(made.ms / 1000).toFixed(1)} s`);
  const child = spawn(process.execPath, [cliFile, 'serve', '-w', workspace, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const address = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    });
    const client = await connect(address);
    const refreshed = await timed(() => answersDuring(client, client.call('snapshot.refresh', {})));
    const snapshot = refreshed.value.value;
    const total = snapshot.creates + snapshot.updates;
    report(`refresh: ${(refreshed.ms / 1000).toFixed(1)} s for ${snapshot.rows.properties} properties, ${total} pending changes (${Math.round(snapshot.rows.properties / (refreshed.ms / 1000))} properties/s)`);
    report(`  answers of the core meanwhile: ${describeTimes(refreshed.value.times)}`);

    const read = await timed(() => allItems(client));
    report(`peer loaded: ${read.value.length} rows into one array in ${(read.ms / 1000).toFixed(1)} s`);
    let worst = 0;
    for (const [name, input] of Object.entries(views(total))) {
      const ours = await repeat(rounds, () => client.call('pending.page', input));
      const peer = await repeat(rounds, () => clientSide[name]?.(read.value));
      if (name.startsWith('first page')) worst = Math.max(worst, quantile(ours.toSorted((a, b) => a - b), 0.95));
      report(`${name}\n  countersign:      ${describeTimes(ours)}\n  client-side grid: ${describeTimes(peer)}`);
    }
    const some = read.value[Math.floor(read.value.length / 2)];
    if (some) report(`open one record: ${describeTimes(await repeat(rounds, () => client.call('pending.show', { key: some.key, kind: some.kind })))}`);
    report(`facets of P2: ${describeTimes(await repeat(rounds, () => client.call('pending.facets', { filter: 'priority:P2' })))}`);
    report(`facets of all: ${describeTimes(await repeat(rounds, () => client.call('pending.facets', { filter: '' })))}`);
    const approved = await timed(() => client.call('pending.decide', { selection: { filter: 'priority:P2', except: [] }, decision: 'approve' }));
    report(`approve all ${approved.value.decided} P2: ${approved.ms.toFixed(0)} ms`);
    report(`first page: p95 ${worst.toFixed(1)} ms against the limit of ${firstPageLimitMs} ms: ${worst <= firstPageLimitMs ? 'held' : 'NOT held'}`);
    return worst <= firstPageLimitMs;
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}
