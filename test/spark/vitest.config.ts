import { defineConfig } from 'vitest/config';

/** One worker without isolation: all files talk to one Spark, whose start takes longer than most tests. */
export default defineConfig({
  test: {
    root: '.',
    environment: 'node',
    include: ['test/spark/**/*.spark.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
    isolate: false,
  },
});
