import { featureCodes } from '../../electron/adapters/embedded/source-tables.ts';
import { createTableSql } from '../../electron/warehouse-views/deploy-statements.ts';
import { readTableDefinition } from '../../electron/warehouse-views/table-definition.ts';
import type { SparkLane } from './spark-session.ts';
import { selectViews, viewTexts } from './spark-views.ts';

const text = (value: string, name: string): string => `CAST(${value} AS STRING) AS ${name}`;
/** An instant of two years that only depends on the row. */
const instant = (salt: number, name: string): string => `timestamp_micros(1704067200000000 + pmod(xxhash64(id, ${salt}), 63072000000000)) AS ${name}`;
const shown = ["concat('Name ', id) AS name", "concat(id, ' Main St') AS address", text("'Austin'", 'city'), text("'TX'", 'state'), text("'78701'", 'zip'), "concat('C-', pmod(id, 500)) AS company_id", "concat('Company ', pmod(id, 500)) AS company_name"];

/** The tables of RDS and the mirror with the proportions of a real source: a quarter shares production ids, a tenth is not staged. */
const tables = (properties: number): Readonly<Record<string, string>> => ({
  properties: `SELECT concat('p-', id) AS id, ${shown.join(', ')}, CASE WHEN pmod(id, 10) = 0 THEN 'DISABLED' ELSE 'ACTIVE' END AS status,
    CASE WHEN pmod(id, 8) <> 0 THEN concat('a0A5e', lpad(CAST(CASE WHEN pmod(id, 4) = 1 THEN id - pmod(id, 8) ELSE id END AS STRING), 10, '0')) END AS sfdc_id,
    ${instant(1, 'created_at')}, ${instant(2, 'updated_at')} FROM range(0, ${properties}, 1, 2)`,
  property_features: `SELECT concat('p-', id) AS property_id, code AS feature_code, pmod(xxhash64(id, code), 3) <> 0 AS enabled, ${instant(3, 'enabled_at')}, ${instant(4, 'updated_at')}
    FROM range(0, ${properties}, 1, 2) LATERAL VIEW explode(array(${featureCodes.slice(0, 3).map((code) => `'${code}'`).join(', ')})) AS code`,
  product_property: `SELECT concat('a01', lpad(CAST(id AS STRING), 12, '0')) AS id, concat('p-', id) AS snappt_property_id_c, ${text('NULL', 'sf_property_id_c')}, ${shown.join(', ')},
    ${featureCodes.map((code, at) => `pmod(xxhash64(id, ${at}), 2) = 0 AS ${code}_enabled_c, ${instant(10 + at, `${code}_enabled_at_c`)}`).join(', ')},
    FALSE AS is_deleted, ${instant(5, 'last_modified_date')}, ${instant(6, 'system_modstamp')} FROM range(0, ${properties}, 1, 2) WHERE pmod(id, 9) <> 4`,
});

/** Makes the tables with so many properties inside Spark, and the views over them, each expanded into the next. */
export async function makeUpTables(spark: SparkLane, properties: number): Promise<void> {
  const run = (sql: string) => spark.call('run', { sql, args: {} });
  await run(`CREATE DATABASE properties_${properties}`);
  await run(`USE properties_${properties}`);
  for (const [table, sql] of Object.entries(tables(properties))) await run(`CREATE TABLE ${table} USING parquet AS ${sql}`);
  await run(`${createTableSql('property_sync_audit_log', readTableDefinition())} USING parquet`);
  for (const view of selectViews) await spark.call('define', { name: view, sql: viewTexts[view], partitions: 0 });
}

/** Deletes what `makeUpTables` made. */
export async function dropTables(spark: SparkLane, properties: number): Promise<void> {
  await spark.call('run', { sql: `DROP DATABASE properties_${properties} CASCADE`, args: {} });
}
