import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';
import type { ViteUserConfig } from 'vitest/config';

/** The renderer: the page that the desktop app and the browser host show. */
const renderer: UserConfig = {
  root: 'renderer',
  base: '/',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'chrome140', chunkSizeWarningLimit: 1_500 },
};

/** One file of the Electron shell. It runs in Electron's own Node, so nothing of Node or Electron is bundled. */
function shellFile(entry: string, format: 'es' | 'cjs', fileName: string): UserConfig {
  return {
    root: '.',
    build: {
      outDir: 'electron/hosts/desktop/dist',
      emptyOutDir: false,
      target: 'node24',
      lib: { entry, formats: [format], fileName: () => fileName },
      rolldownOptions: { external: ['electron', /^node:/u] },
    },
  };
}

const test: ViteUserConfig['test'] = {
  root: '.',
  environment: 'node',
  include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
  globalSetup: ['test/renderer/preview/serve-preview.ts'],
  testTimeout: 120_000,
  hookTimeout: 180_000,
  // One more than the cores of the smallest machine: a file waits for its browser and its processes an eighth of the time.
  maxWorkers: 3,
  // A busy machine takes its time; what never comes still fails.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig(async ({ mode }): Promise<UserConfig & ViteUserConfig> => {
  if (mode === 'desktop-main') return shellFile('electron/hosts/desktop/main.ts', 'es', 'main.js');
  if (mode === 'desktop-preload') return shellFile('electron/hosts/desktop/preload.ts', 'cjs', 'preload.cjs');
  if (mode !== 'test') return renderer;
  const { HeaviestFirst } = await import('./test/heaviest-first.ts');
  return { ...renderer, test: { ...test, sequence: { sequencer: HeaviestFirst } } };
});
