import { randomInt } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { workerData } from 'node:worker_threads';
import { serveThread, type ThreadHandlers, type ThreadLink } from '../threads/serve-thread.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { failureOf, SqlProblem } from './problem.ts';
import { readRow, type Cell } from './read-row.ts';
import { SqlClient } from './sql-client.ts';
import type { SqlRow } from './sql-session.ts';
import { tokenQuestion } from './token-question.ts';
import type { DatabricksCalls, DatabricksWorkerData } from './warehouse-calls.ts';

/** Rows that travel together. */
const batchRows = 1_000;

interface Cursor {
  batches: AsyncGenerator<Cell[][]>;
  abort: AbortController;
}

function textOf(row: SqlRow): string {
  return String(row['r']);
}

function createHandlers({ address, limits }: DatabricksWorkerData, link: ThreadLink): ThreadHandlers<DatabricksCalls> {
  const client = new SqlClient({ address, limits, getToken: async (refused) => String(await link.ask(tokenQuestion(refused))), onProgress: link.tell });
  const cursors = new Map<number, Cursor>();
  // Another thread's cursors have other numbers, so that nobody reads on in rows of somebody else.
  let opened = randomInt(2 ** 40);

  const closeRows = async (cursor: number): Promise<null> => {
    const open = cursors.get(cursor);
    cursors.delete(cursor);
    open?.abort.abort();
    await open?.batches.return(undefined).catch(() => {});
    return null;
  };

  return {
    openRows: ({ sql, what, columns, from }) => {
      opened += 1;
      const abort = new AbortController();
      const chunks = client.stream(sql, textOf, what, abort.signal);
      const read = (row: SqlRow): Cell[] => {
        try {
          return readRow(textOf(row), columns, from);
        } catch (error) {
          throw error instanceof SqlProblem ? failureOf(error.problem, address.host, what) : error;
        }
      };
      cursors.set(opened, { abort, batches: batchesOf(chunks, read) });
      return opened;
    },
    nextRows: async (cursor) => {
      const open = cursors.get(cursor);
      // Rows that are not known any more were cut off; their end would be a lie.
      if (open === undefined) throw new AppFailure('source-unavailable', `Reading from Databricks (${address.host}) was cut off. Nothing was changed; try again.`, { host: address.host });
      const next = await open.batches.next();
      return next.done ? [] : next.value;
    },
    closeRows,
    read: async ({ sql, what, parameters }, { signal }) => (await client.read(sql, parameters, what, signal)) as Record<string, string | null>[],
    write: async ({ sql, what, parameters }, { signal }) => {
      await client.write(sql, parameters, what, signal);
      return null;
    },
    closeSession: async () => {
      for (const cursor of cursors.keys()) await closeRows(cursor);
      await client.close();
      return null;
    },
  };
}

async function* batchesOf(chunks: AsyncIterable<SqlRow[]>, read: (row: SqlRow) => Cell[]): AsyncGenerator<Cell[][]> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += batchRows) yield chunk.slice(start, start + batchRows).map(read);
  }
}

const data = workerData as DatabricksWorkerData;
// For the whole thread: the driver hands its own option `customCaCert` on only where there is no proxy, and then reads all roots anew for each socket.
if (data.address.ca !== null) setDefaultCACertificates([...getCACertificates('default'), data.address.ca]);
serveThread<DatabricksCalls>((link) => createHandlers(data, link));
