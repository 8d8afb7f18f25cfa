import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, openBrowser } from './open-browser.ts';
import { servePreview } from './preview/serve-preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-preview-'));
let browser: Browser;
let preview: Awaited<ReturnType<typeof servePreview>>;

beforeAll(async () => {
  [preview, browser] = await Promise.all([servePreview(folder), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await preview.close();
  rmSync(folder, { recursive: true });
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
  audit: '/audit?event=490',
  checkpoints: '/audit?view=checkpoints',
  checks: '/checks',
  rules: '/rules',
  settings: '/settings',
};

/** Goes to a place of the app: within the page where that is enough, anew where the workspace behind it is another. */
async function goTo(page: Page, path: string): Promise<void> {
  const isAnew = path.includes('#') || page.url().includes('#') || page.url() === 'about:blank';
  if (isAnew) {
    await page.goto('about:blank');
    await page.goto(`${preview.address}${path}`);
  } else {
    await page.evaluate((place) => {
      history.pushState(null, '', place);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }
  await page.waitForFunction((place) => location.pathname + location.search === place, path.split('#')[0]);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

async function openPage(options: { theme: 'light' | 'dark'; width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: options.width, height: options.height }, colorScheme: options.theme, reducedMotion: 'reduce' });
  return context.newPage();
}

/** What depends on theme and width; the rest is the same in both and is looked at once. */
const looksOnly = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', 'label-content-name-mismatch'];

describe.each([
  { theme: 'light', width: 1440, height: 900, rules: undefined },
  { theme: 'dark', width: 1024, height: 700, rules: looksOnly },
] as const)('in the $theme theme at $width by $height', (options) => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage(options);
  });
  afterAll(() => page.context().close());

  test.each(Object.entries(places))('axe finds nothing on %s', async (_name, path) => {
    await goTo(page, path);
    expect(await axeFindings(page, options.rules)).toEqual([]);
  });

  test.each([
    ['Control+k', 'Commands'],
    ['Control+Shift+X', 'Pause all pushes'],
    ['?', 'Keys'],
    ['Control+g', 'Go to record'],
    ['x', 'Exclude 1 record'],
  ])('axe finds nothing on the dialog that %s opens, and Escape gives the focus back', async (keys, name) => {
    await goTo(page, '/review');
    await page.locator('[role="row"][tabindex="0"]').focus();
    await page.keyboard.press(keys);
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    expect(await dialog.getAttribute('aria-modal')).toBe('true');
    expect(await axeFindings(page, options.rules)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
  });
});

test('nothing is wider than the window at 200 % zoom, and org, environment and age stay on screen', async () => {
  const page = await openPage({ theme: 'light', width: 720, height: 450 });
  for (const path of ['/review', '/batches', '/audit', '/checks', '/settings']) {
    await goTo(page, path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    for (const text of ['Snappt', 'Production']) expect(await page.getByRole('group', { name: 'Org' }).getByText(text).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: /^Snapshot S-0139/u }).isVisible()).toBe(true);
  }
  await page.context().close();
});
