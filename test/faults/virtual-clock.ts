import type { Clock } from '../../electron/core/ports.ts';

/** Time that goes on only when it is told to, and things that are due at a time. */
export interface VirtualClock extends Clock {
  advance(ms: number): void;
  /** Calls back once the clock has reached that time. */
  at(elapsedMs: number, due: () => void): void;
}

const start = Date.UTC(2026, 10, 23, 12);

/** A clock whose `sleep` is over at once, with everything done that was due meanwhile. */
export function virtualClock(onSleep: (ms: number) => void = () => undefined): VirtualClock {
  let elapsed = 0;
  let waiting: { at: number; due: () => void }[] = [];
  const advance = (ms: number): void => {
    const end = elapsed + ms;
    for (;;) {
      const next = waiting.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      waiting = waiting.filter((each) => each !== next);
      elapsed = Math.max(elapsed, next.at);
      next.due();
    }
    elapsed = end;
  };
  return {
    now: () => new Date(start + elapsed).toISOString(),
    elapsedMs: () => elapsed,
    advance,
    at: (at, due) => void waiting.push({ at, due }),
    sleep: async (ms) => {
      onSleep(ms);
      advance(ms);
    },
  };
}
