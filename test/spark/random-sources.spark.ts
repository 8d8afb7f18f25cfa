import { beforeAll, describe, expect, it } from 'vitest';
import { wholeSnapshot } from '../core/snapshot/whole-snapshot.ts';
import { heldByOrg } from '../warehouse-views/random-source.ts';
import { compareSource, inLanes, interpreted, mirrorRows, openSource, randomSources, say, seed } from './sources.ts';
import { sparkLane } from './spark-session.ts';
import { sparkWarehouse } from './spark-warehouse.ts';

const lanes = [sparkLane('one'), sparkLane('two')];
/** With `npm run test:spark -- --long` all that the views were proved with; else more than those in which `mutants.spark.ts` finds every broken rule. */
const isLong = process.env['COUNTERSIGN_LONG'] === '1';
const withOrg = isLong ? 100 : 30;
const beyondOrg = isLong ? 20 : 6;

describe(`Spark, on random sources of seed ${seed} with every ugly case`, () => {
  beforeAll(async () => {
    for (const lane of lanes) await lane.call('set', { settings: interpreted });
  });

  it(`gives the rows of SQLite in every view and the same snapshot, with the same content hash for every key, on ${withOrg} sources`, async () => {
    let rows = 0;
    let keys = 0;
    await inLanes(randomSources(withOrg).map(heldByOrg), lanes, async (source, at, lane) => {
      const workspace = await openSource(source);
      try {
        const embedded = await wholeSnapshot(workspace.warehouse, workspace.org);
        const compared = await compareSource(source, lane, { mirror: await mirrorRows(workspace.org) });
        expect(compared.differences, `source ${at}`).toEqual([]);
        const spark = await wholeSnapshot(sparkWarehouse(lane), workspace.org);
        expect(spark, `source ${at}`).toEqual(embedded);
        rows += compared.rows;
        keys += Object.keys(spark.changes).length;
      } finally {
        await workspace.close();
      }
    });
    expect(keys).toBeGreaterThan(2 * withOrg);
    say(`${withOrg} random sources: ${rows} rows of five views equal, ${keys} content hashes equal`);
  });

  it(`gives the rows of SQLite in every view on ${beyondOrg} sources with staging tables that no org would hold`, async () => {
    let rows = 0;
    await inLanes(randomSources(withOrg + beyondOrg).slice(withOrg), lanes, async (source, at, lane) => {
      const compared = await compareSource(source, lane);
      expect(compared.differences, `source ${withOrg + at}`).toEqual([]);
      rows += compared.rows;
    });
    say(`${beyondOrg} more random sources: ${rows} rows of five views equal`);
  });
});
