import type { RefreshProgress } from '../../../shared/domain/snapshot.ts';
import type { Clock } from '../ports.ts';

const leastMsBetween = 200;

/**
 * Tells how far a refresh is, at most five times a second and once at each step's start and end.
 *
 * Units:  the rate counts from the start of the step; the time left is null while there is no rate or no total.
 */
export class ProgressReporter {
  readonly #clock: Clock;
  readonly #report: (progress: RefreshProgress) => void;
  #step: RefreshProgress['step'] = 'source';
  #total: number | null = null;
  #startedMs = 0;
  #reportedMs = 0;
  #done = 0;

  constructor(clock: Clock, report: (progress: RefreshProgress) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  start(step: RefreshProgress['step'], total: number | null): void {
    this.#step = step;
    this.#total = total;
    this.#done = 0;
    this.#startedMs = this.#clock.elapsedMs();
    this.#send();
  }

  /** Sets how many rows of the step are done. */
  at(done: number): void {
    this.#done = done;
    const isLast = done === this.#total;
    if (isLast || this.#clock.elapsedMs() - this.#reportedMs >= leastMsBetween) this.#send();
  }

  add(rows: number): void {
    this.at(this.#done + rows);
  }

  #send(): void {
    const now = this.#clock.elapsedMs();
    const seconds = (now - this.#startedMs) / 1000;
    const rate = this.#done > 0 && seconds > 0 ? this.#done / seconds : null;
    this.#reportedMs = now;
    this.#report({
      step: this.#step,
      done: this.#done,
      total: this.#total,
      rowsPerSecond: rate === null ? null : Math.round(rate),
      secondsLeft: rate === null || this.#total === null ? null : Math.round(Math.max(0, this.#total - this.#done) / rate),
    });
  }
}
