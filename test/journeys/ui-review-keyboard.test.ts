import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { approve, focusedElement, notifications, press, refresh, signInAs } from './page-steps.ts';

let app: OpenApp;
let page: Page;

beforeAll(async () => {
  app = await openApp(await makeSample(400, '7'), { as: 'Admin A' });
  page = app.page;
  await page.evaluate(() => {
    for (const type of ['pointerdown', 'mousedown', 'wheel', 'touchstart']) window.addEventListener(type, () => (document.documentElement.dataset['pointed'] = type), { capture: true });
  });
});

afterAll(async () => {
  await app.close();
  removeWorkspace(app.folder);
});

const parkKennedy = '5b0e1c9a-77d2';
const status = () => notifications(page);
const record = () => page.getByRole('region', { name: 'Record', exact: true });
const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const currentRow = () => grid().locator('[role="row"][tabindex="0"]:not([aria-busy])');
const totalOf = async (filter: string) => (await app.cli('pending', '--filter', filter, '--limit', '1')).json['total'];
const nameShown = () => record().getByRole('heading', { level: 2 }).innerText();

/** After each step: the focus is somewhere, and it is a row where one goes on in the grid. */
async function focusStays(where = /^(?!nowhere)/u): Promise<void> {
  await expect.poll(() => focusedElement(page)).toMatch(where);
}

test('by keyboard alone: refresh, filter, open Park Kennedy and why, approve, flag, exclude, undo by name, redo, approve all except one', async () => {
  await refresh(page);
  await page.keyboard.press('Escape');
  await currentRow().waitFor();
  await press(page, page.getByRole('region', { name: 'Filters' }).getByRole('checkbox', { name: /^P2 Flag changes/u }), 'Space');
  await page.getByRole('button', { name: 'Remove filter Priority is P2' }).waitFor();
  const all = await totalOf('priority:P2');
  await page.getByRole('group', { name: 'Active filters' }).getByText(new RegExp(`^${String(all)} of `, 'u')).waitFor();
  await focusStays();

  await currentRow().focus();
  await page.keyboard.press('Control+g');
  await page.getByRole('dialog', { name: 'Go to record' }).waitFor();
  await page.keyboard.type(parkKennedy);
  await page.keyboard.press('Enter');
  await record().getByRole('heading', { level: 2, name: 'Park Kennedy' }).waitFor();
  await focusStays(/^row /u);
  await page.keyboard.press('w');
  await page.getByRole('group', { name: /^Why / }).getByText('Ignored').waitFor();
  await focusStays(/^row /u);
  await page.keyboard.press('a');
  await status().getByText(`Approved Park Kennedy. ${Number(all) - 1} undecided left in this filter.`).waitFor();
  await record().getByRole('heading', { level: 2, name: 'Park Kennedy' }).waitFor({ state: 'detached' });
  await focusStays(/^row /u);

  const flagged = await nameShown();
  await page.keyboard.press('f');
  await status().getByText(`${flagged} is flagged.`).waitFor();
  await focusStays(/^row /u);
  await page.keyboard.press('j');
  await expect.poll(nameShown).not.toBe(flagged);
  const excluded = await nameShown();
  await page.keyboard.press('x');
  await page.getByRole('dialog', { name: 'Exclude 1 record' }).waitFor();
  await page.keyboard.type('Leaving in January');
  await page.keyboard.press('Enter');
  await status().getByText(new RegExp(`^Excluded ${excluded}`, 'u')).waitFor();
  await focusStays(/^row /u);
  expect(await totalOf('decision:exclude')).toBe(1);

  await press(page, page.getByRole('button', { name: 'History of decisions' }));
  const step = page.getByRole('menuitem', { name: /^Undo: Excluded 1 record/u });
  await step.waitFor();
  await focusStays(/^menu/u);
  await press(page, step);
  await status().getByText(/^Undid: Excluded 1 record/u).waitFor();
  expect(await totalOf('decision:exclude')).toBe(0);
  await focusStays();
  await page.keyboard.press('Control+Shift+Z');
  await status().getByText(/^Redid: Excluded 1 record/u).waitFor();
  expect(await totalOf('decision:exclude')).toBe(1);
  await focusStays();

  await currentRow().focus();
  await page.keyboard.press('Control+a');
  const selection = page.getByRole('group', { name: 'Selection' });
  await selection.getByText(`${String(all)} selected`).waitFor();
  await focusStays(/^row /u);
  await page.keyboard.press('Home');
  const leftOut = await nameShown();
  await page.keyboard.press('Space');
  const most = Number(all) - 1;
  await selection.getByText(`${most} selected`).waitFor();
  await selection.getByRole('button', { name: `Approve ${most} records` }).waitFor();
  const blocked = Number(await totalOf('priority:P2 severity:blocker'));
  await page.keyboard.press('a');
  await status().getByText(`Approved ${most - blocked} records.${blocked > 0 ? ` ${blocked} records with blockers left out.` : ''}`).waitFor();
  expect(await totalOf('priority:P2 decision:approve')).toBe(most - blocked);
  expect((await app.cli('pending', '--filter', 'priority:P2 -decision:approve', '--limit', '5')).json['items']).toMatchObject([{ name: leftOut }]);
  await focusStays();
  expect(await axeFindings(page)).toEqual([]);
});

test('by keyboard alone: draw the pilot, submit, approve as another admin, push, find it in the audit log', async () => {
  await press(page, page.getByRole('button', { name: 'New batch…' }));
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await dialog.getByLabel('Creates').fill('5');
  await dialog.getByLabel('Updates').fill('5');
  await press(page, dialog.getByRole('button', { name: 'Draw pilot' }));
  await page.getByRole('heading', { level: 1, name: 'Pilot 1' }).waitFor();
  await focusStays();
  await press(page, page.getByRole('button', { name: 'Submit', exact: true }));
  await status().getByText(/^Pilot 1 is submitted\. The plan .* is frozen/u).waitFor();
  await focusStays();
  expect(await axeFindings(page)).toEqual([]);

  await signInAs(page, 'Admin B');
  await focusStays();
  await approve(page, 'Pilot 1');
  await focusStays();
  await press(page, page.getByRole('button', { name: 'Push to Salesforce…' }));
  const push = page.getByRole('dialog', { name: 'Push to Salesforce' });
  await push.waitFor();
  expect(await push.getByRole('button', { name: 'Cancel' }).evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await press(page, push.getByRole('button', { name: 'Push 10 records' }));
  await page.getByText('The counts add up to 10.').waitFor();
  await status().getByText(/^Run .* completed/u).waitFor();
  await focusStays();
  expect(await axeFindings(page)).toEqual([]);

  await page.keyboard.press('Control+5');
  await press(page, page.getByRole('button', { name: 'Verify chain' }));
  await page.getByRole('status', { name: 'Chain status' }).getByText('The chain is intact').waitFor();
  await focusStays();
  const events = page.getByRole('grid', { name: 'Audit events' });
  const search = page.getByRole('searchbox', { name: 'Search audit events' });
  await search.focus();
  await page.keyboard.type('Leaving in January');
  await page.getByRole('button', { name: 'Remove filter Text has Leaving in January' }).waitFor();
  await events.getByText(/Excluded 1 record/u).first().waitFor();
  await focusStays(/Search audit events/u);
  await search.press('Control+a');
  await page.keyboard.type('Pilot 1');
  await events.getByText(/Pilot 1/u).first().waitFor();
  await focusStays(/Search audit events/u);
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.dataset['pointed'] ?? null)).toBeNull();
  expect(app.problems).toEqual([]);
});

test('pausing stops a push, which says why', async () => {
  await page.keyboard.press('Control+Shift+X');
  await page.getByRole('dialog', { name: 'Pause all pushes' }).waitFor();
  await page.keyboard.type('Zips lose their leading zero');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Pushes paused' }).waitFor();
  await page.keyboard.press('Control+2');
  await record().getByRole('button', { name: 'Approve' }).waitFor();
  await press(page, page.getByRole('button', { name: 'New batch…' }));
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await dialog.getByLabel('Creates').fill('1');
  await dialog.getByLabel('Updates').fill('1');
  await press(page, dialog.getByRole('button', { name: 'Draw pilot' }));
  await press(page, page.getByRole('button', { name: 'Submit', exact: true }));
  await signInAs(page, 'Admin C');
  await press(page, page.getByRole('button', { name: 'Approve…' }));
  await press(page, page.getByRole('button', { name: /^Approve plan / }));
  await press(page, page.getByRole('button', { name: 'Push to Salesforce…' }));
  await press(page, page.getByRole('dialog', { name: 'Push to Salesforce' }).getByRole('button', { name: /^Push / }));
  const refused = page.getByRole('dialog', { name: /cannot be pushed$/u });
  await refused.getByText(/Zips lose their leading zero|Pushes are paused/u).first().waitFor();
  await press(page, refused.getByRole('button', { name: 'Close' }));
});
