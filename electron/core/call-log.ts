/** One finished call as the diagnostics show it. */
export interface LoggedCall {
  name: string;
  at: string;
  ms: number;
  /** `ok`, or the code of the failure. */
  outcome: string;
}

/** Keeps the newest calls, the oldest fall out. */
export interface CallLog {
  add(call: LoggedCall): void;
  /** Newest last. */
  calls(): readonly LoggedCall[];
}

/** Makes a log of at most `keep` calls. */
export function createCallLog(keep: number): CallLog {
  const kept: LoggedCall[] = [];
  return {
    add(call) {
      kept.push(call);
      if (kept.length > keep) kept.shift();
    },
    calls: () => [...kept],
  };
}
