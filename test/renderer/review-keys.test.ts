import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const focusedRow = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex') ?? null);

async function openReview(path = '/review'): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
}

test('the grid has one tab stop, tells its length, and moves by keys', async () => {
  await openReview();
  expect(await grid().getAttribute('aria-rowcount')).toBe('3001');
  expect(await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').count()).toBe(1);
  for (const key of ['j', 'ArrowDown', 'k']) await page.keyboard.press(key);
  expect(await focusedRow()).toBe('3');
  await page.keyboard.press('End');
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: /2999/u }).waitFor();
  expect(await focusedRow()).toBe('3001');
  await page.keyboard.press('Home');
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: 'Park Kennedy' }).waitFor();
  expect(await focusedRow()).toBe('2');
});

test('only rows in view are in the page, also of a million, and the last one can be reached', async () => {
  await openReview('/review#total=1000000');
  expect(await grid().getAttribute('aria-rowcount')).toBe('1000001');
  await page.keyboard.press('End');
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: /999999/u }).waitFor();
  expect(await focusedRow()).toBe('1000001');
  expect(await grid().getByRole('row').count()).toBeLessThan(60);
});

test('a decision by key says what it did, moves on, and can be undone', async () => {
  await openReview();
  await page.keyboard.press('a');
  await status().getByText('Approved Park Kennedy. 2,999 undecided left in this filter.').waitFor();
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: 'The Lofts at Mercer 1' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '3');
  expect(await grid().getByRole('row', { name: /Park Kennedy Not|Park Kennedy/u }).first().getByText('Approved').count()).toBe(1);
  await page.keyboard.press('u');
  await status().getByText('Undid: Approved 1 record.').waitFor();
  await grid().getByRole('row').nth(1).getByText('Undecided').waitFor();
});

test('holding and excluding ask for a reason', async () => {
  await openReview();
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog', { name: 'Exclude 1 record' });
  await dialog.getByLabel('Reason').waitFor();
  expect(await dialog.getByRole('button', { name: 'Exclude 1 record' }).getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.type('Halcyon is leaving');
  await page.keyboard.press('Enter');
  await status().getByText(/^Excluded Park Kennedy\./u).waitFor();
});

test('all in a filter except one is a rule, with its number on the button', async () => {
  await openReview('/review?filter=priority%3AP2');
  await page.getByRole('button', { name: /^Select all/u }).click();
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('Space');
  const bar = page.getByRole('group', { name: 'Selection' });
  await bar.getByText('333 selected').waitFor();
  await bar.getByText('all in this filter, except 1').waitFor();
  await page.keyboard.press('a');
  await status().getByText(/^Approved \d+ records\./u).waitFor();
  expect(await grid().getByRole('row').nth(1).getByText('Undecided').count()).toBe(1);
});

test('Shift with a move extends the selection, and Escape clears it', async () => {
  await openReview();
  await page.keyboard.press('Shift+J');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('group', { name: 'Selection' }).getByText('3 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('group', { name: 'Active filters' }).waitFor();
});

test('why opens for a field, names winner and ignored, and is in the address', async () => {
  await openReview();
  await page.getByRole('button', { name: 'Why IDV enabled: rule any' }).click();
  const why = page.getByRole('group', { name: 'Why IDV enabled', exact: true });
  await why.getByText('Winner').waitFor();
  await why.getByText('Ignored').waitFor();
  expect(new URL(page.url()).searchParams.get('why')).toBe('Identity_Verification_Enabled__c');
});

test('a record with a blocker cannot be approved, and the button says why', async () => {
  await openReview('/review');
  await page.goto(`${preview.address}/review?record=p-0000007&kind=update`);
  const approve = page.getByRole('group', { name: 'Decision' }).getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('button')].some((button) => button.getAttribute('aria-disabled') === 'true' && button.title.includes('1 blocker')));
  expect(await approve.getAttribute('title')).toBe('1 blocker: duplicate key');
});

test('facets filter, their terms are in the address, and one can be removed again', async () => {
  await openReview();
  await page.getByRole('region', { name: 'Filters' }).getByRole('checkbox', { name: /^P2 Flag changes/u }).click();
  await page.getByRole('group', { name: 'Active filters' }).getByText('334 of 3,000').waitFor();
  expect(new URL(page.url()).searchParams.get('filter')).toBe('priority:P2');
  await page.getByRole('button', { name: 'Remove filter Priority is P2' }).click();
  await page.getByRole('group', { name: 'Active filters' }).getByText('3,000 of 3,000').waitFor();
  await page.goBack();
  await page.getByRole('group', { name: 'Active filters' }).getByText('334 of 3,000').waitFor();
});

test('letters do nothing while typing goes into a field', async () => {
  await openReview();
  await page.keyboard.press('/');
  await page.keyboard.type('aaxh');
  expect(await page.getByRole('searchbox', { name: 'Search pending changes' }).inputValue()).toBe('aaxh');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('the palette finds commands and records, and says why one cannot run', async () => {
  await openReview();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('combobox').fill('resume pushes');
  await palette.getByText('Pushes are not paused.').waitFor();
  await palette.getByRole('combobox').fill('Meridian at Midtown 5');
  await palette.getByRole('option', { name: 'Meridian at Midtown 5', exact: true }).click();
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: 'Meridian at Midtown 5', exact: true }).waitFor();
});
