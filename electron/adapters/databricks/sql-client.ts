import type { WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { classify, failureOf, SqlProblem, type Phase, type Problem } from './problem.ts';
import { pause, RetryCourse, type RetryLimits } from './retry.ts';
import { SqlSession, type Parameters, type SqlAddress, type SqlRow } from './sql-session.ts';

export interface SqlClientOptions {
  address: SqlAddress;
  limits: RetryLimits;
  /** A token that is valid now; `refused` is one that the warehouse has not accepted. */
  getToken(refused: string | null): Promise<string>;
  onProgress(progress: WarehouseProgress): void;
}

/**
 * Speaks to one SQL warehouse through the driver, with retries of its own.
 *
 * Shape:  one session at a time, opened at the first statement and again when the warehouse has dropped it.
 * Errors: `AppFailure` with the warehouse's words in `details.verbatim`; `cancelled` when the signal is aborted.
 */
export class SqlClient {
  readonly #options: SqlClientOptions;
  #opening: Promise<SqlSession> | null = null;
  #token: string | null = null;
  #refused: string | null = null;

  constructor(options: SqlClientOptions) {
    this.#options = options;
  }

  /** The rows of a statement that only reads; repeated until it is answered or there is no more hope. */
  read(sql: string, parameters: Parameters, what: string, signal: AbortSignal): Promise<SqlRow[]> {
    return this.#repeat(what, signal, (session) => session.all(sql, parameters, signal), () => true);
  }

  /**
   * Runs a statement that changes something. It is repeated only when it certainly had no effect.
   *
   * Errors: as `read`; `details.effect` is `unknown` when it may have happened all the same.
   */
  async write(sql: string, parameters: Parameters, what: string, signal: AbortSignal): Promise<void> {
    await this.#repeat(what, signal, (session) => session.all(sql, parameters, signal), (problem) => !problem.mayHaveHappened);
  }

  /**
   * Streams the rows of a statement with a total order, each row once.
   *
   * Shape:  `identify` names a row's content. When the stream breaks off, the statement runs again and is taken up behind the
   *         last row, if that is still the same at the same place.
   * Errors: as `read`; `source-unavailable` when the rows have changed meanwhile.
   */
  async *stream(sql: string, identify: (row: SqlRow) => string, what: string, signal: AbortSignal): AsyncGenerator<SqlRow[]> {
    let course = new RetryCourse(this.#options.limits);
    let delivered = 0;
    let last = '';
    for (;;) {
      let phase: Phase = 'opening';
      try {
        const session = await this.#session();
        phase = 'executing';
        let seen = 0;
        for await (const chunk of session.chunks(sql, {}, signal)) {
          phase = 'fetching';
          const fresh = seen >= delivered ? chunk : behind(chunk, seen, delivered, last, identify);
          seen += chunk.length;
          if (fresh.length === 0) continue;
          delivered = seen;
          last = identify(fresh.at(-1) as SqlRow);
          // What has got further begins to count its tries anew.
          if (course.attempts > 0) this.#tell('ready', course.attempts, null, null);
          course = new RetryCourse(this.#options.limits);
          yield fresh;
        }
        if (seen < delivered) throw changedMeanwhile();
        return;
      } catch (error) {
        if (error instanceof AppFailure) throw error;
        await this.#afterProblem(classify(error, phase), course, what, signal, true);
      }
    }
  }

  /** Ends the session, if there is one. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    await (await opening?.catch(() => null))?.close();
  }

  async #repeat<T>(what: string, signal: AbortSignal, work: (session: SqlSession) => Promise<T>, mayRepeat: (problem: Problem) => boolean): Promise<T> {
    const course = new RetryCourse(this.#options.limits);
    for (;;) {
      let phase: Phase = 'opening';
      try {
        const session = await this.#session();
        phase = 'executing';
        const answer = await work(session);
        if (course.attempts > 0) this.#tell('ready', course.attempts, null, null);
        return answer;
      } catch (error) {
        // Signing in has its own words for what went wrong.
        if (error instanceof AppFailure) throw error;
        const problem = classify(error, phase);
        await this.#afterProblem(problem, course, what, signal, mayRepeat(problem));
      }
    }
  }

  /** Waits until the next try, or throws what there is to tell. */
  async #afterProblem(problem: Problem, course: RetryCourse, what: string, signal: AbortSignal, mayRepeat: boolean): Promise<void> {
    const cancelled: Problem = { ...problem, kind: 'cancelled', verbatim: 'cancelled' };
    if (signal.aborted) throw this.#failure(cancelled, what);
    if (problem.kind === 'not-signed-in') this.#refused = this.#token;
    if (['session-lost', 'starting', 'network', 'not-signed-in'].includes(problem.kind)) await this.close();
    const verdict = mayRepeat ? course.judge(problem) : { again: false as const };
    if (!verdict.again) throw this.#failure(problem, what);
    this.#tell(verdict.state, course.attempts, Math.round(verdict.waitMs / 100) / 10, problem.verbatim);
    await pause(verdict.waitMs, signal);
    if (signal.aborted) throw this.#failure(cancelled, what);
    this.#tell(verdict.state, course.attempts + 1, null, problem.verbatim);
  }

  #session(): Promise<SqlSession> {
    const { address, limits, getToken } = this.#options;
    const nextToken = async (): Promise<string> => {
      this.#token = await getToken(this.#refused);
      return this.#token;
    };
    if (this.#opening === null) {
      const opening = SqlSession.open(address, nextToken, limits.answerMs);
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = null;
      });
    }
    return this.#opening;
  }

  #failure(problem: Problem, what: string): Error {
    return failureOf(problem, this.#options.address.host, what);
  }

  #tell(state: WarehouseProgress['state'], attempt: number, nextInSeconds: number | null, reason: string | null): void {
    this.#options.onProgress({ state, attempt, nextInSeconds, reason });
  }
}

/** What of a chunk lies behind the rows that were delivered before the stream broke off. */
function behind(chunk: SqlRow[], seen: number, delivered: number, last: string, identify: (row: SqlRow) => string): SqlRow[] {
  const skip = delivered - seen;
  if (skip > chunk.length) return [];
  if (identify(chunk[skip - 1] as SqlRow) !== last) throw changedMeanwhile();
  return chunk.slice(skip);
}

function changedMeanwhile(): SqlProblem {
  return new SqlProblem('changed', 'The connection broke off, and the rows have changed since. Refresh again; nothing was changed here.');
}
