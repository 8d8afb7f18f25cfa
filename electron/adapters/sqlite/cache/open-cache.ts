import { join } from 'node:path';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { refusal } from '../../../core/app-failure.ts';
import type { Cache, SnapshotWriter } from '../../../core/ports.ts';
import { inWorker, type AsyncMethods } from '../worker-proxy.ts';
import { openCacheForWriting } from './cache-file.ts';
import { createCacheStore, type CacheStore, type CacheStoreInit } from './cache-store.ts';
import { createSnapshotStore, type SnapshotStore, type SnapshotWriterInit } from './snapshot-writer.ts';

export interface OpenCacheOptions {
  /** The workspace folder. */
  folder: string;
  mapping: Mapping;
  /** Nothing is written; a missing cache reads as empty. */
  readonly?: boolean;
  /** False: in the caller's thread, for one-shot commands and tests. Default true. */
  threads?: boolean;
}

/**
 * Opens the cache of a workspace. A damaged one is moved aside and made anew, empty.
 *
 * Shape:  the ledger must have been opened before, so that its file is there. Snapshots are written over a connection (and
 *         thread) of their own; pages go on being read meanwhile.
 */
export async function openCache({ folder, mapping, readonly = false, threads = true }: OpenCacheOptions): Promise<Cache> {
  const init: CacheStoreInit = { cacheFile: join(folder, 'cache.db'), ledgerFile: join(folder, 'ledger.db'), mapping };
  if (!readonly) openCacheForWriting(init.cacheFile).close();
  const { proxy: store, close } = threads
    ? await inWorker<CacheStore>(new URL('./cache-worker.ts', import.meta.url), init)
    : inThisThread<CacheStore>(createCacheStore(init));

  return {
    snapshot: () => store.snapshot(),
    page: (input) => store.page(input),
    pageFull: (input) => store.pageFull(input),
    facets: (filter) => store.facets(filter),
    show: (key, kind) => store.show(key, kind),
    checks: () => store.checks(),
    sinceLast: (input) => store.sinceLast(input),
    drawable: (input) => store.drawable(input),
    plannable: (input) => store.plannable(input),
    metrics: () => store.metrics(),
    close,
    async beginSnapshot(mapping): Promise<SnapshotWriter> {
      if (readonly) throw refusal('read-only', 'This workspace is open for reading only. Open it without read-only to refresh.');
      const writerInit: SnapshotWriterInit = { ...init, mapping };
      const writer = threads
        ? await inWorker<SnapshotStore>(new URL('./snapshot-worker.ts', import.meta.url), writerInit)
        : inThisThread<SnapshotStore>(createSnapshotStore(writerInit));
      return snapshotWriter(writer, () => store.reopen());
    },
  };
}

function snapshotWriter({ proxy, close }: { proxy: AsyncMethods<SnapshotStore>; close(): Promise<void> }, onVisible: () => Promise<void>): SnapshotWriter {
  return {
    addProperties: (rows) => proxy.addProperties(rows),
    addStagingRecords: (rows) => proxy.addStagingRecords(rows),
    addCandidates: (changes) => proxy.addCandidates(changes),
    addOrgRecords: (records) => proxy.addOrgRecords(records),
    orgRecords: (keys) => proxy.orgRecords(keys),
    addHits: (hits) => proxy.addHits(hits),
    runChecks: (input) => proxy.runChecks(input),
    async commit(facts, announce) {
      const snapshot = await proxy.finish(facts);
      await announce?.(snapshot);
      await proxy.commit();
      await close();
      await onVisible();
      return snapshot;
    },
    rollback: () => close(),
  };
}

/** The same store without a thread: every answer is ready at once. */
function inThisThread<T extends { close(): void }>(store: T): { proxy: AsyncMethods<T>; close(): Promise<void> } {
  const proxy = new Proxy(store, {
    get: (target, name) => {
      const method = target[name as keyof T];
      return typeof method === 'function' ? async (...args: unknown[]) => method.apply(target, args) as unknown : undefined;
    },
  }) as unknown as AsyncMethods<T>;
  return { proxy, close: async () => store.close() };
}
