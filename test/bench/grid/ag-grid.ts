/**
 * The peer of the grid bench: AG Grid Community with every row in the page's own memory, as a plain client-side grid works.
 * It gets the same rows as our grid shows, and nothing of what our inspector reads from the core.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import { peerFolder } from '../peer-package.ts';
import { framesDuring, timeUntil } from './in-page.ts';
import { drag, wheel } from './our-page.ts';
import type { Measurements } from './times.ts';

const agGrid = { name: 'ag-grid-community', version: '36.2.0', size: 'about 40 MB' };

export interface PeerSite {
  address: string;
  version: string;
  close(): Promise<void>;
}

/** What the page of the peer offers; `api` is AG Grid's own. */
const pageText = `<!doctype html><html lang="en"><meta charset="utf-8"><title>AG Grid</title>
<style>html,body{height:100%;margin:0}#grid{height:860px}</style><div id="grid"></div><button id="act" style="position:fixed;bottom:0;left:0">act</button>
<script src="/ag-grid.js"></script><script>
const text = (value) => value === null || value === undefined ? '' : String(value);
let act = () => {};
document.querySelector('#act').addEventListener('click', () => act());
window.peer = {
  rows: [], api: null, loaded: 0,
  async load(count) {
    for (let part = 0; this.rows.length < count; part += 1) {
      const answer = await fetch('/rows/' + part);
      const rows = await answer.json();
      if (rows.length === 0) break;
      for (const row of rows) if (this.rows.length < count) this.rows.push(row);
    }
    return this.rows.length;
  },
  show() {
    const column = (field, width, valueGetter) => ({ field, width, sortable: true, filter: 'agTextColumnFilter', ...(valueGetter ? { valueGetter } : {}) });
    this.api = agGrid.createGrid(document.querySelector('#grid'), {
      rowData: this.rows,
      getRowId: ({ data }) => data.kind + ' ' + data.key,
      rowSelection: { mode: 'multiRow', selectAll: 'filtered' },
      animateRows: false,
      columnDefs: [
        column('priority', 80), column('kind', 90), { ...column('name', 260), pinned: 'left' },
        column('change', 300, ({ data }) => data.firstChange === null ? '' : data.firstChange.label + ' ' + text(data.firstChange.before) + ' → ' + text(data.firstChange.after)),
        column('contributorCount', 110), column('checks', 120, ({ data }) => data.checks.join(', ')), column('decision', 110), column('company', 200), column('state', 80), column('key', 160),
      ],
    });
  },
  next(work) { act = work; },
  isPainted() { return document.querySelector('[role=row][row-index]') !== null; },
};
</script></html>`;

/** Serves the peer's page with the rows in parts of 20,000; null where AG Grid cannot be installed here. */
export async function servePeer(parts: AsyncIterable<readonly PendingItem[]>): Promise<PeerSite | null> {
  const folder = peerFolder(agGrid);
  if (folder === null) return null;
  const script = readFileSync(join(folder, 'dist/ag-grid-community.min.js'));
  const texts: Buffer[] = [];
  for await (const part of parts) texts.push(Buffer.from(JSON.stringify(part)));
  const server = createServer((request, response) => {
    const [, part] = /^\/rows\/(\d+)$/u.exec(request.url ?? '') ?? [];
    if (part !== undefined) response.setHeader('content-type', 'application/json').end(texts[Number(part)] ?? '[]');
    else if (request.url === '/ag-grid.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(pageText);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    version: agGrid.version,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const loadLimitMs = 300_000;

/** Loads so many rows into the page; false when the page does not bear them. */
export async function loadPeer(page: Page, site: PeerSite, count: number, into: Measurements): Promise<boolean> {
  try {
    await page.goto(site.address);
    page.setDefaultTimeout(loadLimitMs);
    const loaded = await page.evaluate<number>(`window.peer.load(${count})`);
    if (loaded < count) return false;
    await page.evaluate('window.peer.show()');
    await page.waitForFunction('window.peer.isPainted()');
    into.add('first rows visible, from nothing', await page.evaluate<number>('window.bench.painted().then(() => performance.now())'));
    return true;
  } catch (error) {
    // The page has crashed or hangs: so many rows are too many for it.
    console.log(`AG Grid with ${count} rows: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
    return false;
  }
}

/** One step of the peer: what it does at the click, and what is seen when it is done. */
interface Step {
  name: string;
  act: string;
  isDone: string;
}

const shown = 'window.peer.api.getDisplayedRowCount()';
const top = `(document.querySelector('[role=row][row-index]') !== null)`;

function steps(round: number, total: number): Step[] {
  const priority = ['P2', 'P1'][round % 2] ?? 'P2';
  const word = ['park', 'oak', 'street', 'ridge', 'lofts'][round % 5] ?? 'park';
  const column = ['name', 'contributorCount', 'priority', 'decision'][round % 4] ?? 'name';
  const direction = Math.floor(round / 4) % 2 === 0 ? 'asc' : 'desc';
  const at = Math.floor(total * ((0.13 + round * 0.317) % 1));
  const inView = (index: number): string => `document.querySelector('[row-index="${index}"]') !== null`;
  return [
    { name: 'page', act: `window.peer.api.ensureIndexVisible(${at}, 'top')`, isDone: inView(at) },
    { name: 'sort', act: `window.peer.sorted = false; window.peer.api.addEventListener('sortChanged', () => window.peer.sorted = true); window.peer.api.applyColumnState({ state: [{ colId: ${JSON.stringify(column)}, sort: ${JSON.stringify(direction)} }], defaultState: { sort: null } })`, isDone: `window.peer.sorted === true && ${top}` },
    { name: 'filter', act: `window.peer.api.setFilterModel({ priority: { type: 'equals', filter: ${JSON.stringify(priority)} } })`, isDone: `${shown} < ${total} && ${top}` },
    { name: '', act: 'window.peer.api.setFilterModel(null)', isDone: `${shown} === ${total}` },
    { name: 'search', act: `window.peer.api.setGridOption('quickFilterText', ${JSON.stringify(word)})`, isDone: `${shown} < ${total}` },
    { name: '', act: `window.peer.api.setGridOption('quickFilterText', '')`, isDone: `${shown} === ${total}` },
    { name: 'jump to end', act: `window.peer.api.ensureIndexVisible(${total - 1})`, isDone: inView(total - 1) },
    { name: '', act: 'window.peer.api.ensureIndexVisible(0)', isDone: inView(0) },
  ];
}

/** Measures the peer with so many rows loaded. */
export async function measurePeer(page: Page, total: number, rounds: number, into: Measurements): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, act, isDone } of steps(round, total)) {
      await page.evaluate(`window.peer.sorted = false; window.peer.next(() => { ${act} })`);
      if (await page.evaluate<boolean>(isDone)) continue;
      const ms = await timeUntil(page, isDone, () => page.locator('#act').click());
      if (name !== '') into.add(name, ms);
    }
  }
  await page.evaluate(`window.peer.next(() => window.peer.api.selectAll('filtered'))`);
  into.add('select all', await timeUntil(page, `window.peer.api.getSelectedNodes().length === ${total}`, () => page.locator('#act').click()));
  into.add('frame while scrolling by wheel', ...(await framesDuring(page, () => wheel(page, page.locator('.ag-grid-viewport')))));
  into.add('frame while dragging the scroll bar', ...(await framesDuring(page, () => drag(page, '.ag-grid-viewport'))));
}
