import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectBrowser } from './connect-browser.ts';
import { axeFindings } from './open-browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await connectBrowser();
});
afterAll(async () => {
  await browser.close();
});

const places = {
  'the records': '/review?why=Identity_Verification_Enabled__c&unchanged=shown',
  'a filter without matches': '/review?filter=text%3Anothing-has-this',
  'a workspace without a snapshot': '/review#snapshot=none',
  'a read-only window': '/review#read-only=yes',
  'a sandbox': '/review#environment=sandbox',
  overview: '/overview',
  batches: '/batches',
  corrections: '/corrections',
  'what changed since the last snapshot': '/review?view=since',
  'change shapes': '/review?view=shapes',
  'change shapes under a filter': '/review?view=shapes&filter=priority%3AP2',
  'change shapes that nothing matches': '/review?view=shapes&filter=text%3Anothing-has-this',
  'change shapes in a read-only window': '/review?view=shapes#read-only=yes',
  'the summary': '/review?view=summary',
  'the summary under a filter': '/review?view=summary&filter=priority%3AP2',
  'a summary that nothing matches': '/review?view=summary&filter=text%3Anothing-has-this',
  audit: '/audit?event=490',
  checkpoints: '/audit?view=checkpoints',
  checks: '/checks',
  rules: '/rules',
  settings: '/settings',
};

const press = (name: string) => async (page: Page) => page.getByRole('button', { name, exact: true }).first().click();
/** States that come after a press or a key: where, what is done, and the text that shows that it is there. */
const states: Record<string, [string, (page: Page) => Promise<void>, string]> = {
  'a machine without a network': [
    '/review#environment=production',
    (page) =>
      page.evaluate(() => {
        Object.defineProperty(navigator, 'onLine', { value: false });
        dispatchEvent(new Event('offline'));
      }),
    'This machine is offline.',
  ],
  'missing grants': ['/settings#warehouse=databricks', press('Test connection'), 'Of 5 needs 2 are missing.'],
  'a warehouse on this machine': ['/settings', press('Test connection'), 'Nothing has to be granted.'],
  'a test that waits': ['/settings#warehouse=databricks&slow=yes', press('Test connection'), 'TEMPORARILY_UNAVAILABLE'],
  'a sign-in that waits': ['/settings#warehouse=databricks', press('Sign in with a browser…'), 'Open the sign-in page'],
  'the field for a token': ['/settings#warehouse=databricks', press('Store a personal token…'), 'It is never shown again.'],
  'a connection that is read only': ['/settings#warehouse=databricks&read-only=yes', async () => undefined, 'Forget the token'],
  'a refresh that waits': ['/review#warehouse=databricks&slow=yes', (page) => page.keyboard.press('Control+Shift+S'), 'TEMPORARILY_UNAVAILABLE'],
  'a refresh that is refused': ['/review#warehouse=databricks', (page) => page.keyboard.press('Control+Shift+S'), 'The warehouse does not allow it.'],
  'an anchor that agrees': ['/audit#warehouse=databricks', press('Verify chain'), 'The anchor at event 490 agrees'],
  'an anchor that disagrees': ['/audit#warehouse=databricks&audit=fork', press('Verify chain'), 'This ledger and its anchor disagree from event 481 on.'],
  'events that cannot be copied': ['/audit?view=checkpoints#warehouse=databricks&audit=failing', async () => undefined, '120 audit events wait to be copied.'],
  'views that differ': ['/rules?view=properties_to_update#warehouse=databricks', press('Verify deployed views'), 'Deployed and this version, side by side'],
  'a run that waits': ['/batches#run=waiting', async () => undefined, 'The answer to a call was lost.'],
  'a bulk run': ['/batches#run=job', async () => undefined, 'Bulk jobs in Salesforce'],
  'an interrupted run': ['/batches#run=interrupted', async () => undefined, 'Nothing is sent until then.'],
  'a run to be abandoned': ['/batches#run=stopped', async (page) => (await page.keyboard.press('Escape'), press('Abandon run R-31…')(page)), 'Resuming is the safe way to end a run.'],
  'an abandoned run': ['/batches#run=abandoned', press('Draw the 240 not sent anew…'), '60 unknown records are left out.'],
  'a run in vain': ['/batches#run=all-failed', async () => undefined, 'No record of Full 1 succeeded.'],
  'a retry in production': ['/batches#run=all-failed', (page) => page.getByRole('button', { name: 'Retry 500' }).first().click(), 'Retry 500 records'],
  'counts that do not add up': ['/batches#run=wrong-sum', async () => undefined, 'The counts do not add up.'],
  'the overview after a run in vain': ['/overview#run=all-failed', async () => undefined, 'Nothing succeeded: 500 failed'],
  'a plan file to be signed': [
    '/batches#environment=sandbox',
    async (page) => {
      await page.getByRole('button', { name: 'Sign a plan file…' }).first().click();
      await page.getByLabel('Exported plan').setInputFiles({ name: 'plan.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('a made-up plan') });
    },
    'The first 20 of 100 records',
  ],
  'a plan file that is broken': [
    '/batches#environment=sandbox',
    async (page) => {
      await page.getByRole('button', { name: 'Sign a plan file…' }).first().click();
      await page.getByLabel('Exported plan').setInputFiles({ name: 'plan.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('half a plan') });
    },
    'Verification failed.',
  ],
  'a draw that waits to be looked at': ['/review?view=shapes', press('Draw 50'), '0 of 50 looked at.'],
  'the values of a field': ['/review?view=summary', press('Top values of Address'), 'most frequent of'],
  'no saved views': ['/review#total=3000', press('Saved views'), 'No view is saved yet.'],
  'a view to be saved': ['/review#total=3000', async (page) => (await press('Saved views')(page), press('Save this view…')(page)), 'Keeps the filter, the order'],
  'another rule that was tried': ['/rules?view=properties_aggregated_by_sfdc_id&try=Identity_Verification_Enabled__c%3Aprimary&records=all', press('Run'), 'Enters: plan A does not have it.'],
  'a text of plan B that cannot be run': [
    '/rules?view=properties_to_update',
    async (page) => {
      await page.getByRole('button', { name: 'Edit plan B…' }).click();
      await page.getByRole('textbox', { name: 'Text of properties_to_update' }).fill('SELECT id\nDELETE');
      await page.getByRole('button', { name: 'Run plan B' }).click();
    },
    'Go to line 2',
  ],
  'a view that is missing': ['/rules?view=sync_monitoring_dashboard#warehouse=databricks', press('Verify deployed views'), 'Deploy the views.'],
};

/** Goes to a place of the app: within the page where that is enough, anew where the workspace behind it is another. */
async function goTo(page: Page, path: string): Promise<void> {
  const isAnew = path.includes('#') || page.url().includes('#') || page.url() === 'about:blank';
  if (isAnew) {
    await page.goto('about:blank');
    await page.goto(`${inject('preview')}${path}`);
  } else {
    await page.evaluate((place) => {
      history.pushState(null, '', place);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }
  await page.waitForFunction((place) => location.pathname + location.search === place, path.split('#')[0]);
  await isSettled(page);
}

/** Resolves when the screen is there and nothing on it is being read. */
async function isSettled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, includeHidden: true }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

async function openPage(size: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' });
  return context.newPage();
}

const large = { width: 1440, height: 900 };
const small = { width: 1024, height: 700 };
/** What depends on theme and width; the rest is the same in both and is looked at once. */
const looksOnly = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', 'label-content-name-mismatch'];

/** What axe finds in the light theme, and then in the dark one in a smaller window. `isThere` resolves when the page shows what is looked at. */
async function findingsInBothThemes(page: Page, isThere: () => Promise<void>): Promise<{ light: string[]; dark: string[] }> {
  const light = await axeFindings(page);
  await page.setViewportSize(small);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction((width) => innerWidth === width && matchMedia('(prefers-color-scheme: dark)').matches, small.width);
  await isThere();
  const dark = await axeFindings(page, looksOnly);
  await page.setViewportSize(large);
  await page.emulateMedia({ colorScheme: 'light' });
  return { light, dark };
}

const nothing = { light: [], dark: [] };

describe(`in the light theme at ${large.width} by ${large.height} and the dark theme at ${small.width} by ${small.height}`, () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage(large);
  });
  afterAll(() => page.context().close());

  test.each(Object.entries(places))('axe finds nothing on %s', async (_name, path) => {
    await goTo(page, path);
    expect(await findingsInBothThemes(page, () => isSettled(page))).toEqual(nothing);
  });

  test.each(Object.entries(states))('axe finds nothing on %s', async (_name, [path, act, text]) => {
    await goTo(page, path);
    await act(page);
    const isThere = () => page.getByText(text).first().waitFor();
    await isThere();
    expect(await findingsInBothThemes(page, isThere)).toEqual(nothing);
  });

  test.each([
    ['Control+k', 'Commands'],
    ['Control+Shift+X', 'Pause all pushes'],
    ['?', 'Keys'],
    ['Control+g', 'Go to record'],
    ['x', 'Exclude 1 record'],
  ])('axe finds nothing on the dialog that %s opens, and Escape gives the focus back', async (keys, name) => {
    await goTo(page, '/review');
    await page.locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
    await page.keyboard.press(keys);
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    expect(await dialog.getAttribute('aria-modal')).toBe('true');
    expect(await findingsInBothThemes(page, () => dialog.waitFor())).toEqual(nothing);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
  });
});

test('nothing is wider than the window at 200 % zoom, and org, environment and age stay on screen', async () => {
  const page = await openPage({ width: 720, height: 450 });
  for (const path of ['/review', '/review?view=since', '/review?view=shapes', '/review?view=summary', '/batches', '/audit', '/audit?view=checkpoints', '/checks', '/rules', '/rules?view=properties_to_update&try=Identity_Verification_Enabled__c%3Aprimary', '/settings', '/settings#warehouse=databricks', '/audit#warehouse=databricks&audit=failing']) {
    await goTo(page, path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    for (const text of ['Snappt', 'Production']) expect(await page.getByRole('group', { name: 'Org' }).getByText(text).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: /^Snapshot S-0139/u }).isVisible()).toBe(true);
  }
  await page.context().close();
});
