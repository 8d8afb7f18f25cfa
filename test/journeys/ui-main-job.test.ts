import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../renderer/open-browser.ts';
import { makeSample, openApp, removeWorkspace, type OpenApp } from './open-app.ts';
import { notifications, press, signInAs } from './page-steps.ts';

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

const status = () => notifications(page);
const record = () => page.getByRole('region', { name: 'Record', exact: true });

test('by keyboard alone: refresh, review, decide, draw the pilot, submit, approve as another admin, push, prove', async () => {
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor();
  await page.keyboard.press('Control+Shift+S');
  await status().getByText(/^Refreshed:/u).waitFor();
  await page.keyboard.press('Escape');
  const grid = page.getByRole('grid', { name: 'Pending changes' });
  await grid.locator('[role="row"][tabindex="0"]').waitFor();

  await press(page, page.getByRole('region', { name: 'Filters' }).getByRole('checkbox', { name: /^P2 Flag changes/u }), 'Space');
  await page.getByRole('button', { name: 'Remove filter Priority is P2' }).waitFor();
  const row = grid.locator('[role="row"][tabindex="0"]');
  await row.getByText('P2').waitFor();
  await row.focus();
  await page.keyboard.press('w');
  await page.getByRole('group', { name: /^Why / }).waitFor();
  await page.keyboard.press('a');
  await status().getByText(/^Approved .* undecided left in this filter\./u).waitFor();
  await page.keyboard.press('x');
  await page.getByRole('dialog', { name: 'Exclude 1 record' }).waitFor();
  await page.keyboard.type('Leaving in January');
  await page.keyboard.press('Enter');
  await status().getByText(/^Excluded /u).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
  await page.keyboard.press('u');
  await status().getByText(/^Undid: Excluded 1 record/iu).waitFor();

  await press(page, page.getByRole('button', { name: 'New batch…' }));
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await dialog.getByLabel('Creates').fill('5');
  await dialog.getByLabel('Updates').fill('5');
  await press(page, dialog.getByRole('button', { name: 'Draw pilot' }));
  await page.getByRole('heading', { level: 1, name: 'Pilot 1' }).waitFor();
  await press(page, page.getByRole('button', { name: 'Submit', exact: true }));
  await status().getByText(/^Pilot 1 is submitted\. The plan .* is frozen/u).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await signInAs(page, 'Admin B');
  await press(page, page.getByRole('button', { name: 'Approve…' }));
  await press(page, page.getByRole('button', { name: /^Approve plan / }));
  await status().getByText('Pilot 1 is approved. Nothing has been pushed.').waitFor();
  await press(page, page.getByRole('button', { name: 'Push to Salesforce…' }));
  const push = page.getByRole('dialog', { name: 'Push to Salesforce' });
  await push.waitFor();
  expect(await push.getByRole('button', { name: 'Cancel' }).evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  await press(page, push.getByRole('button', { name: 'Push 10 records' }));
  await page.getByText('The counts add up to 10.').waitFor();
  await status().getByText(/^Run .* completed/u).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await page.keyboard.press('Control+5');
  await press(page, page.getByRole('button', { name: 'Verify chain' }));
  await page.getByRole('status', { name: 'Chain status' }).getByText('The chain is intact').waitFor();
  await page.getByRole('grid', { name: 'Audit events' }).locator('[role="row"][tabindex="0"]').waitFor();
  expect(await axeFindings(page)).toEqual([]);
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
