import { createHash, type Hash } from 'node:crypto';
import { AppFailure } from '../../core/app-failure.ts';
import type { WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import { classify, failureOf, SqlProblem, type Phase, type Problem } from './problem.ts';
import { pause, RetryCourse, type RetryLimits } from './retry.ts';
import { SessionPool, type Lease } from './session-pool.ts';
import type { Parameters, SqlAddress, SqlRow } from './sql-session.ts';

export interface SqlClientOptions {
  address: SqlAddress;
  limits: RetryLimits;
  /** A token that is valid now; `refused` is one that the warehouse has not accepted. */
  getToken(refused: string | null): Promise<string>;
  onProgress(progress: WarehouseProgress): void;
}

/** One try of a piece of work: the session it has, and how far it came. */
interface Try {
  lease: Lease | null;
  phase: Phase;
}

/**
 * Speaks to one SQL warehouse through the driver, with retries of its own.
 *
 * Shape:  all statements share one session; one that has failed is left to those who still use it, and another is opened.
 * Errors: `AppFailure` with the warehouse's words in `details.verbatim`; `cancelled` when the signal is aborted.
 */
export class SqlClient {
  readonly #options: SqlClientOptions;
  readonly #pool: SessionPool;
  #token: string | null = null;
  #refused: string | null = null;

  constructor(options: SqlClientOptions) {
    this.#options = options;
    const nextToken = async (): Promise<string> => {
      this.#token = await options.getToken(this.#refused);
      return this.#token;
    };
    this.#pool = new SessionPool(options.address, nextToken, options.limits.answerMs);
  }

  /** The rows of a statement that only reads; repeated until it is answered or there is no more hope. */
  read(sql: string, parameters: Parameters, what: string, signal: AbortSignal): Promise<SqlRow[]> {
    return this.#repeat(sql, parameters, what, signal, () => true);
  }

  /**
   * Runs a statement that changes something. It is repeated only when it certainly had no effect.
   *
   * Errors: as `read`; `details.effect` is `unknown` when it may have happened all the same.
   */
  async write(sql: string, parameters: Parameters, what: string, signal: AbortSignal): Promise<void> {
    await this.#repeat(sql, parameters, what, signal, (problem) => !problem.mayHaveHappened);
  }

  /**
   * Streams the rows of a statement with a total order, each row once.
   *
   * Shape:  `identify` names a row's content. When the stream breaks off, the statement runs again and is taken up behind the
   *         rows that were delivered, if these are all still the same.
   * Errors: as `read`; `source-unavailable` when they have changed meanwhile.
   */
  async *stream(sql: string, identify: (row: SqlRow) => string, what: string, signal: AbortSignal): AsyncGenerator<SqlRow[]> {
    const course = new RetryCourse(this.#options.limits);
    const delivered = createHash('sha256');
    let count = 0;
    const take = (rows: readonly SqlRow[]): string => rows.map((row) => `${identify(row)}\n`).join('');
    try {
      for (;;) {
        const now: Try = { lease: null, phase: 'opening' };
        try {
          now.lease = await this.#pool.lease(signal);
          now.phase = 'executing';
          const again = createHash('sha256');
          let isChecked = false;
          let seen = 0;
          for await (const chunk of now.lease.session.chunks(sql, {}, signal)) {
            now.phase = 'running';
            const old = chunk.slice(0, Math.max(0, count - seen));
            const fresh = chunk.slice(old.length);
            if (old.length > 0) again.update(take(old));
            seen += chunk.length;
            if (fresh.length === 0) continue;
            if (!isChecked) requireSame(again, delivered);
            isChecked = true;
            delivered.update(take(fresh));
            count = seen;
            // What has got further begins to count its tries anew.
            if (course.attempts > 0) this.#tellReady(course);
            course.restart();
            yield fresh;
          }
          if (!isChecked) requireSame(again, delivered);
          return;
        } catch (error) {
          await this.#afterTrouble(error, now, course, what, signal, () => true);
        } finally {
          now.lease?.release();
        }
      }
    } finally {
      if (course.attempts > 0) this.#tellReady(course);
    }
  }

  /** Ends the session, whoever uses it. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #repeat(sql: string, parameters: Parameters, what: string, signal: AbortSignal, mayRepeat: (problem: Problem) => boolean): Promise<SqlRow[]> {
    const course = new RetryCourse(this.#options.limits);
    try {
      for (;;) {
        const now: Try = { lease: null, phase: 'opening' };
        try {
          now.lease = await this.#pool.lease(signal);
          now.phase = 'executing';
          return await now.lease.session.all(sql, parameters, signal, () => {
            now.phase = 'running';
          });
        } catch (error) {
          await this.#afterTrouble(error, now, course, what, signal, mayRepeat);
        } finally {
          now.lease?.release();
        }
      }
    } finally {
      if (course.attempts > 0) this.#tellReady(course);
    }
  }

  /** Waits until the next try, or throws what there is to tell. */
  async #afterTrouble(error: unknown, { lease, phase }: Try, course: RetryCourse, what: string, signal: AbortSignal, mayRepeat: (problem: Problem) => boolean): Promise<void> {
    const problem = classify(error, phase);
    const cancelled: Problem = { ...problem, kind: 'cancelled', verbatim: 'cancelled' };
    if (signal.aborted) throw this.#failure(cancelled, what);
    // Signing in has its own words for what went wrong; only what may pass by itself is tried again.
    const own = error instanceof AppFailure && problem.kind !== 'network' ? new AppFailure(error.error.code, error.error.message, { ...error.error.details, effect: problem.mayHaveHappened ? 'unknown' : 'none' }) : null;
    if (own !== null) throw own;
    if (problem.kind === 'not-signed-in' || problem.kind === 'forbidden') this.#refused = this.#token;
    if (['session-lost', 'starting', 'network', 'not-signed-in', 'forbidden'].includes(problem.kind)) lease?.leave();
    const verdict = mayRepeat(problem) ? course.judge(problem) : { again: false as const };
    if (!verdict.again) throw this.#failure(problem, what);
    this.#tell(verdict.state, course.attempts, Math.round(verdict.waitMs / 100) / 10, problem.verbatim);
    await pause(verdict.waitMs, signal);
    if (signal.aborted) throw this.#failure(cancelled, what);
    this.#tell(verdict.state, course.attempts + 1, null, problem.verbatim);
  }

  #failure(problem: Problem, what: string): Error {
    return failureOf(problem, this.#options.address.host, what);
  }

  #tellReady(course: RetryCourse): void {
    this.#tell('ready', course.attempts, null, null);
  }

  #tell(state: WarehouseProgress['state'], attempt: number, nextInSeconds: number | null, reason: string | null): void {
    this.#options.onProgress({ state, attempt, nextInSeconds, reason });
  }
}

/** The rows before the place of the break must be those that were delivered. */
function requireSame(again: Hash, delivered: Hash): void {
  if (again.digest('hex') === delivered.copy().digest('hex')) return;
  throw new SqlProblem('changed', 'The connection broke off, and the rows have changed since. Refresh again; nothing was changed here.');
}
