import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTables, makeUpTables } from './made-up-tables.ts';
import { say } from './sources.ts';
import { SparkProcess, sparkLane } from './spark-session.ts';
import { selectViews } from './spark-views.ts';

/** A million takes minutes: measured with `npm run test:spark -- --growth`, in a Spark that compiles what runs long. */
const isLong = process.env['COUNTERSIGN_GROWTH'] === '1';
const sizes = isLong ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];

describe('The cost of the views on Spark', () => {
  const own = isLong ? new SparkProcess('long') : null;
  const spark = own?.lane('growth') ?? sparkLane('growth');

  beforeAll(async () => {
    await spark.call('set', { settings: { 'spark.sql.adaptive.enabled': 'true', 'spark.sql.shuffle.partitions': '8' } });
    // What is compiled at the first query is not the cost of its rows.
    await makeUpTables(spark, 1_000);
    for (const view of selectViews) await spark.call('seconds', { sql: `SELECT * FROM ${view}` });
    await dropTables(spark, 1_000);
  });
  afterAll(() => own?.close());

  it(`grows with the rows: ${sizes.join(', ')} properties`, async () => {
    const seconds: Record<string, number[]> = Object.fromEntries(selectViews.map((view) => [view, []]));
    for (const size of sizes) {
      await makeUpTables(spark, size);
      for (const view of selectViews) seconds[view]?.push(await spark.call('seconds', { sql: `SELECT * FROM ${view}` }));
      await dropTables(spark, size);
    }
    say(['view'.padEnd(34), ...sizes.map((size) => `${size} rows`.padStart(14)), 'ratios'.padStart(14)].join(''));
    for (const [view, times] of Object.entries(seconds)) {
      const ratios = times.slice(1).map((time, at) => (time / (times[at] ?? Number.NaN)).toFixed(1));
      say([view.padEnd(34), ...times.map((time) => `${time.toFixed(1)} s`.padStart(14)), ratios.join(' ').padStart(14)].join(''));
    }
    expect(Object.values(seconds).every((times) => times.length === sizes.length)).toBe(true);
  });
});
