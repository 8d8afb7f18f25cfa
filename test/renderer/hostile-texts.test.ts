import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { screens } from '../../renderer/app/place.ts';
import { connectBrowser } from './connect-browser.ts';
import { hostileTexts } from './preview/with-hostile-texts.ts';

const renderer = join(import.meta.dirname, '../../renderer');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => (entry.isFile() && /\.(tsx?|html)$/u.test(entry.name) ? [join(entry.parentPath, entry.name)] : []));
}

describe('Row 35: HTML in fields', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('is shown as the text that it is, and never run', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    for (const screen of [...screens, 'review?view=shapes', 'review?view=summary', 'review?view=since']) {
      await page.goto('about:blank');
      await page.goto(`${inject('preview')}/${screen}#texts=hostile`);
      await page.getByRole('main').waitFor();
      if (screen === 'review') {
        const shown = page.getByText(hostileTexts[0]).first();
        await shown.waitFor();
        for (const text of hostileTexts) expect(await page.getByText(text).count(), text).toBeGreaterThan(0);
        await page.getByRole('grid', { name: 'Pending changes' }).locator('[role="row"][tabindex="0"]:not([aria-busy])').focus();
        await page.keyboard.press('a');
        await page.getByRole('status', { name: 'Notifications' }).getByText(hostileTexts[0]).waitFor();
      }
      const made = await page.evaluate(() => ({
        wasRun: 'wasRun' in window,
        elements: document.querySelectorAll('img[src="x"], svg[onload], a[href^="javascript:"], #root script').length,
      }));
      expect({ screen, ...made }).toEqual({ screen, wasRun: false, elements: 0 });
    }
    await page.close();
  });

  it('would run, were it taken for HTML', async () => {
    const page = await browser.newPage();
    await page.goto(`${inject('preview')}/review#texts=hostile`);
    await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), hostileTexts.join(' '));
    await page.waitForFunction(() => 'wasRun' in window);
    await page.close();
  });

  it('has no way into the page as HTML: no source of the window makes any', () => {
    const files = sources(renderer);
    expect(files.length).toBeGreaterThan(50);
    const makers = /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function\(|srcdoc/iu;
    expect(files.filter((file) => makers.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
