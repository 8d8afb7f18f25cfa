import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { axeFindings } from './open-browser.ts';
import { usePreviewPage } from './preview/preview-page.ts';

const preview = usePreviewPage();
let page: Page;
beforeEach(() => {
  page = preview.page;
});

const record = () => page.getByRole('region', { name: 'Record', exact: true });
const contributors = () => record().getByRole('region', { name: 'Contributors' });
const transposed = () => contributors().getByRole('button', { name: 'Properties as columns' });

async function open(path = '/review'): Promise<void> {
  await page.goto(`${preview.address}${path}`);
  await contributors().getByRole('row').first().waitFor();
}

/** The texts of each row of the table of the section. */
async function rowsOf(): Promise<string[][]> {
  const rows = await contributors().getByRole('row').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
}

test('the properties of a record stand as columns when one wants, the ignored one last, and the choice is remembered', async () => {
  await open();
  expect(await transposed().getAttribute('aria-pressed')).toBe('false');
  await transposed().click();
  expect(await transposed().getAttribute('aria-pressed')).toBe('true');
  const heads = await contributors().getByRole('columnheader').allInnerTexts();
  expect(heads.map((head) => head.split(/\s*\n\s*/u))).toEqual([['Field'], ['p-0000000', 'primary'], ['p-0000000-1', 'ignored: DISABLED'], ['Proposed for Salesforce']]);
  expect(await rowsOf()).toContainEqual(['IDV enabled', 'TRUE\nwon', 'FALSE', 'TRUE']);
  await page.reload();
  await contributors().getByRole('columnheader', { name: 'Proposed for Salesforce' }).waitFor();
});

test('as columns only the fields that change are shown until one asks for all of them', async () => {
  await open();
  await transposed().click();
  const lines = contributors().getByRole('rowheader');
  const changing = await lines.count();
  await contributors().getByRole('button', { name: 'All fields' }).click();
  await lines.getByText('City', { exact: true }).waitFor();
  expect(await lines.count()).toBe(17);
  expect(changing).toBeLessThan(17);
});

test('the property that gives a value is marked, in rows and in columns', async () => {
  await open('/review#group=large');
  const winner = () => contributors().getByRole('row', { name: /^member-31 /u });
  expect(await winner().getByText('won').count()).toBe(1);
  await transposed().click();
  const line = contributors().getByRole('row', { name: /^Bank linking enabled (?!at)/u });
  expect(await line.getByText('won').count()).toBe(1);
  expect(await line.getByRole('cell').nth(1).innerText()).toMatch(/TRUE\s+won/u);
});

test('of fifty properties the first twelve are shown, and the rest when one asks', async () => {
  await open('/review#group=large');
  await transposed().click();
  const heads = contributors().getByRole('columnheader');
  expect(await heads.count()).toBe(14);
  await contributors().getByRole('button', { name: 'Show 38 more' }).click();
  expect(await heads.count()).toBe(52);
  const scroller = contributors().getByRole('group', { name: 'Values by property' });
  await scroller.focus();
  expect(await scroller.evaluate((element) => element === document.activeElement)).toBe(true);
  const first = contributors().getByRole('rowheader').first();
  const left = (await first.boundingBox())?.x;
  await scroller.evaluate((element) => element.scrollTo({ left: 2_000, behavior: 'instant' }));
  expect((await first.boundingBox())?.x).toBe(left);
  await contributors().getByRole('button', { name: 'Show the first 12' }).click();
  expect(await heads.count()).toBe(14);
});

test('a record says why it comes early and why it stands out, and leads to its shape', async () => {
  await open('/review#group=large');
  const reasons = record().getByRole('list', { name: 'Why to look closely' }).getByRole('listitem');
  expect(await reasons.allInnerTexts()).toEqual([
    'Comes early by risk: its contributors disagree in a flag.',
    'Stands out in its shape: only 3 records have more properties to one id than usual.',
    'Stands out in its shape: only this record has the finding “Feature on for a DISABLED property”.',
  ]);
  await record().getByRole('link', { name: 'Show its shape' }).click();
  await page.getByRole('region', { name: 'Shape', exact: true }).waitFor();
  expect(await page.getByRole('grid', { name: 'Change shapes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])').innerText()).not.toBe('');
});

test('a record that only its priority puts in place says nothing about risk', async () => {
  await open();
  await record().getByRole('link', { name: 'Show its shape' }).waitFor();
  expect(await record().getByRole('list', { name: 'Why to look closely' }).count()).toBe(0);
});

test('the ids of a record are copied by their names and open in Salesforce', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: preview.address });
  await open();
  const copied = async (button: string) => {
    await record().getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('status', { name: 'Notifications' }).getByText(`Copied the ${button.slice('Copy '.length)}.`).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('Copy key')).toBe('p-0000000');
  expect(await copied('Copy staging record')).toBe('a1B5f0000000000000');
  expect(await copied('Copy production id')).toBe('a0A5f00000KtPk1EAF');
  expect(await record().getByRole('link', { name: 'a1B5f0000000000000 Open in Salesforce' }).getAttribute('href')).toBe('https://snappt.my.salesforce.com/a1B5f0000000000000');
  expect(await record().getByRole('link', { name: 'a0A5f00000KtPk1EAF Open in Salesforce' }).getAttribute('href')).toBe('https://snappt.my.salesforce.com/a0A5f00000KtPk1EAF');
});

test('the explanation of a field leads to the view with its rule, and names its version', async () => {
  await open('/review?why=Address__c');
  const why = record().getByRole('group', { name: 'Why Address' });
  await why.getByText('version aaaaaaaa').waitFor();
  await why.getByRole('link', { name: 'properties_aggregated_by_sfdc_id' }).click();
  await page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get('view')).toBe('properties_aggregated_by_sfdc_id');
});

test('a date of the field diff tells its time in UTC to whoever cannot see the tooltip', async () => {
  await open();
  const row = record().getByRole('row', { name: /^IDV enabled at/u });
  await row.getByRole('cell', { name: '14 Mar 2025 (2025-03-14 09:00:00 UTC)' }).waitFor();
  await row.getByTitle('2025-03-14T09:00:00.000Z').waitFor();
});

test('stepping to the next record shows it without waiting: it was read ahead', async () => {
  await open();
  await page.getByRole('grid', { name: 'Pending changes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
  await record().getByRole('group', { name: 'Record details' }).evaluate((details) => {
    Object.assign(window, { timesBusy: 0 });
    new MutationObserver(() => Object.assign(window, { timesBusy: 1 })).observe(details, { attributes: true, attributeFilter: ['aria-busy'] });
  });
  for (const next of ['The Lofts at Mercer 1', 'Harbor Point Residences 2', 'Cedar Ridge Apartments 3']) {
    await page.keyboard.press('ArrowDown');
    await record().getByRole('heading', { name: next, level: 2 }).waitFor();
    await contributors().getByText(next, { exact: true }).first().waitFor();
  }
  expect(await page.evaluate(() => 'timesBusy' in window && window.timesBusy)).toBe(0);
});

test.each(['light', 'dark'] as const)('the record with many properties has no accessibility finding, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await open('/review#group=large');
  expect(await axeFindings(page)).toEqual([]);
  await transposed().click();
  await contributors().getByRole('button', { name: 'Show 38 more' }).click();
  expect(await axeFindings(page)).toEqual([]);
});
