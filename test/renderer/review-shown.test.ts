import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const record = () => page.getByRole('region', { name: 'Record', exact: true });
const details = () => record().getByRole('group', { name: 'Record details' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const row = (index: number) => grid().locator(`[aria-rowindex="${index + 2}"]`);
const windowCall = (name: 'holdCalls' | 'answerCalls') => page.evaluate((wanted) => (window as unknown as Record<string, () => void>)[wanted]?.(), name);

/** Opens a record that takes its time to be read. */
async function goToSlowRecord(): Promise<void> {
  await windowCall('holdCalls');
  await row(5).getByText('Meridian at Midtown 5').click();
}

beforeEach(async () => {
  page = preview.page;
  await page.goto(`${preview.address}/review#held=pending.show`);
  await record().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
});

test('a record is called by its name at once, and nothing of the one before is left on screen while it is read', async () => {
  await goToSlowRecord();
  await record().getByRole('heading', { name: 'Meridian at Midtown 5', exact: true, level: 2 }).waitFor();
  expect(await record().getByRole('heading', { name: 'Park Kennedy' }).count()).toBe(0);
  expect(await details().getAttribute('aria-busy')).toBe('true');
  await expect.poll(() => details().evaluate((element) => getComputedStyle(element).opacity)).toBe('0');
  await record().getByText('The record is still being read.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await windowCall('answerCalls');
  await details().getByText('1005 Kennedy').first().waitFor();
  expect(await details().evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
  expect(await record().getByText('The record is still being read.').count()).toBe(0);
});

test('a decision waits until the record it is about is shown', async () => {
  await goToSlowRecord();
  await page.keyboard.press('a');
  await record().getByText('The record is still being read.').waitFor();
  expect(await grid().getByText('Approved').count()).toBe(0);
  await windowCall('answerCalls');
  await status().getByText(/^Approved Meridian at Midtown 5\./u).waitFor();
  await row(5).getByText('Approved').waitFor();
  expect(await grid().getByText('Approved').count()).toBe(1);
});

test('a decision on a record that one leaves before it is shown is not taken, and that is said', async () => {
  await goToSlowRecord();
  await page.keyboard.press('a');
  await page.keyboard.press('j');
  await record().getByRole('heading', { name: 'Copperline Flats 6' }).waitFor();
  await windowCall('answerCalls');
  await status().getByText('Meridian at Midtown 5 was left before it was shown. Nothing was decided on it.').waitFor();
  await details().getByText('1006 Kennedy').first().waitFor();
  expect(await grid().getByText('Approved').count()).toBe(0);
});

test('no field of the record before is left out while the next one is read, and no comment goes to it', async () => {
  await goToSlowRecord();
  await record().getByRole('heading', { name: 'Meridian at Midtown 5' }).waitFor();
  await page.keyboard.press('c');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  await page.keyboard.press('Shift+F10');
  const items = page.getByRole('menu', { name: 'Record actions' }).getByRole('menuitem');
  for (const name of [/^Leave .+ out/u, /^Comment/u]) {
    const item = items.filter({ hasText: name });
    await item.getByText('The record is still being read.').waitFor();
    expect(await item.getAttribute('aria-disabled')).toBe('true');
  }
});
