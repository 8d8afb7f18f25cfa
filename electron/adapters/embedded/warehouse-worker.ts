import { workerData } from 'node:worker_threads';
import { serveThread, type ThreadHandlers } from '../threads/serve-thread.ts';
import { sourceFailure } from './csv-source.ts';
import { SourceFileError } from './source-file-error.ts';
import type { WarehouseCalls, WarehouseWorkerData } from './warehouse-calls.ts';
import type { CellValue } from './typed-rows.ts';
import { WarehouseDatabase, type MirrorRow } from './warehouse-database.ts';

/** Rows of a view that travel together. */
const batchRows = 1_000;

function createHandlers(database: WarehouseDatabase): ThreadHandlers<WarehouseCalls> {
  const cursors = new Map<number, Iterator<CellValue[]>>();
  let opened = 0;
  const closeView = (cursor: number): null => {
    cursors.get(cursor)?.return?.();
    cursors.delete(cursor);
    return null;
  };
  const closeAll = (): void => {
    for (const rows of cursors.values()) rows.return?.();
    cursors.clear();
  };
  return {
    loadSource: (_, { onProgress }) => {
      closeAll();
      return asFailure(() => database.loadSource(onProgress));
    },
    loadMirrorFile: (_, { onProgress }) => asFailure(() => database.loadMirrorFile(onProgress)),
    addMirrorRows: (rows: readonly MirrorRow[]) => {
      database.addMirrorRows(rows);
      return null;
    },
    buildViews: () => database.buildViews(),
    count: (view) => database.count(view),
    openView: (view) => {
      const { rows } = database.read(view);
      opened += 1;
      cursors.set(opened, rows[Symbol.iterator]());
      return opened;
    },
    nextRows: (cursor) => {
      const rows = cursors.get(cursor);
      // An empty batch would read as the end of the rows.
      if (rows === undefined) throw new Error('The rows of this view can no longer be read: its cursor is closed.');
      const batch: CellValue[][] = [];
      for (let next = rows.next(); !next.done; next = rows.next()) {
        batch.push(next.value);
        if (batch.length === batchRows) break;
      }
      if (batch.length === 0) closeView(cursor);
      return batch;
    },
    closeView,
    close: () => {
      closeAll();
      database.close();
      return null;
    },
  };
}

/** A broken source file is an expected failure. */
function asFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof SourceFileError ? sourceFailure(error) : error;
  }
}

serveThread<WarehouseCalls>(() => createHandlers(new WarehouseDatabase(workerData as WarehouseWorkerData)));
