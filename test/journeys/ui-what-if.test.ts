import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { notifications, press, refresh } from './page-steps.ts';

let app: OpenApp;
let page: Page;

beforeAll(async () => {
  app = await openApp(await makeSample(600, '7'), { as: 'Admin A' });
  page = app.page;
});

afterAll(async () => {
  await app.close();
  removeWorkspace(app.folder);
});

const region = (name: string) => page.getByRole('region', { name, exact: true });
const numbersIn = (text: string) => [...text.matchAll(/[\d,]+/gu)].map(([found]) => Number(found.replaceAll(',', '')));

/** Everything that trying a rule must leave alone: every pending change with its decision, and the views as they are. */
async function whatMustStay(): Promise<object> {
  const pending = await app.cli('pending', '--full', '--limit', '1000');
  const views = await app.cli('views', 'verify');
  expect([pending.code, views.code]).toEqual([0, 0]);
  return { pending: pending.json, views: views.json };
}

test('one flag by the primary alone: both sums, a record, the export; pending changes, decisions and views stay the same', async () => {
  await refresh(page);
  await page.keyboard.press('Escape');
  const row = page.getByRole('grid', { name: 'Pending changes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])');
  await row.waitFor();
  await row.focus();
  await page.keyboard.press('a');
  await notifications(page).getByText(/^Approved /u).waitFor();
  // The record that comes next is on screen and is marked as viewed: that is Review's doing, and has to be over.
  await expect.poll(async () => (await app.cli('show', new URL(page.url()).searchParams.get('record') ?? '')).json['mark'], { timeout: 10_000 }).toBe('viewed');
  await page.keyboard.press('Control+7');
  await region('What if').waitFor();
  const before = await whatMustStay();
  expect(JSON.stringify(before)).toContain('"decision":"approve"');

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'properties_aggregated_by_sfdc_id' }).press('Enter');
  await region('What if').getByLabel('Field', { exact: true }).selectOption({ label: 'IDV enabled' });
  expect(await region('What if').getByLabel('Rule', { exact: true }).inputValue()).toBe('primary');
  await press(page, page.getByRole('button', { name: 'Run', exact: true }));
  await page.getByRole('heading', { name: 'Plan B: IDV enabled by primary' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === 'Plan B: IDV enabled by primary');
  await notifications(page).getByText(/^Compared: [1-9]\d* change, \d+ enter, \d+ leave\.$/u).waitFor();
  const sums = await region('Difference').getByText(/^A: .* B: /u).innerText();
  const [unchanged = 0, change = 0, leave = 0, totalA = 0, , , enter = 0, totalB = 0] = numbersIn(sums);
  expect([unchanged + change + leave, unchanged + change + enter]).toEqual([totalA, totalB]);
  await region('What if').getByText(`${totalA} records`, { exact: true }).first().waitFor();
  await region('Changed lines').getByRole('cell', { name: /Only in plan B: .*identity_verification AND m\.property_id = m\.primary_property_id/u }).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await press(page, page.getByRole('button', { name: 'Show records' }));
  await expect.poll(() => region('Records').getByRole('listitem').count()).toBe(change + enter + leave);
  await press(page, page.getByRole('button', { name: 'Export comparison…' }));
  const exported = await notifications(page).getByText(/^Exported /u).innerText();
  const lines = readFileSync(/ to (.*\.csv)\.$/u.exec(exported)?.[1] ?? '', 'utf8').trim().split('\n');
  expect(numbersIn(exported)[0]).toBe(change + enter + leave);
  expect([lines[0]?.startsWith('state,kind,key,name,field'), lines.length > change + enter + leave]).toEqual([true, true]);

  expect(await whatMustStay()).toEqual(before);
  const example = region('What would change').getByRole('link').first();
  const name = await example.innerText();
  await press(page, example);
  await region('Record').getByRole('heading', { name }).first().waitFor();
  expect(app.problems).toEqual([]);
});

test('a text with a fault is pointed at in its line by the real core, and the result before it stays', async () => {
  await page.keyboard.press('Control+7');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'properties_to_create' }).press('Enter');
  await region('Difference').waitFor();
  await press(page, page.getByRole('button', { name: 'Edit plan B…' }));
  const dialog = page.getByRole('dialog', { name: 'Edit plan B' });
  const text = dialog.getByRole('textbox', { name: 'Text of properties_to_create' });
  const asIs = await text.inputValue();
  const lines = asIs.split('\n');
  await text.fill([...lines.slice(0, -1), 'DELETE', lines.at(-1)].join('\n'));
  await press(page, dialog.getByRole('button', { name: 'Run plan B' }));
  await dialog.getByRole('alert').getByText(/^The input cannot be used\. Plan B cannot be run\. Line \d+: /u).waitFor();
  expect(await text.getAttribute('aria-invalid')).toBe('true');
  expect(await axeFindings(page)).toEqual([]);
  await press(page, dialog.getByRole('button', { name: 'Reset to plan A' }));
  await expect.poll(() => text.inputValue()).toBe(asIs);
  await page.keyboard.press('Escape');
  await region('Difference').getByText(/^A: /u).waitFor();
});
