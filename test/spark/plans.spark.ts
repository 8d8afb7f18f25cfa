import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropTables, makeUpTables } from './made-up-tables.ts';
import { planShape } from './plan-shape.ts';
import { say } from './sources.ts';
import { sparkLane } from './spark-session.ts';
import { viewTexts, type SelectView } from './spark-views.ts';

const spark = sparkLane('plans');
const properties = 100_000;

/**
 * By what each view shuffles its rows, with all views that it reads expanded into it. The properties are shuffled by their id
 * (to find the row that counts), feature rows by property, members of groups by production id. A table appears again by the
 * same key only with other columns.
 */
const shuffles: Readonly<Record<Exclude<SelectView, 'sync_monitoring_dashboard'>, readonly string[]>> = {
  rds_properties_enriched: ['id', 'property_id'],
  properties_aggregated_by_sfdc_id: ['id', 'property_id', 'sfdc_key'],
  // Besides: staging records by their key (property_id), properties with only their group, and groups that are taken.
  properties_to_create: ['id', 'id', 'property_id', 'property_id', 'sfdc_key', 'sfdc_key'],
  // Besides: staging records by their key, once with the group they carry and once without, and by group; properties with only their group.
  properties_to_update: ['group_key', 'id', 'id', 'property_id', 'sfdc_key', 'snappt_property_id', 'snappt_property_id'],
};

describe(`Spark's plan at ${properties} properties`, () => {
  beforeAll(async () => {
    // Without broadcasts every shuffle shows.
    await spark.call('set', { settings: { 'spark.sql.autoBroadcastJoinThreshold': '-1', 'spark.sql.shuffle.partitions': '4' } });
    await makeUpTables(spark, properties);
  });
  afterAll(() => dropTables(spark, properties));

  const shapeOf = async (view: SelectView) => planShape(String((await spark.call('run', { sql: `EXPLAIN FORMATTED SELECT * FROM ${view}`, args: {} }))[0]?.[0]));

  it.each(Object.entries(shuffles))('of %s shuffles once per aggregation and join key, and joins nothing with everything', async (view, expected) => {
    const shape = await shapeOf(view as SelectView);
    say(`${view}: ${shape.shuffles.length} shuffles (${shape.shuffles.join(', ')}), ${shape.reused} more used again, ${shape.scans} scans, no cross join`);
    expect(shape).toMatchObject({ shuffles: expected, crossJoins: [] });
  });

  it('of sync_monitoring_dashboard joins nothing with everything but counts of one row', async () => {
    const shape = await shapeOf('sync_monitoring_dashboard');
    say(`sync_monitoring_dashboard: ${shape.shuffles.length} shuffles, ${shape.reused} more used again, ${shape.scans} scans, ${shape.crossJoins.length} joins of one row with one row`);
    const written = viewTexts.sync_monitoring_dashboard.match(/\bFROM \w+ \w+ CROSS JOIN \w+/g) ?? [];
    expect(written.filter((join) => !/^FROM \w+_counts \w CROSS JOIN \w+_counts$/.test(join))).toEqual([]);
    expect(shape.crossJoins).toHaveLength(written.length);
    expect(shape.shuffles.length).toBeLessThanOrEqual(21);
  });
});
