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
const status = () => page.getByRole('status', { name: 'Notifications' });

async function openReview(path = '/review'): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
}

test('the menu of a row opens by keys and by the second mouse button, with keys and reasons, and gives the focus back', async () => {
  await openReview();
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'Record actions' });
  await menu.getByRole('menuitem', { name: /^Approve/u }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
  await grid().getByText('Meridian at Midtown 5', { exact: true }).click({ button: 'right' });
  await menu.getByRole('menuitem', { name: /^Flag/u }).click();
  await status().getByText('Meridian at Midtown 5 is flagged.').waitFor();
  await grid().locator('[aria-rowindex="7"]').getByRole('img', { name: 'Flagged' }).waitFor();
});

test('the menu leads to the comment and leaves a field out, by mouse and by keys', async () => {
  await openReview();
  const menu = page.getByRole('menu', { name: 'Record actions' });
  const name = 'Meridian at Midtown 5';
  await grid().getByText(name, { exact: true }).click({ button: 'right' });
  await menu.getByRole('menuitem', { name: /^Comment/u }).click();
  await menu.waitFor({ state: 'detached' });
  await page.keyboard.type('ask Finance');
  const record = page.getByRole('region', { name: 'Record', exact: true });
  await record.getByRole('heading', { name }).waitFor();
  expect(await record.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('ask Finance');
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('Shift+F10');
  await menu.waitFor();
  await page.keyboard.type('leave');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Reason, if there is one' }).fill('wrong source');
  await page.keyboard.press('Enter');
  await status().getByText(`Address of ${name} is left out.`).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
});

test('a menu says why a thing cannot be done', async () => {
  await openReview('/review');
  await grid().locator('[aria-rowindex="9"]').click({ button: 'right' });
  await page.getByRole('menu', { name: 'Record actions' }).getByText('1 blocker: duplicate key').waitFor();
});

test('every decision is in the history by its name, is undone there whatever the filter shows, and done again', async () => {
  await openReview();
  await page.keyboard.press('a');
  await status().getByText(/^Approved Park Kennedy/u).waitFor();
  await page.getByRole('button', { name: 'History of decisions' }).click();
  await page.getByRole('menuitem', { name: /^Undo: Approved 1 record/u }).click();
  await status().getByText('Undid: Approved 1 record.').waitFor();
  await page.getByRole('button', { name: 'History of decisions' }).click();
  await page.getByRole('menuitem', { name: /^Redo: Approved 1 record/u }).click();
  await status().getByText('Redid: Approved 1 record.').waitFor();
  await page.keyboard.press('Control+z');
  await status().getByText('Undid: Approved 1 record.').waitFor();
  await page.keyboard.press('Control+Shift+Z');
  await status().getByText('Redid: Approved 1 record.').waitFor();
});

test('approving more than a thousand shows the counts first, and tells afterwards what was done', async () => {
  await openReview();
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Approve 3,000 records' });
  await dialog.getByRole('row', { name: 'Approved 2,970' }).waitFor();
  await dialog.getByRole('row', { name: 'Left out 30 with blockers' }).waitFor();
  await dialog.getByRole('row', { name: 'Decided otherwise none' }).waitFor();
  await dialog.getByRole('button', { name: 'Approve 3,000 records' }).click();
  await status().getByText('Approved 2970 records. 30 records with blockers left out.').waitFor();
});

test('approving all in a filter names those that are approved already, before the step and after it', async () => {
  await page.goto(`${preview.address}/review?filter=priority%3AP2`);
  await grid().locator('[aria-rowindex="2"]').focus();
  const active = page.getByRole('group', { name: 'Active filters' });
  await active.getByText('334 of 3,000').waitFor();
  await page.keyboard.press('a');
  await status().getByText('Approved ').waitFor();
  await active.getByRole('button', { name: 'Select all 334' }).click();
  const bar = page.getByRole('group', { name: 'Selection' });
  await bar.getByText('1 is approved already').waitFor();
  await bar.getByRole('button', { name: 'Approve 333 of 334 records' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('approve');
  await page.getByRole('option', { name: 'Approve 333 of 334', exact: false }).first().waitFor();
  await page.getByRole('option', { name: 'Approve 333 of 334 in this filter; 1 is approved already' }).click();
  await status().getByText(/^Approved 3\d\d records[.]/u).waitFor();
  await bar.waitFor({ state: 'detached' });
});

test('approving more than a thousand of which one is approved already shows both numbers first', async () => {
  await openReview();
  await page.keyboard.press('a');
  await status().getByText('Approved Park Kennedy.').waitFor();
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Approve 2,999 records' });
  await dialog.getByText('All in this filter that are not approved yet.').waitFor();
  await dialog.getByRole('row', { name: 'Approved already 1 of 3,000; it stays as it is' }).waitFor();
  await dialog.getByRole('row', { name: 'Approved 2,969' }).waitFor();
  await dialog.getByRole('row', { name: 'Left out 30 with blockers' }).waitFor();
  await dialog.getByText('by name in History: “Approved 2,969 records”').waitFor();
  await dialog.getByRole('button', { name: 'Approve 2,999 records' }).click();
  await status().getByText('Approved 2969 records. 30 records with blockers left out.').waitFor();
});
