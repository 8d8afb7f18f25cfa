import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { connectBrowser } from '../connect-browser.ts';

/** Opens the served interface for the tests of one file. `page` is a new one for each test; neither is there before the hooks have run. */
export function usePreviewPage(): { readonly page: Page; readonly browser: Browser; readonly address: string } {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await connectBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  });
  afterEach(() => page.close());

  return {
    get page() {
      return page;
    },
    get browser() {
      return browser;
    },
    address: inject('preview'),
  };
}
