import { rm } from 'node:fs/promises';
import { AppFailure, cancelled, throwIfCancelled } from '../../core/app-failure.ts';
import type { SourceCounts, Warehouse, WarehouseRow, WarehouseView } from '../../core/ports.ts';
import { rowMaker } from '../../warehouse-views/view-columns.ts';
import { checkSourceFolder } from './csv-source.ts';
import { sourceFingerprint } from './source-fingerprint.ts';
import { CallingThread } from '../threads/calling-thread.ts';
import { pullAhead } from '../threads/pull-ahead.ts';
import type { WarehouseCalls } from './warehouse-calls.ts';
import type { MirrorRow } from './warehouse-database.ts';

export type { MirrorRow } from './warehouse-database.ts';

export interface EmbeddedWarehouseOptions {
  /** The warehouse's SQLite file. */
  file: string;
  /** Folder with the CSV files; absent for the sample, whose tables are in the file. */
  source?: string;
  /** Where `product_property` comes from: the source folder, or the live records of an org. */
  mirror: 'file' | ((signal: AbortSignal) => AsyncIterable<readonly MirrorRow[]>);
  /** The copy of the audit log, for the dashboard. */
  auditFile?: string;
}

const what = 'The refresh';

type WarehouseThread = CallingThread<WarehouseCalls>;

/**
 * A warehouse on this machine: SQLite running the same view texts as Databricks, in a thread of its own.
 *
 * Shape:  `prepare` must have ended before a view is read or counted; it may be repeated. An abort ends the thread, so that
 *         the next call to `prepare` begins afresh, as it does after the thread has died.
 * Errors: `source-invalid` for a source folder or file that is not as it should be; `cancelled`; `source-unavailable` when
 *         the thread has died.
 */
export function embeddedWarehouse(options: EmbeddedWarehouseOptions): Warehouse {
  let thread: WarehouseThread | null = null;

  const end = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    await ending?.end();
  };
  const started = (): WarehouseThread => (thread ??= startThread(options));

  /** Runs work that an abort interrupts at once. */
  const interruptible = async <T>(signal: AbortSignal, work: (thread: WarehouseThread) => Promise<T>): Promise<T> => {
    throwIfCancelled(signal, what);
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(cancelled(what));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([aborted, work(started())]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) await end();
    }
  };

  const fillMirror = async (
    worker: WarehouseThread,
    signal: AbortSignal,
    onProgress: (rows: number) => void,
  ): Promise<string[]> => {
    if (options.mirror === 'file') return (await worker.call('loadMirrorFile', null, { onProgress })).notices;
    let rows = 0;
    for await (const batch of options.mirror(signal)) {
      throwIfCancelled(signal, what);
      await worker.call('addMirrorRows', batch);
      rows += batch.length;
      onProgress(rows);
    }
    return [];
  };

  return {
    async prepare({ signal, onProgress }): Promise<SourceCounts> {
      // Only here: what a thread that has died had loaded is gone, so that nothing can be read from a new one.
      if (thread?.isEnded) thread = null;
      return interruptible(signal, async (worker) => {
        if (options.source !== undefined) checkSourceFolder(options.source, options.mirror === 'file');
        const rds = await worker.call('loadSource', null, { onProgress });
        const loaded = options.source === undefined ? 0 : rds.properties + rds.propertyFeatures;
        const notices = await fillMirror(worker, signal, (rows) => onProgress(loaded + rows));
        const built = await worker.call('buildViews', null);
        return {
          properties: rds.properties,
          propertyFeatures: rds.propertyFeatures,
          productProperty: built.productProperty,
          notices: [...rds.notices, ...notices, ...built.notices],
        };
      });
    },

    async *readView(view: WarehouseView, { signal }: { signal: AbortSignal }): AsyncGenerator<readonly WarehouseRow[]> {
      throwIfCancelled(signal, what);
      const worker = started();
      const toRow = rowMaker(view);
      const cursor = await worker.call('openView', view);
      try {
        const batches = pullAhead(() => worker.call('nextRows', cursor), () => throwIfCancelled(signal, what));
        for await (const rows of batches) yield rows.map(toRow);
      } finally {
        await worker.call('closeView', cursor).catch(() => null);
      }
    },

    countView: async (view) => started().call('count', view),

    async fingerprint(signal) {
      const tables = ['properties', 'property_features'] as const;
      const source = options.source === undefined ? { file: options.file } : { folder: options.source, tables: options.mirror === 'file' ? [...tables, 'product_property' as const] : tables };
      try {
        return await sourceFingerprint(source, signal);
      } catch (error) {
        throw signal.aborted ? cancelled('Looking at the source') : error;
      }
    },

    async close(): Promise<void> {
      try {
        if (thread?.isEnded === false) await thread.call('close', null);
      } finally {
        await end();
        await rm(`${options.file}-views`, { force: true });
      }
    },
  };
}

function startThread({ file, source, auditFile }: EmbeddedWarehouseOptions): WarehouseThread {
  return new CallingThread({
    entry: new URL('./warehouse-worker.ts', import.meta.url),
    data: { file, source, auditFile },
    ended: () => new AppFailure('cancelled', 'The embedded warehouse was closed. Nothing was changed.'),
    what: 'The embedded warehouse',
  });
}
