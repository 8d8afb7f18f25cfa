import { defineConfig } from 'vitest/config';

const isLong = process.env['COUNTERSIGN_LONG'] === '1';

/**
 * Workers without isolation: the files of one talk to one Spark, whose start takes longer than most tests. A second worker has a Spark of its
 * own, since most of what one does is planning on one processor; the long run measures, and has the machine for itself.
 */
export default defineConfig({
  test: {
    root: '.',
    environment: 'node',
    include: ['test/spark/**/*.spark.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    maxWorkers: isLong ? 1 : 2,
    isolate: false,
  },
});
