import { parentPort, workerData } from 'node:worker_threads';
import { SourceFileError } from './source-file-error.ts';
import { WarehouseDatabase, type CellValue, type MirrorRow } from './warehouse-database.ts';
import type {
  WarehouseCallName,
  WarehouseCalls,
  WarehouseReply,
  WarehouseRequest,
  WarehouseWorkerData,
  WorkerProblem,
} from './warehouse-messages.ts';

/** Rows of a view that travel together. */
const batchRows = 1_000;

type Handlers = {
  [Name in WarehouseCallName]: (
    input: WarehouseCalls[Name]['input'],
    onProgress: (rows: number) => void,
  ) => WarehouseCalls[Name]['output'];
};

function createHandlers(database: WarehouseDatabase): Handlers {
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
    loadSource: (_, onProgress) => {
      closeAll();
      return database.loadSource(onProgress);
    },
    loadMirrorFile: (_, onProgress) => database.loadMirrorFile(onProgress),
    addMirrorRows: (rows: readonly MirrorRow[]) => {
      database.addMirrorRows(rows);
      return null;
    },
    buildViews: () => database.buildViews(),
    count: (view) => database.count(view),
    openView: (view) => {
      const { columns, rows } = database.read(view);
      opened += 1;
      cursors.set(opened, rows[Symbol.iterator]());
      return { cursor: opened, columns };
    },
    nextRows: (cursor) => {
      const rows = cursors.get(cursor);
      const batch: CellValue[][] = [];
      for (let next = rows?.next(); next !== undefined && !next.done; next = rows?.next()) {
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

function problemOf(error: unknown): WorkerProblem {
  if (error instanceof SourceFileError) {
    return { kind: 'source file', file: error.file, line: error.line, column: error.column, problem: error.problem };
  }
  if (error instanceof Error) return { kind: 'bug', message: error.message, stack: error.stack };
  return { kind: 'bug', message: String(error), stack: undefined };
}

const port = parentPort;
if (port === null) throw new Error('The warehouse worker runs in a worker thread only.');
const handlers = createHandlers(new WarehouseDatabase(workerData as WarehouseWorkerData));
const reply = (message: WarehouseReply): void => port.postMessage(message);

port.on('message', ({ id, call, input }: WarehouseRequest) => {
  try {
    const handle = handlers[call] as (input: unknown, onProgress: (rows: number) => void) => unknown;
    reply({ type: 'done', id, output: handle(input, (rows) => reply({ type: 'progress', id, rows })) });
  } catch (error) {
    reply({ type: 'failed', id, problem: problemOf(error) });
  }
});
