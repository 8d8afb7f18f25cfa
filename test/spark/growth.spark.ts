import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTables, makeUpTables } from './made-up-tables.ts';
import { say } from './sources.ts';
import { SparkProcess, sparkLane } from './spark-session.ts';
import { selectViews } from './spark-views.ts';

/**
 * With `npm run test:spark -- --long` up to a million properties, in a Spark of its own that compiles what runs long and
 * plans anew while it runs, as Databricks does. Else only the views that the app reads at every refresh, up to 50,000.
 */
const isLong = process.env['COUNTERSIGN_LONG'] === '1';
const sizes = isLong ? [10_000, 100_000, 1_000_000] : [5_000, 50_000];
const views = selectViews.filter((view) => isLong || view !== 'sync_monitoring_dashboard');

describe('The cost of the views on Spark', () => {
  const own = isLong ? new SparkProcess('long') : null;
  const spark = own?.lane('growth') ?? sparkLane('growth');

  const measure = async (size: number): Promise<number[]> => {
    await makeUpTables(spark, size);
    const seconds: number[] = [];
    for (const view of views) seconds.push(await spark.call('seconds', { sql: `SELECT * FROM ${view}` }));
    await dropTables(spark, size);
    return seconds;
  };

  beforeAll(async () => {
    await spark.call('set', { settings: { 'spark.sql.adaptive.enabled': String(isLong), 'spark.sql.shuffle.partitions': isLong ? '8' : '2' } });
    // What the first queries compile is not the cost of their rows.
    await measure(1_000);
  });
  afterAll(() => own?.close());

  it(`grows with the rows: ${sizes.join(', ')} properties`, async () => {
    const columns: number[][] = [];
    for (const size of sizes) columns.push(await measure(size));
    say(['view'.padEnd(34), ...sizes.map((size) => `${size} rows`.padStart(14)), 'ratios'.padStart(14)].join(''));
    for (const [at, view] of views.entries()) {
      const seconds = columns.map((column) => column[at] ?? Number.NaN);
      const ratios = seconds.slice(1).map((time, before) => (time / (seconds[before] ?? Number.NaN)).toFixed(1));
      say([view.padEnd(34), ...seconds.map((time) => `${time.toFixed(1)} s`.padStart(14)), ratios.join(' ').padStart(14)].join(''));
    }
    expect(columns.flat().every((time) => time > 0)).toBe(true);
  });
});
