import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { focusedElement, notifications, press, refresh } from './page-steps.ts';

let app: OpenApp;
let page: Page;

beforeAll(async () => {
  app = await openApp(await makeSample(200, '11'), { as: 'Admin A' });
  page = app.page;
  await refresh(page);
});

afterAll(async () => {
  await app.close();
  removeWorkspace(app.folder);
});

const parkKennedy = '5b0e1c9a-77d2';
const record = () => page.getByRole('region', { name: 'Record', exact: true });
const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const currentRow = () => grid().locator('[role="row"][tabindex="0"]:not([aria-busy])');
const palette = () => page.getByRole('dialog', { name: 'Commands' });
const totalOf = async (filter: string) => (await app.cli('pending', '--filter', filter, '--limit', '1')).json['total'];

/** axe on what is open, in both themes. */
async function hasNoFindings(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page), colorScheme).toEqual([]);
  }
}

test('the palette finds a record by its name and a command by its words, and says what it did, which the toast undoes', async () => {
  await currentRow().focus();
  await page.keyboard.press('Control+k');
  await palette().getByRole('combobox').fill('park kennedy');
  await palette().getByRole('option', { name: 'Park Kennedy', exact: true }).first().waitFor();
  await hasNoFindings();
  await page.keyboard.press('Enter');
  await palette().waitFor({ state: 'detached' });
  await record().getByText(parkKennedy, { exact: true }).first().waitFor();

  await page.keyboard.press('Control+k');
  await palette().getByRole('combobox').fill('approve');
  await palette().getByRole('option', { name: /^Approve/u }).first().waitFor();
  await page.keyboard.press('Enter');
  await notifications(page).getByText('Approved Park Kennedy.').waitFor();
  expect(await totalOf(`key:${parkKennedy} decision:approve`)).toBe(1);
  await press(page, notifications(page).getByRole('button', { name: /^Undo/u }));
  await notifications(page).getByText('Undid: Approved 1 record.').waitFor();
  expect(await totalOf(`key:${parkKennedy} decision:approve`)).toBe(0);
});

test('the sheet of keys and the menu of a row name a command with the same key, and the menu carries it out', async () => {
  await currentRow().focus();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  const keyOf = async (item: Locator) => (await item.innerText()).split('\n').includes('X');
  expect(await keyOf(sheet.getByRole('listitem').filter({ hasText: /^Exclude/u }))).toBe(true);
  await hasNoFindings();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await expect.poll(() => focusedElement(page)).toMatch(/^row /u);

  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'Record actions' });
  expect(await keyOf(menu.getByRole('menuitem', { name: /^Exclude/u }))).toBe(true);
  await hasNoFindings();
  await page.keyboard.type('flag');
  await page.keyboard.press('Enter');
  await notifications(page).getByText(/is flagged\.$/u).waitFor();
  expect(await totalOf('progress:flagged')).toBe(1);
});

test('at 200 % zoom, with forced colours and without motion, everything is there and can be reached', async () => {
  await page.setViewportSize({ width: 720, height: 450 });
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await currentRow().focus();
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Wait for the owner');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await notifications(page).getByText(/^Held /u).waitFor();
  expect(await totalOf('decision:hold')).toBe(1);
  const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length);
  expect(moving, 'nothing moves').toBe(0);
  expect(app.problems).toEqual([]);
});
