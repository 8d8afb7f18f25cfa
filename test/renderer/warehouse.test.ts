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
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
});
afterEach(() => context.close());

async function open(path: string): Promise<void> {
  await page.goto(`${inject('preview')}${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const card = () => page.getByRole('region', { name: 'Warehouse', exact: true });
const status = () => page.getByRole('status', { name: 'Notifications' });
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
const whyOff = async (name: string) => (await button(name).getAttribute('aria-disabled')) === 'true' && (await button(name).getAttribute('title'));

describe('the warehouse under Settings', () => {
  test('names what is missing and copies the exact statement to ask for', async () => {
    await open('/settings#warehouse=databricks');
    await button('Test connection').click();
    await card().getByText('Of 5 needs 2 are missing.').waitFor();
    await card().getByText('admin.a@snappt.example', { exact: true }).waitFor();
    await button('Copy the statement for: Read the RDS properties').click();
    await status().getByText('Copied the statement.').waitFor();
    expect(await clipboard()).toBe('GRANT SELECT ON TABLE `rds`.`pg_rds_public`.`properties` TO `admin.a@snappt.example`;');
    await button('Copy all 2 statements').click();
    await status().getByText('Copied 2 statements.').waitFor();
    expect((await clipboard()).match(/^GRANT .*;$/gmu)).toHaveLength(2);
    expect(await card().getByRole('listitem').filter({ hasText: 'Use the catalog main' }).getByRole('button').count()).toBe(0);
  });

  test('says so when everything is there, and when nothing has to be granted', async () => {
    await open('/settings#warehouse=databricks&granted=yes');
    await button('Test connection').click();
    await card().getByText('Everything that is needed is there.').waitFor();
    await page.goto('about:blank');
    await open('/settings');
    await button('Test connection').click();
    await card().getByText('Nothing has to be granted.').waitFor();
    expect([await button('Sign in with a browser…').count(), await button('Store a personal token…').count()]).toEqual([0, 0]);
  });

  test('shows the try and the time to the next one, and cancels the test', async () => {
    await open('/settings#warehouse=databricks&slow=yes');
    await button('Test connection').click();
    const wait = card().getByRole('group', { name: 'Testing the connection' });
    await wait.getByText(/^The warehouse is starting \(try 2, next in [0-4] s\)$/u).waitFor();
    await wait.getByText('TEMPORARILY_UNAVAILABLE: warehouse 8f2c is starting').waitFor();
    expect(await whyOff('Test connection')).toBe('The connection is being tested.');
    await button('Cancel the test').click();
    await wait.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Test connection');
    expect([await whyOff('Test connection'), await card().getByRole('alert').count(), await card().getByRole('region', { name: 'Result of the test' }).count()]).toEqual([false, 0, 0]);
  });

  test('links to the sign-in page where the core could not open it, and cancels the sign-in', async () => {
    await open('/settings#warehouse=databricks');
    await button('Sign in with a browser…').click();
    const link = page.getByRole('link', { name: 'Open the sign-in page' });
    await link.waitFor();
    expect([await link.getAttribute('href'), await link.getAttribute('rel'), await link.getAttribute('target')]).toEqual(['https://dbc-a1b2c3d4.cloud.databricks.com/oidc/v1/authorize?state=made-up', 'noreferrer', '_blank']);
    await button('Cancel the sign-in').click();
    await status().getByText('The sign-in was cancelled.').waitFor();
    await link.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Sign in with a browser…');
  });

  test('takes a token once, keeps it nowhere in the window, and forgets it', async () => {
    await open('/settings#warehouse=databricks');
    await button('Forget the token').click();
    await card().getByText('Nobody is signed in').waitFor();
    await expect.poll(focused).toBe('Store a personal token…');
    await button('Store a personal token…').click();
    const dialog = page.getByRole('dialog', { name: 'Store a personal token' });
    const field = dialog.getByLabel('Personal access token');
    expect(await field.getAttribute('type')).toBe('password');
    const everything = () => page.evaluate(() => `${document.documentElement.outerHTML} ${JSON.stringify({ ...localStorage, ...sessionStorage })} ${location.href}`);
    await field.fill('wrong-made-up');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('Invalid access token.').waitFor();
    expect([await field.inputValue(), (await everything()).includes('wrong-made-up')]).toEqual(['', false]);
    await field.fill('dapi-made-up');
    expect((await everything()).includes('dapi-made-up')).toBe(false);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await status().getByText('Stored the personal token. Kept until Countersign is closed.').waitFor();
    await card().getByText('Personal access token').waitFor();
    expect((await everything()).includes('dapi-made-up')).toBe(false);
  });

  test('can be tested but not changed where the window is read only, and not reached without a network', async () => {
    await open('/settings#warehouse=databricks&read-only=yes');
    const readOnly = 'Read only: this Countersign cannot change anything.';
    await button('Forget the token').waitFor();
    expect([await whyOff('Test connection'), await whyOff('Sign in with a browser…'), await whyOff('Store a personal token…'), await whyOff('Forget the token')]).toEqual([false, readOnly, readOnly, readOnly]);
    await page.goto('about:blank');
    await open('/settings#warehouse=databricks');
    await context.setOffline(true);
    const offline = 'Offline: the warehouse cannot be reached until this machine has a network.';
    await expect.poll(() => whyOff('Test connection')).toBe(offline);
    expect(await whyOff('Sign in with a browser…')).toBe(offline);
    await context.setOffline(false);
    await expect.poll(() => whyOff('Test connection')).toBe(false);
  });
});

describe('the policy', () => {
  const limit = () => page.getByLabel('Block new runs when more audit events wait than');
  const save = async () => {
    await button('Save policy').click();
    await status().getByText('Saved the policy.').waitFor();
    await expect.poll(() => whyOff('Save policy')).toBe('Nothing is changed.');
  };

  test('keeps the limit of waiting audit events when something else is changed, and takes it away when left blank', async () => {
    await open('/settings');
    await page.getByLabel('Who proposes a batch may approve it').click();
    await save();
    expect(await limit().inputValue()).toBe('500');
    await limit().fill('many');
    expect(await whyOff('Save policy')).toBe('A number is out of range.');
    await limit().fill(' ');
    await save();
    expect(await limit().inputValue()).toBe('');
    await limit().fill('0');
    await save();
    expect(await limit().inputValue()).toBe('0');
  });
});

describe('a refresh', () => {
  test('says that the warehouse is starting, and can be cancelled', async () => {
    await open('/review#warehouse=databricks&slow=yes');
    await page.keyboard.press('Control+Shift+S');
    await page.getByRole('region', { name: 'Refresh' }).getByText(/^Refreshing: The warehouse is starting \(try 2, next in [0-4] s\)$/u).waitFor();
    await page.getByRole('region', { name: 'Refresh' }).getByRole('button', { name: 'Cancel' }).click();
    await status().getByText('Refresh cancelled. The last snapshot stays as it was.').waitFor();
  });

  test('that is refused shows once, word for word, what the warehouse said, and the way to the test', async () => {
    await open('/review#warehouse=databricks');
    await page.keyboard.press('Control+Shift+S');
    const said = page.getByRole('group', { name: 'What the warehouse said' });
    await said.waitFor();
    expect(await said.textContent()).toBe('[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table rds.pg_rds_public.properties. SQLSTATE: 42501');
    expect((await page.getByRole('main').textContent())?.match(/INSUFFICIENT_PERMISSIONS/gu)).toHaveLength(1);
    await page.getByRole('link', { name: 'Connections' }).click();
    await button('Test connection').waitFor();
  });
});

describe('the anchor of the audit log', () => {
  test('is asked when the chain is verified, and can be written now', async () => {
    await open('/audit#warehouse=databricks');
    const chain = page.getByRole('status', { name: 'Chain status' });
    await chain.getByText(/^Anchored in main\.countersign\.property_sync_audit_log at event 490, .*; 11,990 events since$/u).waitFor();
    await button('Verify chain').click();
    await chain.getByText('The anchor at event 490 agrees').waitFor();
    await button('Anchor now').click();
    await status().getByText('Anchored event 12,480 in main.countersign.property_sync_audit_log.').waitFor();
    await chain.getByText(/at event 12,480, .*; 0 events since$/u).waitFor();
  });

  test.each([
    ['truncated', 'Events are missing at the end: the anchor stands at event 490, this ledger ends at event 470.'],
    ['fork', 'This ledger and its anchor disagree from event 481 on.'],
  ])('that disagrees is told in plain words: %s', async (audit, words) => {
    await open(`/audit#warehouse=databricks&audit=${audit}`);
    await button('Verify chain').first().click();
    await page.getByRole('alert', { name: 'Chain status' }).getByText(words).waitFor();
  });

  test('that cannot be written says how many events wait, everywhere, and why', async () => {
    await open('/review#warehouse=databricks&audit=failing');
    await page.getByRole('contentinfo').getByRole('link', { name: '120 events wait to be copied' }).click();
    await page.getByRole('group', { name: 'Why copying failed' }).getByText(/MODIFY/u).waitFor();
    await button('Anchor now').first().click();
    await page.getByRole('group', { name: 'What the warehouse said' }).waitFor();
  });

  test('is off where the window is read only or has no network', async () => {
    await open('/audit#warehouse=databricks&read-only=yes');
    await expect.poll(() => whyOff('Anchor now')).toBe('Read only: this Countersign cannot change anything.');
    await page.goto('about:blank');
    await open('/audit#warehouse=databricks');
    await context.setOffline(true);
    await expect.poll(() => whyOff('Anchor now')).toBe('Offline: the warehouse cannot be reached until this machine has a network.');
  });
});

describe('the rules', () => {
  test('are compared with what is deployed on demand, side by side where they differ', async () => {
    await open('/rules?view=properties_to_update#warehouse=databricks');
    expect(await page.getByText('Not compared with what is deployed yet').count()).toBe(1);
    await button('Verify deployed views').click();
    await page.getByText('properties_to_update differs from the repo in 2 lines.').waitFor();
    await page.getByText('sync_monitoring_dashboard is not deployed.').waitFor();
    const cells = page.getByRole('region', { name: 'Difference of properties_to_update' }).getByRole('row').last().getByRole('cell');
    expect(await cells.allTextContents()).toEqual(["17−Only deployed: WHERE p.status IN ('ACTIVE', 'DISABLED')", "17+Only in this version: WHERE p.status = 'ACTIVE'"]);
    const names = await page.getByRole('navigation', { name: 'Views' }).getByRole('link').allTextContents();
    expect(names.map((name) => name.replaceAll(/^[a-z_]+/gu, ''))).toEqual(['Deployed', 'Deployed', 'Deployed', 'Differs in 2 lines', 'Deployed', 'Missing']);
    expect(await page.getByRole('button', { name: /deploy(?!ed)/iu }).count()).toBe(0);
  });

  test('run as they stand where nothing is deployed', async () => {
    await open('/rules');
    await button('Verify deployed views').click();
    await page.getByText('All views run as they stand.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Views' }).getByText('Runs as it stands').count()).toBe(6);
  });
});

test('what the last refresh did is listed, and each record can be opened', async () => {
  await open('/review');
  await page.getByRole('navigation', { name: 'Review views' }).getByRole('link', { name: /^Since last snapshot/u }).click();
  const changed = page.getByRole('region', { name: 'Changed' });
  await changed.getByText('41: pending before too, with other values or contributors').waitFor();
  expect(await changed.getByRole('listitem').count()).toBe(25);
  await changed.getByRole('button', { name: 'Show 16 more' }).click();
  await expect.poll(() => changed.getByRole('listitem').count()).toBe(41);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(await changed.getByRole('listitem').nth(25).getByRole('link').getAttribute('aria-label'));
  await page.getByRole('region', { name: 'Removed' }).getByText('Nothing was removed.').waitFor();
  await page.getByRole('region', { name: 'Added' }).getByRole('link', { name: 'Show record Harbor Point Residences 62' }).click();
  await page.getByRole('region', { name: 'Record' }).getByRole('heading', { name: 'Harbor Point Residences 62' }).waitFor();
  await page.getByRole('group', { name: 'Active filters' }).getByText('1 of 3,000').waitFor();
});
