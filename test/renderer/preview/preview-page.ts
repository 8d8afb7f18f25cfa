import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openBrowser } from '../open-browser.ts';
import { servePreview } from './serve-preview.ts';

/** Serves the interface for the tests of one file. `page` is a new one for each test; neither is there before the hooks have run. */
export function usePreviewPage(): { readonly page: Page; readonly browser: Browser; readonly address: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-preview-'));
  let browser: Browser;
  let preview: Awaited<ReturnType<typeof servePreview>>;
  let page: Page;

  beforeAll(async () => {
    [preview, browser] = await Promise.all([servePreview(folder), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await preview.close();
    rmSync(folder, { recursive: true });
  });
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
    get address() {
      return preview.address;
    },
  };
}
