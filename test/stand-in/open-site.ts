import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qualifiedNames } from '../../electron/adapters/databricks/names.ts';
import { openDatabricks, type DatabricksOptions, type DatabricksSite } from '../../electron/adapters/databricks/open-databricks.ts';
import type { RetryLimits } from '../../electron/adapters/databricks/retry.ts';
import { planDeployment } from '../../electron/core/views/plan-deployment.ts';
import type { DatabricksConfig } from '../../electron/core/workspace/workspace-config.ts';
import { sessionSecrets } from '../../electron/hosts/session-secrets.ts';
import { StandInEngine } from './engine.ts';
import { authorityFile, httpPath, startStandIn, type StandIn } from './start-stand-in.ts';
import type { CallSettings } from './thrift-calls.ts';

/** Short waits, so that tests of retries are quick. */
export const quickLimits: RetryLimits = { delaysMs: [5, 10, 20], startMs: 5_000, transientMs: 2_000, answerMs: 1_500 };

export interface StandInSite {
  standIn: StandIn;
  site: DatabricksSite;
  config: DatabricksConfig;
  names: Readonly<Record<string, string>>;
  /** Takes the three CSV files of a folder as the source tables. */
  load(folder: string): void;
  /** Runs what a deployment plans. */
  deploy(): Promise<void>;
  /** Another client of the same warehouse. */
  open(change?: Partial<DatabricksOptions>): DatabricksSite;
  close(): Promise<void>;
}

/** A stand-in warehouse with the app's own adapter over the real driver in front of it. */
export async function openStandInSite(settings: Partial<CallSettings> = {}, limits: RetryLimits = quickLimits): Promise<StandInSite> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-stand-in-'));
  const standIn = await startStandIn({ engine: new StandInEngine(join(folder, 'warehouse.db')), ...settings });
  const config: DatabricksConfig = { kind: 'databricks', host: standIn.address, httpPath, caFile: authorityFile };
  const names = qualifiedNames(config);
  const opened: DatabricksSite[] = [];
  const open: StandInSite['open'] = (change = {}) => {
    const another = openDatabricks({ config, env: { DATABRICKS_TOKEN: 'test-token' }, secrets: sessionSecrets(), openExternal: async () => false, version: '0.0.0', limits, ...change });
    opened.push(another);
    return another;
  };
  const site = open();
  return {
    standIn,
    site,
    config,
    names,
    open,
    load: (source) => standIn.engine.load(source, { properties: names['properties'] ?? '', property_features: names['property_features'] ?? '', product_property: names['product_property'] ?? '' }),
    async deploy() {
      const { signal } = new AbortController();
      for (const { sql } of (await planDeployment(site.warehouseObjects, signal)).steps) if (sql !== null) await site.warehouseObjects.execute(sql, signal);
    },
    async close() {
      for (const one of opened) await one.close();
      await standIn.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
