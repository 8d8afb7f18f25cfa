import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the renderer; the Electron main and preload builds are modes of the same file. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'chrome140' },
  test: {
    root: '.',
    environment: 'node',
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
} as never);
