import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedWarehouse } from '../../../electron/adapters/embedded/embedded-warehouse.ts';
import { loadProductPropertyCsv } from '../../../electron/adapters/embedded/csv-source.ts';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import { mirrorOrg } from '../../../electron/hosts/workspace/org-mirror.ts';
import { createOrgFile } from '../../../electron/sample/org/org-file.ts';
import { startOrg } from '../../../electron/sample/org/start-org.ts';
import { wholeSnapshot, type WholeSnapshot } from '../../core/snapshot/whole-snapshot.ts';
import { openTestWorkspace } from '../../core/snapshot/workspace.ts';
import { openStandInSite, type StandInSite } from '../../stand-in/open-site.ts';
import { randomSource } from '../../warehouse-views/random-source.ts';
import { writeSource, type Source } from '../../warehouse-views/view-fixture.ts';

const seed = 20_261_126;
/** `COUNTERSIGN_LONG=1` takes as many as the driver was proved with. */
const sourceCount = process.env['COUNTERSIGN_LONG'] === '1' ? 100 : 30;
const formats = ['columns', 'arrow'] as const;
const folder = mkdtempSync(join(tmpdir(), 'countersign-same-'));
const sites = new Map<string, StandInSite>();
const deployed = new Set<string>();

beforeAll(async () => {
  for (const format of formats) sites.set(format, await openStandInSite({ format, directResults: format === 'arrow' }, { delaysMs: [50], startMs: 5_000, transientMs: 5_000, answerMs: 60_000 }));
});
afterAll(async () => {
  for (const site of sites.values()) await site.close();
  rmSync(folder, { recursive: true });
});

/** Staging records as an org could hold them: each id and each key once. */
function holdable(source: Source): Source {
  const ids = new Set<string>();
  const keys = new Set<string>();
  const staging = (source.staging ?? []).filter((row) => {
    const [id, key] = [row['id'] ?? '', row['snappt_property_id_c'] ?? ''];
    if (ids.has(id) || (key !== '' && keys.has(key))) return false;
    ids.add(id);
    if (key !== '') keys.add(key);
    return true;
  });
  return { ...source, staging };
}

/** Three sources as one, so that there are groups, carriers and duplicates enough in each. */
function together(parts: readonly Source[]): Source {
  const of = (table: 'properties' | 'features' | 'staging') => parts.flatMap((part) => part[table] ?? []);
  return { properties: of('properties'), features: of('features'), staging: of('staging').map((row, at) => ({ ...row, id: `a0${at % 7}${String(at).padStart(12, '0')}` })) };
}

async function withOrg<T>(source: string, work: (org: Org) => Promise<T>): Promise<T> {
  const file = join(source, 'org.db');
  createOrgFile({ file, seed: 'same', records: loadProductPropertyCsv(source) });
  const served = await startOrg({ file });
  const org = jsforceOrg({ connection: { loginUrl: served.url, ...served.credentials }, apiVersion: '64.0' });
  try {
    return await work(org);
  } finally {
    await org.close();
    await served.close();
  }
}

async function fromEverywhere(source: string, org: Org): Promise<Record<string, WholeSnapshot>> {
  const embedded = embeddedWarehouse({ file: join(source, 'warehouse.db'), source, mirror: (signal) => mirrorOrg(org, signal) });
  const found: Record<string, WholeSnapshot> = { embedded: await wholeSnapshot(embedded, org) };
  await embedded.close();
  for (const [format, site] of sites) {
    site.load(source);
    if (!deployed.has(format)) await site.deploy();
    deployed.add(format);
    // Left open, so that the driver is not loaded anew for each source.
    found[format] = await wholeSnapshot({ ...site.site.warehouse, close: async () => {} }, org);
  }
  return found;
}

describe('the same source gives the same snapshot through the driver, in both result formats, as through the embedded warehouse', () => {
  it(`on ${sourceCount} random sources with every ugly case`, async () => {
    const parts = fc.sample(randomSource, { numRuns: 3 * sourceCount, seed });
    const sources = Array.from({ length: sourceCount }, (_, at) => holdable(together(parts.slice(at * 3, at * 3 + 3))));
    let changes = 0;
    for (const [at, source] of sources.entries()) {
      const place = join(folder, String(at));
      mkdirSync(place);
      writeSource(place, source);
      const { embedded, ...others } = await withOrg(place, (org) => fromEverywhere(place, org));
      changes += Object.keys(embedded?.changes ?? {}).length;
      for (const format of formats) expect(others[format], `source ${at} of seed ${seed}, ${format}`).toEqual(embedded);
    }
    expect(changes).toBeGreaterThan(3 * sourceCount);
  }, 600_000);

  it('on the sample', async () => {
    const sample = await openTestWorkspace({ sample: undefined });
    try {
      const embedded = await wholeSnapshot(sample.warehouse, sample.org);
      expect(embedded.counts).toMatchObject({ creates: 1_081, updates: 7_980, p1: 507, featureMismatches: 799, multiPropertyMembers: 2_410 });
      const tables = openDatabase(join(sample.folder, 'warehouse.db'), { durability: 'off', readonly: true });
      for (const [format, site] of sites) {
        for (const table of ['properties', 'property_features'] as const) {
          site.standIn.engine.loadTable(table, site.names[table] ?? '', tables.prepare(`SELECT * FROM ${table}`).raw().all() as string[][]);
        }
        const mirror: (string | number | null)[][] = [];
        for await (const rows of mirrorOrg(sample.org, new AbortController().signal)) mirror.push(...rows.map((row) => Object.values(row).map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell))));
        site.standIn.engine.loadTable('product_property', site.names['product_property'] ?? '', mirror);
        if (!deployed.has(format)) await site.deploy();
        expect(await wholeSnapshot(site.site.warehouse, sample.org), format).toEqual(embedded);
      }
      tables.close();
    } finally {
      await sample.close();
    }
  }, 300_000);
});
