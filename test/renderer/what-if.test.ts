import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { connectBrowser } from './connect-browser.ts';

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  page = await context.newPage();
});
afterEach(() => context.close());

const aggregated = '/rules?view=properties_aggregated_by_sfdc_id';
const idvByPrimary = `${aggregated}&try=${encodeURIComponent('Identity_Verification_Enabled__c:primary')}`;

async function open(path: string): Promise<void> {
  await page.goto(`${inject('preview')}${path}`);
  await region('What if').waitFor();
}
const region = (name: string) => page.getByRole('region', { name, exact: true });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const status = () => page.getByRole('status', { name: 'Notifications' });
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const whyOff = async (name: string) => (await button(name).getAttribute('aria-disabled')) === 'true' && (await button(name).getAttribute('title'));
const dialog = () => page.getByRole('dialog', { name: 'Edit plan B' });
const text = () => dialog().getByRole('textbox', { name: 'Text of properties_aggregated_by_sfdc_id' });

async function run(): Promise<void> {
  await button('Run').click();
  await region('Difference').waitFor();
}

async function writeAndRun(sql: string): Promise<void> {
  await button('Edit plan B…').click();
  await text().fill(sql);
  await button('Run plan B').click();
}

describe('another rule', () => {
  test('is chosen for flags and dates only, with the rules of its type, and is in the address', async () => {
    await open(aggregated);
    expect(await whyOff('Run')).toBe('Choose a field and another rule first, or edit the text of a view.');
    const field = region('What if').getByLabel('Field', { exact: true });
    const labels = await field.getByRole('option').allTextContents();
    expect([labels.includes('IDV enabled'), labels.includes('Name'), labels.includes('City')]).toEqual([true, false, false]);
    await field.selectOption('Identity_Verification_Enabled_At__c');
    const rule = region('What if').getByLabel('Rule', { exact: true });
    expect(await rule.getByRole('option').allTextContents()).toEqual(['Earliest (as in plan A)', 'Primary']);
    await field.selectOption('Identity_Verification_Enabled__c');
    expect(await rule.getByRole('option').allTextContents()).toEqual(['Any (as in plan A)', 'Primary']);
    expect(new URL(page.url()).searchParams.get('try')).toBe('Identity_Verification_Enabled__c:primary');
    await rule.selectOption('any');
    expect(await whyOff('Run')).toBe('Plan A has IDV enabled by this rule already.');
  });

  test('is compared by keyboard alone: the heading takes the focus, the numbers are spoken and add up', async () => {
    await open(idvByPrimary);
    await button('Run').focus();
    await page.keyboard.press('Enter');
    await region('Difference').getByText('A: 8,847 + 203 + 11 = 9,061. B: 8,847 + 203 + 3 = 9,053.').waitFor();
    await status().getByText('Compared: 203 change, 3 enter, 11 leave.').waitFor();
    await expect.poll(focused).toBe('Plan B: IDV enabled by primary');
    await region('What if').getByText('P2 would shrink from 799 to 596.').waitFor();
    expect(await region('Difference').getByRole('img', { name: 'Unchanged 8,847, Enter 3, Leave 11, Change 203', exact: true }).count()).toBe(1);
    await region('Changed lines').getByRole('cell', { name: /Only in plan B: SELECT primary_of/u }).waitFor();
    expect([await page.getByText('Nothing here can deploy or send').count(), await page.getByText('Trying a rule changes no view. Deploying is done with the command line.').count()]).toEqual([1, 1]);
  });

  test('stays with its result while one looks at something else', async () => {
    await open(idvByPrimary);
    await run();
    await page.keyboard.press('Control+1');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.goBack();
    await region('Difference').waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'properties_to_create' }).click();
    expect(await region('What if').getByLabel('Rule', { exact: true }).inputValue()).toBe('primary');
    await region('Difference').waitFor();
  });

  test('opens an example in Review, and says of one that is not pending that it is not', async () => {
    await open(idvByPrimary);
    await run();
    const rows = region('What would change').getByRole('row');
    expect([await rows.nth(1).getByRole('link').count(), await rows.nth(3).getByRole('link').count()]).toEqual([1, 0]);
    expect(await rows.nth(3).getByRole('cell').last().innerText()).toMatch(/^The Lofts at Mercer 1\s+not pending under today’s rules$/u);
    await rows.nth(1).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor({ state: 'attached' });
    expect([new URL(page.url()).searchParams.get('record'), new URL(page.url()).searchParams.get('filter')]).toEqual(['p-0000025', 'key:p-0000025']);
  });

  test('lists its records by state and field, page by page, with values in Salesforce, plan A and plan B', async () => {
    await open(idvByPrimary);
    await run();
    await button('Show records').click();
    const items = region('Records').getByRole('listitem');
    await expect.poll(() => items.count()).toBe(200);
    await button('Show 17 more').click();
    await expect.poll(() => items.count()).toBe(217);
    await expect.poll(() => items.nth(200).evaluate((item) => item === document.activeElement)).toBe(true);
    await region('Records').getByLabel('State').selectOption('enter');
    await expect.poll(() => items.count()).toBe(3);
    await items.first().getByText('Enters: plan A does not have it.').waitFor();
    expect(await items.nth(1).getByRole('cell').allTextContents()).toEqual(['not known here', 'TRUE', 'FALSE']);
    await region('Records').getByLabel('Field that differs').selectOption('Bank_Linking_Enabled__c');
    await expect.poll(() => items.count()).toBe(1);
    await button('Hide records').click();
    expect(await region('Records').count()).toBe(0);
  });

  test('says how many rows each view gives under both plans', async () => {
    await open(idvByPrimary);
    await run();
    const rows = region('Rows of each view').getByRole('row');
    expect(await Promise.all([1, 2, 3].map((at) => rows.nth(at).innerText()))).toEqual([
      'properties_aggregated_by_sfdc_id\t9,000\t9,012\t+12',
      'properties_to_create\t9,000\t7,999\t−1,001',
      'properties_to_update\t9,000\t9,000\tnone',
    ]);
  });

  test('is exported with the number of records, and refused in a window that is read only without losing the result', async () => {
    await open(idvByPrimary);
    await run();
    await button('Export comparison…').click();
    await status().getByText('Exported 217 records to comparison of rules.csv.').waitFor();
    await page.goto('about:blank');
    await open(`${idvByPrimary}#read-only=yes`);
    await run();
    await button('Export comparison…').click();
    await region('What if').getByText('Read only.').waitFor();
    await region('Difference').waitFor();
  });

  test('is run from the palette', async () => {
    await open(idvByPrimary);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Try plan B');
    await page.keyboard.press('Enter');
    await region('Difference').waitFor();
  });
});

describe('an edited text', () => {
  test('that cannot be run is pointed at in its line, and the old result stays', async () => {
    await open(idvByPrimary);
    await run();
    await writeAndRun('SELECT id,\n  name\nDELETE\nFROM properties');
    await dialog().getByRole('alert').getByText('Plan B cannot be run. Line 3: near "DELETE": syntax error.').waitFor();
    await expect.poll(() => text().evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd))).toBe('DELETE');
    expect([await text().getAttribute('aria-invalid'), await text().evaluate((field) => document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent)]).toEqual(['true', 'Line 3 cannot be run. Tab leaves the text.']);
    await dialog().getByRole('status').getByText(/^(?:[12] lines? marked with [+] (?:is|are) not in plan A[.] )?Line 3 cannot be run[.]$/u).waitFor();
    expect(await dialog().getByText('+', { exact: true }).count()).toBe(Number.parseInt((await dialog().getByRole('status').innerText()).replace(/^L/u, '0'), 10));
    await text().fill('SELECT id');
    await expect.poll(() => dialog().getByRole('alert').count()).toBe(0);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('Edit plan B…');
    await region('Difference').waitFor();
  });

  test('that cannot be run from the screen opens at its line', async () => {
    await open(aggregated);
    await button('Edit plan B…').click();
    await text().fill('SELECT id\nDELETE');
    await button('Close').click();
    await button('Run').click();
    await region('What if').getByRole('alert').getByText(/Line 2: near "DELETE"/u).waitFor();
    await button('Show line 2…').click();
    await expect.poll(() => text().evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd))).toBe('DELETE');
  });

  test('is left with Tab, marks its changed lines, survives closing and a reload, and goes back to plan A', async () => {
    await open(aggregated);
    await button('Edit plan B…').click();
    const asIs = await text().inputValue();
    expect(await whyOff('Run plan B')).toBe('The text is that of plan A. Change it first.');
    await text().fill(`${asIs}\nWHERE 1 = 1`);
    await dialog().getByText('1 line marked with + is not in plan A.').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Reset to plan A');
    await page.keyboard.press('Escape');
    await page.reload();
    expect(await region('What if').getByLabel('Field', { exact: true }).locator('option:checked').textContent()).toBe('Edited text of properties_aggregated_by_sfdc_id');
    await button('Edit plan B…').click();
    expect(await text().inputValue()).toBe(`${asIs}\nWHERE 1 = 1`);
    await button('Reset to plan A').click();
    await expect.poll(() => text().inputValue()).toBe(asIs);
  });

  test('that is run closes the dialog and leads to its result', async () => {
    await open(aggregated);
    await writeAndRun('SELECT other');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Plan B: The edited text of properties_aggregated_by_sfdc_id');
  });

  test('begins with the rule that is chosen, and is not offered for a view that makes no plan', async () => {
    await open(idvByPrimary);
    await button('Edit plan B…').click();
    await expect.poll(() => text().inputValue()).toContain('primary_of(Identity_Verification_Enabled__c)');
    await page.keyboard.press('Escape');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'sync_monitoring_dashboard' }).click();
    await expect.poll(() => whyOff('Edit plan B…')).toContain('sync_monitoring_dashboard cannot be tried with another text.');
  });
});

describe('a comparison', () => {
  test('shows its steps, and cancelling leaves everything as it was', async () => {
    await open(idvByPrimary);
    await run();
    await writeAndRun('SELECT SLOW');
    await dialog().getByText('4,500 of 9,061').waitFor();
    await dialog().getByRole('button', { name: 'Cancel comparing' }).click();
    await expect.poll(() => region('Comparing').count()).toBe(0);
    await button('Close').click();
    await button('Run').click();
    await region('Comparing').waitFor();
    expect(await whyOff('Run')).toBe('Plan B is being compared.');
    await button('Cancel comparing').click();
    await region('Comparing').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Run');
    expect(await region('What if').getByRole('alert').count()).toBe(0);
    await region('What if').getByText('This is the last plan B that was run.').waitFor();
    await region('Difference').getByText(/9,061\. B/u).waitFor();
  });

  test('that finds nothing says so in one sentence', async () => {
    await open(aggregated);
    await writeAndRun('SELECT SAME');
    await region('What if').getByText('Plan B gives the same 9,061 records, value for value.').waitFor();
    expect([await region('What would change').count(), await whyOff('Export comparison…')]).toEqual([0, 'Nothing differs, so there is nothing to export.']);
  });

  test('that does not add up is a blocker', async () => {
    await open(aggregated);
    await writeAndRun('SELECT WRONG');
    await region('Difference').getByText('The comparison does not add up.').waitFor();
    await region('Difference').getByText('B: 8,847 + 203 + 3 = 9,053, but the plan has 9,054.').waitFor();
  });

  test('of an older snapshot says so and can be run again', async () => {
    await open(aggregated);
    await writeAndRun('SELECT OLD');
    await region('What if').getByText('This result is of S-0138; the snapshot is S-0139 now.').waitFor();
    await button('Run again').click();
    await expect.poll(focused).toBe('Plan B: The edited text of properties_aggregated_by_sfdc_id');
  });

  test('needs a snapshot, and no network', async () => {
    await open('/rules#snapshot=none');
    await region('What if').getByRole('heading', { name: 'No snapshot yet' }).waitFor();
    await page.goto('about:blank');
    await open(idvByPrimary);
    await context.setOffline(true);
    await run();
  });
});
