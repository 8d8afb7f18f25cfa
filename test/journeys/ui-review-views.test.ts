import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from '../renderer/open-browser.ts';
import { csvSource, type CsvSource } from '../hosts/csv-source.ts';
import { initFrom, makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { notifications, press, refresh } from './page-steps.ts';

let app: OpenApp;
let page: Page;

const region = (name: string) => page.getByRole('region', { name, exact: true });
const goToView = (name: string) => press(page, page.getByRole('navigation', { name: 'Review views' }).getByRole('link', { name: new RegExp(`^${name}`, 'u') }));
const numbersIn = (text: string) => [...text.matchAll(/\d[\d,]*/gu)].map(([found]) => Number(found.replaceAll(',', '')));
const totalOf = async (filter: string) => Number((await app.cli('pending', '--filter', filter, '--limit', '1')).json['total']);
const filterNow = () => new URL(page.url()).searchParams.get('filter') ?? '';
const matching = () => page.getByRole('group', { name: 'Active filters' });
const grid = (name: string) => page.getByRole('grid', { name });
const currentRow = (name: string) => grid(name).locator('[role="row"][tabindex="0"]:not([aria-busy])');

/** Opens what a link with a number promises, and compares the number with the rows of the grid and with the core. */
async function expectOpens(link: Locator): Promise<void> {
  const promised = Number((await link.innerText()).replaceAll(',', ''));
  await press(page, link);
  await matching().getByText(new RegExp(`^${promised.toLocaleString('en-US')} of `, 'u')).waitFor();
  expect(await grid('Pending changes').getAttribute('aria-rowcount')).toBe(String(promised + 1));
  expect(await totalOf(filterNow())).toBe(promised);
}

describe('a sample of 600 properties', () => {
  beforeAll(async () => {
    app = await openApp(await makeSample(600, '7'), { as: 'Admin A' });
    page = app.page;
    await refresh(page);
    await page.keyboard.press('Escape');
  });

  afterAll(async () => {
    await app.close();
    removeWorkspace(app.folder);
  });

  test('every kind of number in Summary opens exactly its records', async () => {
    for (const table of ['Changed fields', 'Priority', 'Kind', 'Contributors', 'Risk', 'Checks', 'Found by a check', 'Decision', 'Review progress']) {
      await page.goto(new URL('/review?view=summary', page.url()).href);
      const numbers = page.getByRole('table', { name: table, exact: true }).getByRole('link', { name: /^Show [\d,]+ records? /u });
      await numbers.first().waitFor();
      await expectOpens(numbers.last());
    }
    await page.goto(new URL('/review?view=summary', page.url()).href);
    await press(page, page.getByRole('button', { name: 'Top values of Address' }));
    await expectOpens(page.getByRole('list', { name: 'Top values of Address' }).getByRole('link').first());
    await expect.poll(() => app.problems).toEqual([]);
  });

  test('Change shapes add up to the snapshot; a random draw that was looked at bounds the rest, which is approved without outliers', async () => {
    await page.goto(new URL('/review', page.url()).href);
    await goToView('Change shapes');
    const sums = await region('Shapes').getByText(/pending changes in .* shapes\./u).innerText();
    const parts = numbersIn(sums.replaceAll(/P\d/gu, ''));
    const total = parts.at(-2) ?? 0;
    expect(parts.slice(0, -2)).toEqual(await Promise.all(['P1', 'P2', 'P3'].map((priority) => totalOf(`priority:${priority}`))));
    const snapshot = (await app.cli('status')).json['snapshot'] as { creates: number; updates: number };
    expect(total).toBe(snapshot.creates + snapshot.updates);
    await region('Shapes').getByText('Every change is in exactly one shape.').waitFor();

    const largest = await largestShape();
    await page.goto(new URL(`/review?view=shapes&shape=${largest.id}`, page.url()).href);
    const [all, outliers] = [await totalOf(`shape:${largest.id}`), await totalOf(`shape:${largest.id} outlier:true`)];
    expect(outliers).toBeGreaterThan(0);
    await region('Shape').getByText(`${all - outliers} alike, ${outliers} outliers`).waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await press(page, region('Shape').getByRole('button', { name: /^Draw \d+$/u }));
    const meta = region('Coverage').getByText(/^0 of \d+ looked at, 0 wrong$/u);
    await meta.waitFor();
    const drawn = numbersIn(await meta.innerText())[1] ?? 0;
    expect(drawn).toBeLessThan(all - outliers);
    await press(page, region('Sample').getByRole('link', { name: 'Show the draw' }));
    await matching().getByText(new RegExp(`^${drawn} of `, 'u')).waitFor();
    expect(await totalOf(filterNow())).toBe(drawn);
    await currentRow('Pending changes').focus();
    await expect.poll(() => totalOf(`${filterNow()} progress:viewed`), { timeout: 10_000 }).toBeGreaterThan(0);
    await page.keyboard.press('Shift+End');
    await page.getByRole('group', { name: 'Selection' }).getByText(`${drawn} selected`).waitFor();
    await page.keyboard.press('a');
    await notifications(page).getByText(`Approved ${drawn} records.`).waitFor();
    expect(await totalOf(`${filterNow()} progress:viewed`)).toBe(drawn);

    await page.goBack();
    await region('Coverage').getByText(new RegExp(`^With 0 wrong in ${drawn}, at most about \\d+ % of the shape is wrong, at 95 % confidence\\.$`, 'u')).waitFor();
    await region('Sample').getByText('Every record of the draw was looked at.').waitFor();
    const left = await totalOf(`shape:${largest.id} outlier:false decision:none`);
    expect(left).toBe(all - outliers - drawn);
    await press(page, region('Shape').getByRole('button', { name: `Approve ${left}` }));
    await notifications(page).getByText(`Approved ${left} records. ${drawn} of ${all} approved before, ${all - outliers} now.`).waitFor();
    expect(await totalOf(`shape:${largest.id} decision:approve`)).toBe(all - outliers);
    expect(await totalOf(`shape:${largest.id} outlier:true decision:none`)).toBe(outliers);
    expect(app.problems).toEqual([]);
  });

  /** The shape with most records, and enough alike that a draw leaves some out. */
  async function largestShape(): Promise<{ id: string }> {
    const items = (await app.cli('pending', '--limit', '1000')).json['items'] as { shape: string }[];
    const [id] = [...Map.groupBy(items, (item) => item.shape)].sort(([, one], [, other]) => other.length - one.length)[0] ?? [''];
    return { id };
  }

  test('a view is saved under a name and opens with its filter and order after a reload', async () => {
    await page.goto(new URL('/review?filter=priority:P2&sort=name', page.url()).href);
    const count = await totalOf('priority:P2');
    await matching().getByText(new RegExp(`^${count} of `, 'u')).waitFor();
    await press(page, page.getByRole('button', { name: 'Saved views' }));
    await press(page, page.getByRole('dialog', { name: 'Saved views' }).getByRole('button', { name: 'Save this view…' }));
    await page.getByRole('dialog', { name: 'Save this view' }).waitFor();
    await page.keyboard.type('P2 by name');
    await page.keyboard.press('Enter');
    await notifications(page).getByText('Saved the view P2 by name.').waitFor();
    await page.goto(new URL('/review', page.url()).href);
    await page.reload();
    await press(page, page.getByRole('button', { name: 'Saved views' }));
    await press(page, page.getByRole('button', { name: 'Open P2 by name' }));
    await matching().getByText(new RegExp(`^${count} of `, 'u')).waitFor();
    expect([filterNow(), new URL(page.url()).searchParams.get('sort')]).toEqual(['priority:P2', 'name']);
    expect(app.problems).toEqual([]);
  });
});

describe('a source that changes', () => {
  let source: CsvSource;

  beforeAll(async () => {
    source = csvSource();
    app = await openApp(await initFrom(source.config), { as: 'Admin A' });
    page = app.page;
    await refresh(page);
    await page.keyboard.press('Escape');
  });

  afterAll(async () => {
    await app.close();
    removeWorkspace(app.folder);
    source.remove();
  });

  test('Since last snapshot shows what was added, changed and removed, and the decision that fell away with its reason', async () => {
    await page.goto(new URL('/review?record=p1&kind=update', page.url()).href);
    await region('Record').getByRole('heading', { level: 2, name: 'Park Kennedy' }).waitFor();
    await currentRow('Pending changes').focus();
    await page.keyboard.press('h');
    await page.getByRole('dialog', { name: 'Hold 1 record' }).waitFor();
    await page.keyboard.type('Ask about the street');
    await page.keyboard.press('Enter');
    await notifications(page).getByText(/^Held Park Kennedy\./u).waitFor();

    const before = source.read('properties.csv');
    source.write('properties.csv', `${before.replace('1245 Kennedy Street', '1245 Kennedy Avenue').replace(/^p4,.*\n/mu, '')}p7,Ash Mill,7 Ash Road,Boston,MA,02101,c2,Elm Living,ACTIVE,,2024-01-01,2026-01-02\n`);
    await page.keyboard.press('Control+Shift+S');
    await notifications(page).getByText(/^Refreshed: .*1 added, 1 changed, 1 removed/u).waitFor();
    await goToView('Since last snapshot');
    for (const [state, name] of [['Added', 'Ash Mill'], ['Changed', 'Park Kennedy'], ['Removed', 'Elm House']] as const) {
      await region(state).getByText(name, { exact: true }).waitFor();
      await region(state).getByText(/^1: /u).waitFor();
    }
    await region('Changed').getByText(/^Held by Admin A, .*The decision fell away, because it was about the old content\. Its reason was: Ask about the street$/u).waitFor();
    const changes = (await app.cli('changes')).json['items'] as { state: string; key: string }[];
    expect(changes.map(({ state, key }) => `${state} ${key}`).sort()).toEqual(['added p7', 'changed p1', 'removed p4']);
    expect(await axeFindings(page)).toEqual([]);
    await press(page, region('Changed').getByRole('link', { name: 'Show 1 fallen hold' }));
    await matching().getByText(/^1 of /u).waitFor();
    await region('Record').getByRole('heading', { level: 2, name: 'Park Kennedy' }).waitFor();
    expect(app.problems).toEqual([]);
  });
});
