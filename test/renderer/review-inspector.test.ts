import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { connectBrowser } from './connect-browser.ts';
import { axeFindings } from './open-browser.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${inject('preview')}/review`);
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
});
afterEach(() => page.close());

const inspector = () => page.getByRole('region', { name: 'Record', exact: true });
const status = () => page.getByRole('status', { name: 'Notifications' });

test('a field is left out by keys with a reason, is struck through and not counted, and is taken in again', async () => {
  const leaveOut = inspector().getByRole('button', { name: /^Leave .+ out…$/u }).first();
  const label = /^Leave (.+) out…$/u.exec((await leaveOut.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  const [, changing = '', all = ''] = /^(\d+) of (\d+) fields change$/u.exec(await inspector().getByText(/fields change/u).innerText()) ?? [];
  await leaveOut.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Reason, if there is one' }).fill('wrong <b>source\u202E');
  await page.keyboard.press('Enter');
  await status().getByText(`${label} of Park Kennedy is left out.`).waitFor();
  await inspector().getByText(`${Number(changing) - 1} of ${all} fields change, 1 left out`).waitFor();
  const row = inspector().getByRole('row', { name: new RegExp(`^${label} `, 'u') });
  await row.getByText(/^Left out by .+: wrong <b>source/u).waitFor();
  expect(await row.locator('s').evaluate((struck) => getComputedStyle(struck).textDecorationLine)).toBe('line-through');
  expect(await row.locator('b').count()).toBe(0);
  await inspector().getByRole('button', { name: `Take ${label} in again` }).click();
  await inspector().getByText(`${changing} of ${all} fields change`, { exact: true }).waitFor();
  expect(await row.locator('s').count()).toBe(0);
});

test('leaving a field out is undone from its notification', async () => {
  await inspector().getByRole('button', { name: /^Leave .+ out…$/u }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Leave .+ out$/u }).click();
  await inspector().getByText(/, 1 left out$/u).waitFor();
  await status().getByRole('button', { name: /^Undo/u }).first().click();
  await inspector().getByText(/fields change$/u).waitFor();
});

test('C leads to the comment; its draft stays with the record, and Control and Enter add it as the text that it is', async () => {
  const box = inspector().getByRole('textbox', { name: 'Comment' });
  await page.getByRole('grid', { name: 'Pending changes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await page.keyboard.press('c');
  await page.keyboard.type('ask <b>Finance</b>');
  expect(await box.inputValue()).toBe('ask <b>Finance</b>');
  await inspector().getByRole('button', { name: 'Next record' }).click();
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor({ state: 'detached' });
  expect(await box.inputValue()).toBe('');
  await inspector().getByRole('button', { name: 'Previous record' }).click();
  await inspector().getByRole('heading', { name: 'Park Kennedy' }).waitFor();
  expect(await box.inputValue()).toBe('ask <b>Finance</b>');
  await box.press('Control+Enter');
  const said = inspector().getByRole('list', { name: 'Comments' }).getByRole('listitem');
  await said.getByText('ask <b>Finance</b>').waitFor();
  expect(await said.locator('b').count()).toBe(1);
  expect(await box.inputValue()).toBe('');
});

test('what became of a record in an earlier run stands in its history, word for word and with the sent values', async () => {
  await page.getByRole('grid', { name: 'Pending changes' }).waitFor();
  const runs = inspector().getByRole('list', { name: 'Runs of this record' });
  await runs.getByText('UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record').waitFor();
  await runs.getByRole('link', { name: 'Run 29 of Pilot 1' }).waitFor();
  await runs.getByText('Sent values of run 29').click();
  await runs.getByRole('table').getByText('1000 Kennedy').last().waitFor();
});

test.each(['light', 'dark'] as const)('a field left out, a comment and a run are reachable for everyone in %s', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await inspector().getByRole('button', { name: /^Leave .+ out…$/u }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Leave .+ out$/u }).click();
  await inspector().getByText(/, 1 left out$/u).waitFor();
  await inspector().getByRole('textbox', { name: 'Comment' }).fill('ask Finance');
  await inspector().getByRole('button', { name: 'Add comment' }).click();
  await inspector().getByRole('list', { name: 'Comments' }).getByText('ask Finance').waitFor();
  await inspector().getByText('Sent values of run 29').click();
  expect(await axeFindings(page)).toEqual([]);
});

test('the explanation of an instant, opened by keys, shows it to the second in UTC, before and after', async () => {
  const why = inspector().getByRole('button', { name: /^Why Bank linking enabled at: /u });
  await why.focus();
  await page.keyboard.press('Enter');
  await inspector().getByRole('group', { name: 'Why Bank linking enabled at' }).getByText('Before: blank. After: 2025-04-02 00:00:00 UTC.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await why.press('Enter');
  const address = inspector().getByRole('button', { name: /^Why Address: /u });
  await address.press('Enter');
  expect(await inspector().getByRole('group', { name: 'Why Address' }).getByText(/UTC/u).count()).toBe(0);
});

test.each([
  [1440, 900],
  [1024, 700],
])('in a window of %i by %i no head of a column is cut off, and the search box shows all of its words', async (width, height) => {
  await page.setViewportSize({ width, height });
  await page.goto(`${inject('preview')}/review?filter=priority%3AP2+decision%3Anone`);
  await inspector().getByText('Salesforce now').waitFor();
  const heads = page.locator('[role="columnheader"], th[scope="col"]');
  const cut = await heads.evaluateAll((all) => all.flatMap((head) => [head, ...head.querySelectorAll<HTMLElement>('button')]).filter((one) => one.checkVisibility() && getComputedStyle(one).overflow !== 'visible' && one.scrollWidth > one.clientWidth).map((one) => one.textContent));
  expect(cut).toEqual([]);
  const search = page.getByRole('searchbox', { name: 'Search pending changes' });
  const [wanted = 0, room = 0] = await search.evaluate((field: HTMLInputElement) => {
    const own = getComputedStyle(field);
    const context = document.createElement('canvas').getContext('2d');
    if (context) context.font = `${getComputedStyle(field, '::placeholder').fontSize} ${own.fontFamily}`;
    return [context?.measureText(field.placeholder).width, field.clientWidth - Number.parseFloat(own.paddingInlineStart) - Number.parseFloat(own.paddingInlineEnd)];
  });
  expect(room).toBeGreaterThanOrEqual(wanted);
  const contributors = page.getByRole('columnheader', { name: 'Contributors' });
  expect(await contributors.count()).toBe(width < 1_312 ? 0 : 1);
  if (width >= 1_312) expect(await contributors.getAttribute('title')).toBe('Contributors of all members');
});
