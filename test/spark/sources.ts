import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProductPropertyCsv } from '../../electron/adapters/embedded/csv-source.ts';
import type { MirrorRow } from '../../electron/adapters/embedded/warehouse-database.ts';
import type { Org } from '../../electron/core/org-ports.ts';
import { mirrorOrg } from '../../electron/hosts/workspace/org-mirror.ts';
import { openTestWorkspace, type TestWorkspace } from '../core/snapshot/workspace.ts';
import { randomSource } from '../warehouse-views/random-source.ts';
import { buildViews, writeSource, type Source } from '../warehouse-views/view-fixture.ts';
import { compareViews, type Comparison } from './compare-rows.ts';
import type { SparkLane } from './spark-session.ts';
import { runOnSpark, viewTexts, type ViewTexts } from './spark-views.ts';
import { EmbeddedTables, type EmbeddedFiles } from './tables.ts';

/** Shown with every failure; the same seed gives the same sources. */
export const seed = 20_261_126;

/** Shows a figure that the name of a test cannot have. */
export const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Random sources with every ugly case, always the same. */
export const randomSources = (count: number): Source[] => fc.sample(randomSource, { numRuns: count, seed });

/** Settings for many tiny queries: nothing is compiled for them. */
export const interpreted = { 'spark.sql.codegen.wholeStage': 'false', 'spark.sql.codegen.factoryMode': 'NO_CODEGEN' };

/** Does work for every item, in two lanes side by side. */
export async function inLanes<Item>(items: readonly Item[], lanes: readonly SparkLane[], work: (item: Item, at: number, lane: SparkLane) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      for (let at = next++; at < items.length; at = next++) await work(items[at]!, at, lane);
    }),
  );
}

/** Runs the views on both engines over one source and compares all rows. */
export async function compareSource(source: Source, spark: SparkLane, options: { mirror?: readonly MirrorRow[]; texts?: ViewTexts } = {}): Promise<Comparison> {
  const { file, auditFile, close } = buildViews(source, options.mirror);
  try {
    return await compareFiles({ views: file, auditLog: auditFile }, spark, options.texts);
  } finally {
    close();
  }
}

/** As `compareSource`, for views that are built. */
export async function compareFiles(files: EmbeddedFiles, spark: SparkLane, texts: ViewTexts = viewTexts): Promise<Comparison> {
  const embedded = new EmbeddedTables(files);
  try {
    await embedded.copyToSpark(spark);
    return compareViews(embedded, await runOnSpark(spark, texts, 'kept'));
  } finally {
    embedded.close();
  }
}

/** A workspace over a source that an org can hold; with it ends its folder. */
export async function openSource(source: Source): Promise<TestWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-source-'));
  writeSource(folder, source);
  const workspace = await openTestWorkspace({ folder, records: loadProductPropertyCsv(folder) });
  return {
    ...workspace,
    async close() {
      await workspace.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The staging records of an org as the warehouse mirrors them. */
export async function mirrorRows(org: Org): Promise<MirrorRow[]> {
  const rows: MirrorRow[] = [];
  for await (const page of mirrorOrg(org, new AbortController().signal)) rows.push(...page);
  return rows;
}
