import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { build, preview, type PreviewServer } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Builds the interface with the core in the page and serves it. Returns its address and the way to end it. */
export async function servePreview(outDir: string): Promise<{ address: string; close(): Promise<void> }> {
  await build({ root, base: '/', configFile: false, logLevel: 'error', plugins: [react()], build: { outDir, emptyOutDir: true, target: 'chrome140', minify: false } });
  const server: PreviewServer = await preview({ root, base: '/', configFile: false, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('the preview has no address');
  return { address: address.replace(/\/$/u, ''), close: () => server.close() };
}
