import { DBSQLClient } from '@databricks/sql';
import type { ConnectionOptions } from '@databricks/sql/dist/contracts/IDBSQLClient.js';
import { SqlProblem } from './problem.ts';

type DriverSession = Awaited<ReturnType<DBSQLClient['openSession']>>;
type Operation = Awaited<ReturnType<DriverSession['executeStatement']>>;

export type Parameters = Readonly<Record<string, string>>;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Where a SQL warehouse is and how it is spoken to. */
export interface SqlAddress {
  host: string;
  port: number;
  path: string;
  /** PEM of a certificate authority to be trusted besides the public ones. */
  ca: string | null;
  proxy: ConnectionOptions['proxy'] | null;
  userAgent: string;
}

/** Rows that one answer of the warehouse carries at most; at some 700 bytes a row it stays below 4 MB. */
const answerRows = 5_000;
const closingMs = 5_000;

/**
 * One session of the driver, opened at its making, every answer of the network within a time limit.
 *
 * Errors: what the driver throws, and `SqlProblem` for an answer that never comes: the driver waits for ever for one that
 *         breaks off in the middle.
 */
export class SqlSession {
  readonly #client: DBSQLClient;
  readonly #session: DriverSession;
  readonly #answerMs: number;

  private constructor(client: DBSQLClient, session: DriverSession, answerMs: number) {
    this.#client = client;
    this.#session = session;
    this.#answerMs = answerMs;
  }

  static async open(address: SqlAddress, getToken: () => Promise<string>, answerMs: number, signal: AbortSignal): Promise<SqlSession> {
    const client = new DBSQLClient({ logger: { log: () => {} } });
    try {
      await client.connect({
        host: address.host,
        port: address.port,
        path: address.path,
        // Not `external-token`: that keeps a token until it expires, also one that the warehouse has refused.
        authType: 'custom',
        provider: { authenticate: async () => ({ Authorization: `Bearer ${await getToken()}` }) },
        userAgentEntry: address.userAgent,
        socketTimeout: answerMs,
        telemetryEnabled: false,
        preserveBigNumericPrecision: true,
        // The driver's own retries, of the calls that change nothing; all others are ours.
        retryMaxAttempts: 3,
        retriesTimeout: Math.min(30_000, answerMs),
        retryDelayMin: Math.min(500, answerMs),
        retryDelayMax: Math.min(5_000, answerMs),
        ...(address.proxy ? { proxy: address.proxy } : {}),
      });
      const session = await orAborted(inTime(client.openSession({}), answerMs, (late) => void quietly(late.close())), signal, (late) => void quietly(late.close()));
      const opened = new SqlSession(client, session, answerMs);
      await opened.#useUtc(signal);
      return opened;
    } catch (error) {
      void quietly(client.close());
      throw error;
    }
  }

  /** Instants are compared and shown in UTC, whatever the workspace's default is. */
  async #useUtc(signal: AbortSignal): Promise<void> {
    await this.all("SET TIME ZONE 'UTC'", {}, signal);
    const [row] = await this.all('SELECT current_timezone() AS zone', {}, signal);
    const zone = String(row?.['zone']);
    if (!/^(?:Etc\/)?UTC$/u.test(zone)) throw new SqlProblem('unreadable', `The warehouse does not take UTC as the time zone of a session; it stays at ${zone}.`);
  }

  /** All rows of a statement with a small result. `onAccepted`: the warehouse has taken the statement on. */
  async all(sql: string, parameters: Parameters, signal: AbortSignal, onAccepted: () => void = () => {}): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    for await (const chunk of this.chunks(sql, parameters, signal, onAccepted)) rows.push(...chunk);
    return rows;
  }

  /** The rows of a statement, as they come. Leaving early, or an abort, cancels and closes the operation in the warehouse. */
  async *chunks(sql: string, parameters: Parameters, signal: AbortSignal, onAccepted: () => void = () => {}): AsyncGenerator<SqlRow[]> {
    const operation = await orAborted(
      inTime(
        this.#session.executeStatement(sql, {
          maxRows: answerRows,
          // Results come through the warehouse itself: no other host has to be reached, and no native decompression is needed.
          useCloudFetch: false,
          useLZ4Compression: false,
          ...(Object.keys(parameters).length > 0 ? { namedParameters: parameters } : {}),
        }),
        this.#answerMs,
        (late) => void this.#end(late),
      ),
      signal,
      // Nothing can be cancelled before the warehouse has given a handle; it is ended as soon as there is one.
      (late) => void this.#end(late),
    );
    onAccepted();
    let isDone = false;
    try {
      await orAborted(this.#finished(operation), signal);
      // A statement without a result has no schema, and must not be asked for rows.
      let hasMore = (await orAborted(inTime(operation.getSchema(), this.#answerMs), signal)) !== null;
      while (hasMore) {
        const rows = (await orAborted(inTime(operation.fetchChunk({ maxRows: answerRows, disableBuffering: true }), this.#answerMs), signal)) as SqlRow[];
        hasMore = await orAborted(inTime(operation.hasMoreRows(), this.#answerMs), signal);
        if (rows.length > 0) yield rows;
      }
      isDone = true;
    } finally {
      // An operation that has ended well is closed in passing; one that was left is cancelled first. Nobody waits for either.
      void (isDone ? quietly(inTime(operation.close(), this.#answerMs)) : this.#end(operation));
    }
  }

  /** Waits while the warehouse works, however long, as long as it answers that it does. */
  async #finished(operation: Operation): Promise<void> {
    const { promise: silent, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(new SqlProblem('network', 'The warehouse no longer tells how far the statement is.', true));
    let watch = setTimeout(giveUp, this.#answerMs);
    const heard = (): void => {
      clearTimeout(watch);
      watch = setTimeout(giveUp, this.#answerMs);
    };
    try {
      await Promise.race([operation.finished({ callback: heard }), silent]);
    } finally {
      clearTimeout(watch);
    }
  }

  async #end(operation: Operation): Promise<void> {
    await quietly(inTime(operation.cancel(), this.#answerMs));
    await quietly(inTime(operation.close(), this.#answerMs));
  }

  /** Ends the session; one that the warehouse has dropped already is no failure, and one that does not answer is left. */
  async close(): Promise<void> {
    await quietly(inTime(this.#session.close(), Math.min(this.#answerMs, closingMs)));
    await quietly(this.#client.close());
  }
}

async function quietly(work: Promise<unknown>): Promise<void> {
  // What is being left behind may be gone already.
  await work.catch(() => {});
}

function inTime<T>(work: Promise<T>, ms: number, onLate: (value: T) => void = () => {}): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reject(new SqlProblem('network', `No answer within ${Math.round(ms / 1_000)} s.`, true));
  }, ms);
  work.then((value) => (isLate ? onLate(value) : resolve(value)), reject).finally(() => clearTimeout(timer));
  return promise;
}

/** The work's outcome, or a problem of kind `cancelled` as soon as the signal is aborted; what comes later goes to `onLate`. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal, onLate: (value: T) => void = () => {}): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    reject(new SqlProblem('cancelled', 'cancelled', true));
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  work
    .then((value) => (isLeft ? onLate(value) : resolve(value)), reject)
    .finally(() => signal.removeEventListener('abort', leave));
  return promise;
}
