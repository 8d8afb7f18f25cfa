import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { refresh } from './page-steps.ts';

let app: OpenApp;
let page: Page;

beforeAll(async () => {
  app = await openApp(await makeSample(220, '5'), { as: 'Admin A' });
  page = app.page;
  // Where no record is in an inspector: on a busy machine one would be viewed before the test counts those that are not.
  await page.goto(new URL('/overview', page.url()).href);
  await refresh(page);
});

afterAll(async () => {
  await app.close();
  removeWorkspace(app.folder);
});

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const keysOf = async (filter: string) => ((await app.cli('pending', '--filter', filter, '--limit', '500')).json['items'] as { key: string; kind: string }[]).map(({ key, kind }) => `${kind} ${key}`);
const inspector = () => page.getByRole('region', { name: 'Record', exact: true });
const recordOpen = () => {
  const { searchParams } = new URL(page.url());
  return `${searchParams.get('kind')} ${searchParams.get('record')}`;
};

test('going through what was not viewed yet shows every record once, though each leaves the filter when it is viewed', async () => {
  const unseen = await keysOf('progress:unseen');
  // Two more pages are read while the records of the first leave the filter.
  expect(unseen.length).toBeGreaterThan(200);
  await page.clock.install();
  await page.goto(new URL('/review?filter=progress%3Aunseen', page.url()).href);
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('Home');
  const shown: string[] = [];
  for (let number = 1; number <= unseen.length; number += 1) {
    const row = grid().locator(`[role="row"][aria-rowindex="${number + 1}"][tabindex="0"]`);
    await row.and(page.locator('[aria-busy]')).waitFor({ state: 'detached' });
    await expect.poll(() => inspector().getByText(recordOpen().split(' ')[1] ?? '', { exact: true }).count()).toBeGreaterThan(0);
    // A record counts as viewed after a second in the inspector: the clock of the page is moved on instead of waiting for it.
    await page.clock.runFor(1_000);
    await row.getByText('Viewed', { exact: true }).waitFor();
    shown.push(recordOpen());
    await page.keyboard.press('j');
  }
  expect(shown.toSorted()).toEqual(unseen.toSorted());
  expect(await keysOf('progress:unseen')).toEqual([]);
  await page.getByRole('group', { name: 'Active filters' }).getByText(`${unseen.length} no longer match`).waitFor();
  await page.keyboard.press('r');
  await page.getByText('Nothing matches', { exact: true }).waitFor();
  expect(app.problems).toEqual([]);
}, 240_000);
