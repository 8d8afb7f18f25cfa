import { setTimeout as wait } from 'node:timers/promises';
import type { WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import type { Problem } from './problem.ts';

/** How long and how often is tried again. Units: milliseconds. */
export interface RetryLimits {
  /** Waits before the tries after the first; the last one repeats. */
  delaysMs: readonly number[];
  /** How long a warehouse may take to start. */
  startMs: number;
  /** How long a warehouse that is busy or out of reach is tried. */
  transientMs: number;
  /** How long one answer of the network may take. */
  answerMs: number;
}

/** Source: the waits that lightdash settled on for starting warehouses (its pull request 28654). */
export const defaultRetryLimits: RetryLimits = { delaysMs: [2_000, 4_000, 8_000, 16_000, 30_000], startMs: 600_000, transientMs: 120_000, answerMs: 120_000 };

/** What a try may do after a problem. */
export type Verdict = { again: false } | { again: true; waitMs: number; state: WarehouseProgress['state'] };

/** One answer that never comes must not use up all the time there is. */
const leastTries = 3;

/** Decides, try by try, whether work is repeated; one object for one piece of work. The time counts from the first trouble. */
export class RetryCourse {
  readonly #limits: RetryLimits;
  #troubleSinceMs: number | null = null;
  #attempts = 0;
  #sessionsLost = 0;
  #signIns = 0;

  constructor(limits: RetryLimits) {
    this.#limits = limits;
  }

  /** Tries that have failed so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Forgets earlier trouble, because the work has got further since. */
  restart(): void {
    this.#attempts = 0;
    this.#sessionsLost = 0;
    this.#signIns = 0;
    this.#troubleSinceMs = null;
  }

  /** Says what to do after a problem of the latest try. */
  judge(problem: Problem): Verdict {
    this.#attempts += 1;
    this.#troubleSinceMs ??= performance.now();
    const { startMs, transientMs, delaysMs } = this.#limits;
    switch (problem.kind) {
      case 'session-lost':
        this.#sessionsLost += 1;
        return this.#sessionsLost <= 3 ? { again: true, waitMs: 0, state: 'retrying' } : { again: false };
      case 'not-signed-in':
      case 'forbidden':
        this.#signIns += 1;
        return this.#signIns <= 1 ? { again: true, waitMs: 0, state: 'retrying' } : { again: false };
      case 'starting':
        return this.#within(startMs, 'starting', problem, delaysMs);
      case 'busy':
      case 'network':
      case 'conflict':
        return this.#within(transientMs, 'retrying', problem, delaysMs);
      default:
        return { again: false };
    }
  }

  #within(limitMs: number, state: WarehouseProgress['state'], problem: Problem, delaysMs: readonly number[]): Verdict {
    const usual = delaysMs[Math.min(this.#attempts, delaysMs.length) - 1] ?? 0;
    // Half of it at random, so that many clients of one warehouse do not come back at once.
    const waitMs = Math.max(problem.retryAfterMs ?? 0, usual / 2 + (Math.random() * usual) / 2);
    const isInTime = performance.now() - (this.#troubleSinceMs ?? 0) + waitMs <= limitMs;
    return isInTime || (this.#attempts < leastTries && waitMs <= limitMs) ? { again: true, waitMs, state } : { again: false };
  }
}

/** Waits, unless the signal is aborted meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => {});
}
