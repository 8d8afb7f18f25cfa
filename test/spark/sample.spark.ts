import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WarehouseDatabase } from '../../electron/adapters/embedded/warehouse-database.ts';
import { wholeSnapshot } from '../core/snapshot/whole-snapshot.ts';
import { openTestWorkspace, type TestWorkspace } from '../core/snapshot/workspace.ts';
import { compareViews } from './compare-rows.ts';
import { mirrorRows, say } from './sources.ts';
import { sparkLane } from './spark-session.ts';
import { runOnSpark, viewTexts } from './spark-views.ts';
import { sparkWarehouse } from './spark-warehouse.ts';
import { EmbeddedTables } from './tables.ts';

const spark = sparkLane('sample');
/** Several partitions, so that rows are shuffled as on a cluster. */
const partitions = 4;

describe('Spark, on the sample', () => {
  let workspace: TestWorkspace;
  let database: WarehouseDatabase;
  let embedded: EmbeddedTables;

  beforeAll(async () => {
    workspace = await openTestWorkspace({ sample: undefined });
    const file = join(workspace.folder, 'warehouse.db');
    database = new WarehouseDatabase({ file });
    database.loadSource(() => {});
    database.addMirrorRows(await mirrorRows(workspace.org));
    database.buildViews();
    embedded = new EmbeddedTables({ views: `${file}-views`, sample: file });
    await spark.call('set', { settings: { 'spark.sql.shuffle.partitions': String(partitions) } });
    await embedded.copyToSpark(spark, partitions);
  });
  afterAll(async () => {
    embedded.close();
    database.close();
    await workspace.close();
  });

  it('gives the rows of SQLite in every view, each view expanded into the next', async () => {
    const compared = compareViews(embedded, await runOnSpark(spark, viewTexts, 'expanded'));
    expect(compared.differences).toEqual([]);
    expect(compared.rows).toBeGreaterThan(25_000);
    say(`sample: ${compared.rows} rows of five views equal`);
  });

  it('gives the same snapshot as the embedded warehouse, with the same content hash for every key', async () => {
    await runOnSpark(spark, viewTexts, 'kept');
    const fromSpark = await wholeSnapshot(sparkWarehouse(spark), workspace.org);
    database.close();
    const fromSqlite = await wholeSnapshot(workspace.warehouse, workspace.org);
    expect(fromSpark).toEqual(fromSqlite);
    expect(fromSpark.counts).toMatchObject({ creates: 1_081, updates: 7_980 });
    say(`sample: ${Object.keys(fromSpark.changes).length} content hashes equal`);
  });
});
