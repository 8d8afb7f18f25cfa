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
const heads = () => grid().getByRole('columnheader').allInnerTexts().then((texts) => texts.map((text) => text.trim().split('\n')[0]));
const columnItem = (name: string) => page.getByRole('menuitemcheckbox', { name, exact: true });
const usualHeads = ['', 'Review progress', 'Priority', 'Kind', 'Name', 'Change', 'Contributors', 'Checks', 'Decision'];

async function openReview(path = '/review'): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
}

/** Opens the menu by keys and presses Space on the named columns. */
async function toggleByKeys(...names: string[]): Promise<void> {
  await page.getByRole('button', { name: 'Columns', exact: true }).focus();
  await page.keyboard.press('Enter');
  for (const name of names) {
    await columnItem(name).waitFor();
    for (let step = 0; step < 15 && !(await columnItem(name).evaluate((item) => item === document.activeElement)); step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Escape');
  await page.getByRole('menu', { name: 'Columns' }).waitFor({ state: 'detached' });
}

test('columns are chosen by keys, counted for a screen reader, remembered, and put back to the usual ones', async () => {
  await openReview();
  expect(await heads()).toEqual(usualHeads);
  expect(await grid().getAttribute('aria-colcount')).toBe('9');
  await toggleByKeys('Kind', 'Company', 'Key');
  const chosen = ['', 'Review progress', 'Priority', 'Name', 'Change', 'Company', 'Contributors', 'Checks', 'Decision', 'Key'];
  expect(await heads()).toEqual(chosen);
  expect(await grid().getAttribute('aria-colcount')).toBe('10');
  await grid().locator('[aria-rowindex="2"]').getByText('Brightwater Residential').waitFor();
  await grid().locator('[aria-rowindex="2"]').getByText('p-0000000').waitFor();
  await page.reload();
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  expect(await heads()).toEqual(chosen);
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Show the usual columns' }).click();
  await grid().getByRole('columnheader', { name: 'Kind' }).waitFor();
  expect(await heads()).toEqual(usualHeads);
});

test('a row keeps its name, and the name stays in place while the rest scrolls sideways', async () => {
  await openReview();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  expect(await page.getByRole('menuitemcheckbox', { name: /^Name/u }).getAttribute('aria-disabled')).toBe('true');
  await page.keyboard.press('Escape');
  await toggleByKeys('Company', 'State', 'Key');
  const row = grid().locator('[aria-rowindex="3"]');
  const name = row.getByRole('rowheader');
  const key = row.getByText('p-0000001');
  const pane = await grid().boundingBox();
  const before = { name: await name.boundingBox(), key: await key.boundingBox(), page: await page.evaluate(() => document.documentElement.scrollWidth) };
  expect(before.page).toBe(1440);
  await grid().evaluate((element) => element.scrollTo({ left: 1_000 }));
  const after = { name: await name.boundingBox(), key: await key.boundingBox(), box: await row.getByRole('checkbox').boundingBox(), head: await grid().getByRole('columnheader', { name: 'Name' }).boundingBox() };
  expect((before.key?.x ?? 0) - (after.key?.x ?? 0)).toBeGreaterThan(50);
  expect((after.key?.x ?? 0) + (after.key?.width ?? 0)).toBeLessThanOrEqual((pane?.x ?? 0) + (pane?.width ?? 0));
  expect(after.box?.x).toBeGreaterThanOrEqual(pane?.x ?? 0);
  expect(after.name?.x).toBeGreaterThan((after.box?.x ?? 0) + (after.box?.width ?? 0));
  expect(after.head?.x).toBe(after.name?.x);
  const onTop = await page.evaluate(({ x, y }) => document.elementFromPoint(x, y)?.closest('[role]')?.getAttribute('role'), { x: (after.name?.x ?? 0) + 4, y: (after.name?.y ?? 0) + 8 });
  expect(onTop).toBe('rowheader');
});

test('a narrow window leaves out columns that nobody has asked for, and keeps those that somebody has', async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await openReview();
  expect(await heads()).toEqual(usualHeads.filter((head) => head !== 'Kind' && head !== 'Contributors'));
  expect(await grid().getAttribute('aria-colcount')).toBe('7');
  await toggleByKeys('Contributors');
  await grid().getByRole('columnheader', { name: 'Contributors' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
});

test('the rows get the height that is chosen beside the columns, and the current one stays in view', async () => {
  await openReview();
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  for (let step = 0; step < 18; step += 1) await page.keyboard.press('j');
  const current = grid().locator('[aria-rowindex="20"]');
  expect((await current.boundingBox())?.height).toBe(30);
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'Comfortable' }).click();
  await page.waitForFunction(() => document.querySelector('[aria-rowindex="20"]')?.getBoundingClientRect().height === 36);
  const [row, pane] = [await current.boundingBox(), await grid().boundingBox()];
  expect((row?.y ?? 0) + 36).toBeLessThanOrEqual((pane?.y ?? 0) + (pane?.height ?? 0));
  expect((await grid().locator('[aria-rowindex="19"]').boundingBox())?.y).toBe((row?.y ?? 0) - 36);
  await page.reload();
  await page.waitForFunction(() => document.querySelector('[aria-rowindex="2"]')?.getBoundingClientRect().height === 36);
});

test.each(['light', 'dark'] as const)('the open menu of columns is accessible in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await openReview();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await columnItem('Company').click();
  await grid().getByRole('columnheader', { name: 'Company' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
});
