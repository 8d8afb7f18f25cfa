import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const row = (number: number) => grid().locator(`[role="row"][aria-rowindex="${number + 1}"]`);
const filters = () => page.getByRole('group', { name: 'Active filters' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const windowCall = (name: 'holdCalls' | 'answerCalls') => page.evaluate((wanted) => (window as unknown as Record<string, () => void>)[wanted]?.(), name);
const hasFocus = (number: number) => page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-rowindex') === wanted, String(number + 1));
const rowCountIs = (count: number) => expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(count + 1));

async function openReview(path: string): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  await row(1).focus();
}

test('with decided records hidden, one that is decided keeps its row, the next one becomes current, and a reload hides it', async () => {
  await openReview('/review?filter=decision%3Anone');
  await filters().getByText('3,000 of 3,000').waitFor();
  await page.keyboard.press('a');
  await status().getByText('Approved Park Kennedy. 2,999 undecided left in this filter.').waitFor();
  await hasFocus(2);
  await row(1).getByText('Approved').waitFor();
  await filters().getByText('1 no longer matches').waitFor();
  await filters().getByRole('button', { name: 'Select all 2,999' }).waitFor();
  await rowCountIs(3_000);
  expect(await axeFindings(page)).toEqual([]);

  await page.keyboard.press('u');
  await row(1).getByText('Undecided').waitFor();
  await filters().getByText('1 no longer matches').waitFor({ state: 'detached' });
  await page.keyboard.press('a');
  await filters().getByText('1 no longer matches').waitFor();
  await filters().getByRole('button', { name: 'Reload list' }).click();
  await rowCountIs(2_999);
  await hasFocus(1);
  await filters().getByText('1 no longer matches').waitFor({ state: 'detached' });
  expect(await grid().getByText('Approved').count()).toBe(0);
});

test('what is decided all at once is what matches by now, not what the list was opened with', async () => {
  await openReview('/review?filter=decision%3Anone&sort=name');
  await page.keyboard.press('a');
  await filters().getByText('1 no longer matches').waitFor();
  await row(2).focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('group', { name: 'Selection' }).getByText('2,999 selected').waitFor();
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: 'Hold 2,999 records' });
  await dialog.getByLabel('Reason').fill('Wait for the owner');
  await dialog.getByRole('button', { name: 'Hold 2,999 records' }).click();
  await status().getByText(/^Held 2,?999 records/u).waitFor();
  await filters().getByText('3,000 no longer match').waitFor();
});

test('another filter or order opens the list as it is by then', async () => {
  await openReview('/review?filter=progress%3Aunseen');
  await page.keyboard.press('f');
  await filters().getByText('1 no longer matches').waitFor();
  await rowCountIs(3_000);
  await page.getByRole('button', { name: 'Reverse the order' }).click();
  await rowCountIs(2_999);
});

test('of two orders asked for within a moment, the newer one is drawn', async () => {
  await openReview('/review');
  const head = (name: string) => grid().getByRole('columnheader', { name: new RegExp(`^${name}`, 'u') });
  await page.evaluate(() => {
    for (const name of ['Name', 'Contributors']) {
      const heads = [...document.querySelectorAll('[role="grid"] [role="columnheader"]')];
      heads.find((one) => one.textContent?.trim().startsWith(name))?.querySelector('button')?.click();
    }
  });
  await expect.poll(() => head('Contributors').getAttribute('aria-sort')).not.toBeNull();
  await expect.poll(() => grid().getAttribute('aria-busy')).toBeNull();
  expect(await head('Name').getAttribute('aria-sort')).toBeNull();
  expect(new URL(page.url()).searchParams.get('sort')).toBe('contributors');
});

test('the list before stays, busy, until the one that is asked for is read, and nothing of it is taken for all in the filter', async () => {
  await openReview('/review#held=pending.open');
  await windowCall('holdCalls');
  await page.getByRole('region', { name: 'Filters' }).getByRole('checkbox', { name: /^P1/u }).click();
  await page.getByRole('region', { name: 'Records' }).getByText('Reading the records…').waitFor();
  await filters().getByText('counting…').waitFor();
  expect(await grid().getAttribute('aria-busy')).toBe('true');
  await rowCountIs(3_000);
  await row(1).getByText('Park Kennedy').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await row(1).focus();
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('Control+a');
  expect(await page.getByRole('group', { name: 'Selection' }).count()).toBe(0);
  expect(await page.getByRole('dialog').count()).toBe(0);
  await windowCall('answerCalls');
  await expect.poll(() => grid().getAttribute('aria-busy')).toBeNull();
  await expect.poll(() => grid().getAttribute('aria-rowcount')).not.toBe('3001');
  expect(await status().getByText('Approved').count()).toBe(0);
});

test('where nothing matches any more after a reload, the focus is on the first way on', async () => {
  await openReview('/review?filter=decision%3Anone+key%3Ap-0000000');
  await page.keyboard.press('a');
  await filters().getByText('1 no longer matches').waitFor();
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Clear filters');
  await page.keyboard.press('Enter');
  await rowCountIs(3_000);
});
