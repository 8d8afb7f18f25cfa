import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const grid = () => page.getByRole('grid', { name: 'Pending changes' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const filters = () => page.getByRole('region', { name: 'Filters' });
const group = (name: string) => filters().getByRole('group', { name, exact: true });
const heading = (name: string) => group(name).getByRole('button', { name, exact: true });
const chips = () => page.getByRole('group', { name: 'Active filters' }).getByRole('button', { name: /^Remove filter/u }).allInnerTexts();
const matching = (text: string) => page.getByRole('group', { name: 'Active filters' }).getByText(text, { exact: true }).waitFor();
const rows = () => grid().getAttribute('aria-rowcount');
const filterOf = () => new URL(page.url()).searchParams.get('filter');

async function open(path: string, text: string): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await matching(text);
}

describe('a value of a filter', () => {
  test('is left out by its own button, asked for by its box, and taken back by the same again', async () => {
    await open('/review', '3,000 of 3,000');
    const leaveOut = group('Kind').getByRole('button', { name: 'Leave out Create' });
    const box = group('Kind').getByRole('checkbox', { name: /^Create/u });
    await box.hover();
    await leaveOut.click();
    await matching('2,667 of 3,000');
    expect([filterOf(), await chips(), await rows(), await leaveOut.getAttribute('aria-pressed'), await box.isChecked()]).toEqual(['-kind:create', ['Kind is not Create'], '2668', 'true', false]);
    await box.click();
    await matching('333 of 3,000');
    expect([filterOf(), await chips(), await rows(), await leaveOut.getAttribute('aria-pressed'), await box.isChecked()]).toEqual(['kind:create', ['Kind is Create'], '334', 'false', true]);
    await box.click();
    await matching('3,000 of 3,000');
    expect([filterOf(), await chips(), await rows()]).toEqual([null, [], '3001']);
  });

  test('is left out by Alt and Space too, beside what is asked for', async () => {
    await open('/review?filter=kind%3Aupdate', '2,667 of 3,000');
    await group('Priority').getByRole('checkbox', { name: /^P2/u }).focus();
    await page.keyboard.press('Alt+Space');
    await matching('2,333 of 3,000');
    expect([filterOf(), await chips()]).toEqual(['kind:update -priority:P2', ['Kind is Update', 'Priority is not P2']]);
    await page.keyboard.press('Space');
    await matching('334 of 3,000');
    expect(filterOf()).toBe('kind:update priority:P2');
  });
});

test('a group of filters is folded and stays so, but never while the filter has one of its values', async () => {
  await open('/review', '3,000 of 3,000');
  const box = group('Priority').getByRole('checkbox', { name: /^P2/u });
  await heading('Priority').click();
  await box.waitFor({ state: 'detached' });
  expect(await heading('Priority').getAttribute('aria-expanded')).toBe('false');
  await page.reload();
  await matching('3,000 of 3,000');
  await heading('Priority').waitFor();
  expect([await box.count(), await group('Kind').getByRole('checkbox').count()]).toEqual([0, 2]);
  await open('/review?filter=priority%3AP2', '334 of 3,000');
  await heading('Priority').click({ force: true });
  expect([await heading('Priority').getAttribute('aria-disabled'), await box.isChecked()]).toEqual(['true', true]);
  await box.click();
  await matching('3,000 of 3,000');
  await box.waitFor({ state: 'detached' });
});

test('chips take one filter away, Clear takes all of them, and Back brings them again', async () => {
  await open('/review?filter=priority%3AP2+priority%3AP3+-kind%3Acreate+state%3ACA', '534 of 3,000');
  expect(await chips()).toEqual(['Priority is P2', 'Priority is P3', 'Kind is not Create', 'State is CA']);
  await page.getByRole('button', { name: 'Remove filter Priority is P3' }).click();
  await expect.poll(chips).toEqual(['Priority is P2', 'Kind is not Create', 'State is CA']);
  expect(filterOf()).toBe('priority:P2 -kind:create state:CA');
  const left = Number(await rows()) - 1;
  expect(left).toBeGreaterThan(0);
  await filters().getByRole('button', { name: 'Clear', exact: true }).click();
  await matching('3,000 of 3,000');
  expect([filterOf(), await chips(), await rows()]).toEqual([null, [], '3001']);
  await page.goBack();
  await matching(`${left} of 3,000`);
  expect(filterOf()).toBe('priority:P2 -kind:create state:CA');
});

test('a filter that cannot be read says what is wrong and names the nearest term; the whole list is one step away, in every view', async () => {
  for (const view of ['', '&view=shapes', '&view=summary']) {
    await page.goto(`${preview.address}/review?filter=sate%3ACA${view}`);
    await page.getByText(/There is no term "sate", which stands in "sate:CA"[.] The nearest one is "state"[.] All pending changes are (?:shown|counted)[.]/u).waitFor();
    await page.getByRole('button', { name: 'Filter terms' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter terms' });
    await dialog.getByRole('row', { name: 'priority: Priority P1, P2, P3' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Filter terms');
  }
});

describe('when somebody else decides in between', () => {
  test('a decision on all in a filter is refused with what to do, and filter, selection and exceptions stay for the next try', async () => {
    await open('/review?filter=priority%3AP2+decision%3Anone#other-admin=yes', '334 of 3,000');
    await page.getByRole('button', { name: 'Select all 334' }).click();
    const bar = page.getByRole('group', { name: 'Selection' });
    await grid().locator('[aria-rowindex="3"]').getByRole('checkbox').click();
    await bar.getByText('333 selected').waitFor();
    await bar.getByRole('button', { name: 'Approve 333 records' }).click();
    await status().getByText('The selection holds other records by now. You were told of 333 records; there are 332 records now. Nothing was decided. Look at the number again, then decide.').waitFor();
    await bar.getByText('332 selected').waitFor();
    await bar.getByText('all in this filter, except 1').waitFor();
    expect(filterOf()).toBe('priority:P2 decision:none');
    await grid().locator('[aria-rowindex="2"]').getByText('Held').waitFor();
    await bar.getByRole('button', { name: 'Approve 332 records' }).click();
    await status().getByText(/^Approved \d+ records\./u).waitFor();
  });

  test.each(['light', 'dark'] as const)('in %s, a reason that was typed is there again, with what happened and the new number, and can be confirmed', async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    await open('/review?filter=priority%3AP2+decision%3Anone#other-admin=yes', '334 of 3,000');
    await page.getByRole('button', { name: 'Select all 334' }).click();
    await page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Exclude 334 records' }).click();
    await page.getByRole('dialog', { name: 'Exclude 334 records' }).getByLabel('Reason').fill('Halcyon is leaving');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Exclude 333 records' });
    await dialog.getByRole('alert').getByText('The selection holds other records by now. You were told of 334 records; there are 333 records now.').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Halcyon is leaving');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Exclude 333 records' }).click();
    await status().getByText('Excluded 333 records.').waitFor();
    expect(await page.getByText('could not be excluded').count()).toBe(0);
  });

  test('a decision on a shape is refused with what to do, and its buttons have the new number', async () => {
    await page.goto(`${preview.address}/review?view=shapes#other-admin=yes`);
    await page.getByRole('grid', { name: 'Change shapes' }).getByRole('row', { name: /^IDV FALSE → TRUE, date filled, address changed/u }).click();
    const decision = page.getByRole('group', { name: 'Decision' });
    await decision.getByRole('button', { name: 'Approve 329' }).click();
    await status().getByText('The selection holds other records by now. You were told of 329 records; there are 328 records now. Nothing was decided. Look at the number again, then decide.').waitFor();
    await decision.getByText('1 of 333').waitFor();
    await decision.getByRole('button', { name: 'Approve 328' }).click();
    await status().getByText('Approved 328 records. 0 of 333 approved before, 328 now.').waitFor();
  });
});
