import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedWarehouse } from '../../../electron/adapters/embedded/embedded-warehouse.ts';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openCache } from '../../../electron/adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import type { Cache, Clock, Warehouse } from '../../../electron/core/ports.ts';
import { refreshSnapshot, type RefreshDeps } from '../../../electron/core/snapshot/refresh.ts';
import { mirrorOrg } from '../../../electron/hosts/workspace/org-mirror.ts';
import { writeSample } from '../../../electron/sample/data/write-sample.ts';
import { createOrgFile, type OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { startOrg, type StartOrgOptions } from '../../../electron/sample/org/start-org.ts';
import { mappingSchema, type Mapping } from '../../../shared/domain/mapping.ts';
import type { RefreshProgress, Snapshot } from '../../../shared/domain/snapshot.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };

export const mapping: Mapping = mappingSchema.parse(defaultMapping);

/** A workspace with the real parts: embedded warehouse, simulated org over HTTP, jsforce, ledger, cache. */
export interface TestWorkspace {
  folder: string;
  warehouse: Warehouse;
  org: Org;
  ledger: Ledger;
  cache: Cache;
  clock: Clock;
  rules: RefreshDeps['rules'];
  refresh(options?: { signal?: AbortSignal; onProgress?(progress: RefreshProgress): void; mapping?: Mapping }): Promise<Snapshot>;
  close(): Promise<void>;
}

export const clock: Clock = {
  now: () => '2026-11-23T12:00:00.000Z',
  elapsedMs: () => performance.now(),
  sleep: async () => {},
};

/** The rules of this version, in force as they stand. */
export const theseRules: RefreshDeps['rules'] = async () => ({ fingerprint: 'these', notices: [] });

type Source = { sample: number | undefined; seed?: string } | { folder: string; records: Iterable<OrgSeedRecord> };

export async function openTestWorkspace(source: Source, options: { threads?: boolean; org?: Partial<StartOrgOptions> } = {}): Promise<TestWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  const file = { warehouse: join(folder, 'warehouse.db'), org: join(folder, 'org.db') };
  const threads = options.threads ?? false;
  if ('sample' in source) {
    writeSample({
      warehouseFile: file.warehouse,
      ...(source.sample === undefined ? {} : { properties: source.sample }),
      seed: source.seed ?? '1',
      onOrgRecords: (records) => createOrgFile({ file: file.org, seed: source.seed ?? '1', records }),
    });
  } else createOrgFile({ file: file.org, seed: 'test', records: source.records });
  const served = await startOrg({ file: file.org, ...options.org });
  const org = jsforceOrg({ connection: { loginUrl: served.url, ...served.credentials }, apiVersion: '64.0' });
  const warehouse = embeddedWarehouse({
    file: file.warehouse,
    ...('folder' in source ? { source: source.folder } : {}),
    mirror: (signal) => mirrorOrg(org, signal),
  });
  const ledger = await openLedger({ folder, threads });
  const cache = await openCache({ folder, mapping, threads });
  return {
    folder,
    warehouse,
    org,
    ledger,
    cache,
    clock,
    rules: theseRules,
    refresh: ({ signal, onProgress, mapping: other } = {}) =>
      refreshSnapshot(
        { warehouse, org, cache, ledger, mapping: other ?? mapping, rules: theseRules, clock },
        { actor: 'admin', signal: signal ?? new AbortController().signal, onProgress: onProgress ?? (() => {}) },
      ),
    async close() {
      await warehouse.close();
      await cache.close();
      await ledger.close();
      await org.close();
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
