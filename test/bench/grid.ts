import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { PendingItem } from '../../shared/domain/pending-change.ts';
import { createClient, type Client } from '../../shared/transport.ts';
import { openBrowser } from '../renderer/open-browser.ts';
import { loadPeer, measurePeer, servePeer } from './grid/ag-grid.ts';
import { addStopwatch } from './grid/in-page.ts';
import { approveAll, measureOurs } from './grid/our-page.ts';
import { Measurements, timesLine, timesOf } from './grid/times.ts';
import type { BenchOptions } from './options.ts';

const root = dirname(dirname(import.meta.dirname));
const cliFile = join(root, 'electron/hosts/cli/bin.mjs');

/** p95 in milliseconds; for frames the longest one. */
const goals: Readonly<Record<string, number>> = { page: 100, sort: 100, filter: 100, search: 100, 'jump to end': 100, 'open inspector': 50, 'approve all in filter': 1_000 };
const longestFrameMs = 50;
/** A page tells the time in tenths: three frames of a screen, which are 50 ms, come out as up to 50.1. */
const clockGrainMs = 0.1;
const peerSizes = [1, 0.5, 0.25, 0.1];
/** Each is undone again, which takes its time with a million. */
const approvals = 3;

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

/** All rows of the grid, 20,000 at a time. */
async function* allItems(client: Client): AsyncGenerator<PendingItem[]> {
  let part: PendingItem[] = [];
  let after: string | undefined;
  do {
    const page = await client.call('pending.page', { sort: 'key', limit: 5_000, ...(after === undefined ? {} : { after }) });
    part.push(...page.items);
    after = page.next ?? undefined;
    if (part.length >= 20_000 || after === undefined) {
      yield part;
      part = [];
    }
  } while (after !== undefined);
}

/** While a refresh goes on, how long does the core take to answer the smallest call? */
async function refreshWatched(client: Client): Promise<{ seconds: number; total: number; answers: number[] }> {
  const answers: number[] = [];
  const began = performance.now();
  const state = { ended: false };
  const refreshed = client.call('snapshot.refresh', {}).finally(() => (state.ended = true));
  while (!state.ended) {
    const asked = performance.now();
    await client.call('app.info', {});
    answers.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const snapshot = await refreshed;
  return { seconds: (performance.now() - began) / 1_000, total: snapshot.creates + snapshot.updates, answers };
}

async function openPage(browser: Browser): Promise<Page> {
  // The stopwatch is a script from outside, which the page's own policy would rightly refuse.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  await addStopwatch(page);
  return page;
}

/** The largest number of rows that AG Grid bears here, loaded; null when it bears none of the sizes. */
async function measureLargestPeer(browser: Browser, client: Client, total: number, rounds: number): Promise<{ rows: number; version: string; into: Measurements } | null> {
  const site = await servePeer(allItems(client));
  if (site === null) return null;
  try {
    for (const share of peerSizes) {
      const rows = Math.floor(total * share);
      const into = new Measurements();
      const page = await openPage(browser);
      const isLoaded = await loadPeer(page, site, rows, into);
      if (isLoaded) await measurePeer(page, rows, rounds, into);
      await page.context().close().catch(() => {});
      if (isLoaded) return { rows, version: site.version, into };
      console.log(`AG Grid does not bear ${rows} rows in one page here`);
    }
    return null;
  } finally {
    await site.close();
  }
}

/** Says what was measured beside the goal and the peer; answers whether every goal is reached. */
function report(ours: Measurements, peer: Measurements | null): boolean {
  let held = true;
  for (const name of ours.names) {
    const own = ours.times(name);
    if (own === null) continue;
    const isFrame = name.startsWith('frame');
    const limit = isFrame ? longestFrameMs : goals[name];
    const reached = limit === undefined || (isFrame ? Number(own.most.toFixed(1)) <= limit + clockGrainMs : own.p95 <= limit);
    held &&= reached;
    const against = limit === undefined ? '' : `; goal ${isFrame ? 'no frame over' : 'p95'} ${limit} ms: ${reached ? 'held' : 'NOT held'}`;
    const theirs = peer?.times(name === 'approve all in filter' ? 'select all' : name);
    console.log(`${name}\n  countersign: ${timesLine(own)}${against}${theirs ? `\n  AG Grid:     ${timesLine(theirs)}` : ''}`);
  }
  return held;
}

/**
 * The Review screen in Chromium over a large sample, beside AG Grid Community with as many of the same rows in memory as one page bears.
 *
 * Shape:  times run in the page, from the input to the end of the frame that shows the result. Answers whether every goal is reached.
 */
export async function benchGrid({ properties, rounds, keep }: BenchOptions): Promise<boolean> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const workspace = join(folder, `grid-${properties}`);
  const isKept = existsSync(workspace);
  if (!isKept) execFileSync(process.execPath, [cliFile, 'init', workspace, '--sample', '--properties', String(properties)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const child = spawn(process.execPath, [cliFile, 'serve', '-w', workspace, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const browser = await openBrowser();
  try {
    const address = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    });
    const client = await connect(address);
    const known = (await client.call('app.info', {})).snapshot;
    if (known === null) {
      const { seconds, total, answers } = await refreshWatched(client);
      console.log(`refresh: ${seconds.toFixed(1)} s for ${total} pending changes; answers of the core meanwhile: ${timesLine(timesOf(answers))}`);
    }
    const info = (await client.call('app.info', {})).snapshot;
    const total = (info?.creates ?? 0) + (info?.updates ?? 0);
    console.log(`${total} pending changes`);

    const ours = new Measurements();
    const page = await openPage(browser);
    await measureOurs(page, address, rounds, ours);
    for (let round = 0; round < approvals; round += 1) {
      const { ms, said } = await approveAll(page, '');
      ours.add('approve all in filter', ms);
      if (round === 0) console.log(`approve all said: ${said}`);
      const undone = performance.now();
      await client.call('decision.undo', {});
      ours.add('undo of it, by the core', performance.now() - undone);
      await page.getByRole('status', { name: 'Notifications' }).getByText(/^Undid/u).waitFor({ timeout: 5_000 }).catch(() => {});
      await page.goto(address);
    }
    await page.context().close();
    console.log('ours alone; beside the peer below');
    report(ours, null);
    const peer = await measureLargestPeer(browser, client, total, rounds);
    console.log(peer === null ? 'AG Grid was not measured: it cannot be installed here, or bears none of the sizes' : `AG Grid Community ${peer.version} with ${peer.rows} rows in the page`);
    return report(ours, peer?.into ?? null);
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    if (keep === null) rmSync(folder, { recursive: true, force: true });
  }
}
