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
const records = () => page.getByRole('region', { name: 'Records' });
const inspected = (name: string) => page.getByRole('region', { name: 'Record', exact: true }).getByRole('heading', { name });
const field = () => page.getByRole('textbox', { name: 'Name begins with' });
const hasFocus = (rowIndex: number) => page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-rowindex') === wanted, String(rowIndex));

async function openQuickFind(): Promise<void> {
  await page.goto(`${preview.address}/review`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  await grid().locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press("'");
  await field().waitFor();
}

test('a record that is opened by its address becomes the current row, however far down it stands', async () => {
  await page.goto(`${preview.address}/review?record=p-0002345&kind=update`);
  await records().getByText('Record 2,346 of 3,000').waitFor();
  const row = grid().locator('[aria-rowindex="2347"]');
  await row.getByRole('rowheader').getByText('Meridian at Midtown 2345').waitFor();
  expect(await row.getAttribute('tabindex')).toBe('0');
  expect(await row.getAttribute('aria-selected')).toBe('true');
});

test('a record that the filter leaves out is said not to be among the rows', async () => {
  await page.goto(`${preview.address}/review?record=p-0000001&kind=update&filter=kind%3Acreate`);
  await records().getByText('The open record is not among these rows.').waitFor();
});

test('a filter of a change shape is called as the shape is, also where the address is opened and where nothing matches', async () => {
  await page.goto(`${preview.address}/review?view=shapes`);
  const shape = page.getByRole('region', { name: 'Shape', exact: true });
  await shape.getByRole('region', { name: 'Pattern' }).waitFor();
  const name = await shape.getByRole('heading', { level: 2 }).innerText();
  expect(name).not.toBe('');
  await shape.getByRole('link', { name: /^Show all/u }).click();
  const chip = page.getByRole('button', { name: `Remove filter Change shape is ${name}` });
  await chip.waitFor();
  const address = new URL(page.url());
  await page.reload();
  await chip.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const filter = address.searchParams.get('filter') ?? '';
  await page.goto(`${preview.address}/review?filter=${encodeURIComponent(`${filter} state:ZZ`)}`);
  await page.getByText(`No pending change has all of: Change shape is ${name}; `).waitFor();
  await page.goto(`${preview.address}/review?filter=shape%3As-gone`);
  await page.getByRole('button', { name: 'Remove filter Change shape is s-gone' }).waitFor();
});

test('a record is gone to by its key, and by its position', async () => {
  await page.goto(`${preview.address}/review`);
  await grid().getByText('Park Kennedy', { exact: true }).waitFor();
  for (const [wanted, place] of [['p-0001500', 'Record 1,501 of 3,000'], ['2,000', 'Record 2,000 of 3,000']] as const) {
    await page.keyboard.press('Control+g');
    await page.getByRole('dialog', { name: 'Go to record' }).getByLabel('Position or key').fill(wanted);
    await page.keyboard.press('Enter');
    await records().getByText(place).waitFor();
  }
});

test('the beginning of a name moves the current row, and Enter stays there', async () => {
  await openQuickFind();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.type('ashton');
  await inspected('Ashton Brook 4').waitFor();
  await records().getByText('Record 5 of 3,000').waitFor();
  await page.keyboard.press('Enter');
  await field().waitFor({ state: 'detached' });
  await hasFocus(6);
});

test('a click on the row that is current already leaves the focus to the field', async () => {
  await openQuickFind();
  await page.keyboard.press('Escape');
  await grid().locator('[aria-rowindex="2"]').click();
  await page.keyboard.press("'");
  await field().waitFor();
  for (const letter of 'ash') {
    await page.keyboard.type(letter);
    await inspected('Ashton Brook 4').waitFor();
  }
  expect(await field().inputValue()).toBe('ash');
  await records().getByText('0 decided').waitFor();
});

test('Esc goes back to the row before, and a name that nothing has is said', async () => {
  await openQuickFind();
  await page.keyboard.type('w');
  await inspected('Willow Creek Commons 9').waitFor();
  await page.keyboard.type('x');
  await page.getByText('No name begins with “wx”.').waitFor({ state: 'attached' });
  await records().getByText('Record 10 of 3,000').waitFor();
  await page.keyboard.press('Escape');
  await inspected('Park Kennedy').waitFor();
  await hasFocus(2);
});
