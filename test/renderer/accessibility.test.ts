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

async function openAt(path: string, options: { theme: 'light' | 'dark'; width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: options.width, height: options.height }, colorScheme: options.theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${preview.address}${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  return page;
}

/** What depends on theme and width; the rest is the same in both and is looked at once. */
const looksOnly = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', 'label-content-name-mismatch'];

describe.each([
  { theme: 'light', width: 1440, height: 900, rules: undefined },
  { theme: 'dark', width: 1024, height: 700, rules: looksOnly },
] as const)('in the $theme theme at $width by $height', (options) => {
  test.each(Object.entries(places))('axe finds nothing on %s', async (_name, path) => {
    const page = await openAt(path, options);
    expect(await axeFindings(page, options.rules)).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['Control+k', 'Commands'],
    ['Control+Shift+X', 'Pause all pushes'],
    ['?', 'Keys'],
    ['Control+g', 'Go to record'],
    ['x', 'Exclude 1 record'],
  ])('axe finds nothing on the dialog that %s opens, and Escape gives the focus back', async (keys, name) => {
    const page = await openAt('/review', options);
    await page.locator('[role="row"][tabindex="0"]').focus();
    await page.keyboard.press(keys);
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    expect(await dialog.getAttribute('aria-modal')).toBe('true');
    expect(await axeFindings(page, options.rules)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'row');
    await page.context().close();
  });
});

test('nothing is wider than the window at 200 % zoom, and org, environment and age stay on screen', async () => {
  for (const path of ['/review', '/batches', '/audit', '/checks', '/settings']) {
    const page = await openAt(path, { theme: 'light', width: 720, height: 450 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    for (const text of ['Snappt', 'Production']) expect(await page.getByRole('group', { name: 'Org' }).getByText(text).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: /^Snapshot S-0139/u }).isVisible()).toBe(true);
    await page.context().close();
  }
});
