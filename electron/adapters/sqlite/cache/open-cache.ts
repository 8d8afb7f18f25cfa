import { join } from 'node:path';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { refusal } from '../../../core/app-failure.ts';
import type { Cache, SnapshotWriter } from '../../../core/ports.ts';
import { inThisThread, inWorker } from '../worker-proxy.ts';
import { openCacheForWriting } from './cache-file.ts';
import { createCacheStore, type CacheStore, type CacheStoreInit } from './cache-store.ts';
import { openSnapshotWriter } from './open-snapshot-writer.ts';

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
    open: (input) => store.open(input),
    locate: (input) => store.locate(input),
    find: (input) => store.find(input),
    summary: (filter) => store.summary(filter),
    valuesSlice: (input) => store.valuesSlice(input),
    shapes: (filter) => store.shapes(filter),
    shape: (id) => store.shape(id),
    coverage: (draw) => store.coverage(draw),
    choose: (selection) => store.choose(selection),
    close,
    async beginSnapshot(mapping, org): Promise<SnapshotWriter> {
      if (readonly) throw refusal('read-only', 'This workspace is open for reading only. Open it without read-only to refresh.');
      return openSnapshotWriter({ ...init, mapping, org }, threads, () => store.reopen());
    },
  };
}
