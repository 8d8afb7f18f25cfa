import react from '@vitejs/plugin-react';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview, type InlineConfig } from 'vite';
import type { TestProject } from 'vitest/node';
import { serveBrowser } from '../open-browser.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the interface with the core in the page is served, without a slash at the end. */
    preview: string;
  }
}

/** As it is shipped; the run says that it is a test, which React takes for the development of an app, and is slow. */
const asShipped: InlineConfig = { define: { 'process.env.NODE_ENV': '"production"' }, oxc: { jsx: { development: false } } };

/**
 * Serves the interface with the core in the page to all tests of a run, and tells them where their one browser listens. Each is made when
 * the first of them asks for it.
 */
export default async function servePreview({ provide }: TestProject): Promise<() => Promise<void>> {
  const outDir = mkdtempSync(join(tmpdir(), 'countersign-preview-'));
  const shared: InlineConfig = { root: fileURLToPath(new URL('.', import.meta.url)), base: '/', configFile: false, logLevel: 'error' };
  let built: Promise<unknown> | null = null;
  const buildOnce = () => (built ??= build({ ...shared, ...asShipped, plugins: [react()], build: { outDir, emptyOutDir: true, target: 'chrome140', minify: false } }));
  let browser: ReturnType<typeof serveBrowser> | null = null;
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
    plugins: [
      {
        name: 'build-when-asked',
        configurePreviewServer({ middlewares }) {
          middlewares.use('/browser', async (_request, response, next) => {
            try {
              response.end((await (browser ??= serveBrowser())).wsEndpoint());
            } catch (error) {
              next(error);
            }
          });
          middlewares.use(async (_request, _response, next) => {
            await buildOnce();
            next();
          });
        },
      },
    ],
  });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('the preview has no address');
  provide('preview', address.replace(/\/$/u, ''));
  return async () => {
    await (await browser)?.close();
    await server.close();
    rmSync(outDir, { recursive: true });
  };
}
