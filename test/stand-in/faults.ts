/** What goes wrong with one call of the driver. `before`: the call has no effect; `after`: it has, and its answer is lost. */
export type StandInFault =
  | { kind: 'http'; status: number; retryAfterSeconds?: number; effect?: 'before' | 'after' }
  | { kind: 'drop'; effect: 'before' | 'after' }
  /** The answer is lost at once, the effect comes later. */
  | { kind: 'late'; ms: number }
  /** The warehouse refuses in its own words. */
  | { kind: 'refuse'; message: string }
  | { kind: 'expire-sessions' }
  | { kind: 'expire-operations' }
  | { kind: 'silence' }
  /** Half an answer under HTTP 200. */
  | { kind: 'half' }
  /** The statement stays RUNNING for so long. */
  | { kind: 'slow'; ms: number }
  /** The statement is accepted and fails while it runs. */
  | { kind: 'fail-running'; message: string };

export interface FaultRule {
  /** Name of the call: OpenSession, ExecuteStatement, GetOperationStatus, FetchResults… */
  call: string;
  fault: StandInFault;
  /** How many calls it hits. Default 1. */
  times?: number;
  /** How many matching calls pass first. Default 0. */
  after?: number;
  /** Only calls whose statement matches. */
  sql?: RegExp;
}

/** Hands out faults to the calls that they are meant for. */
export class FaultPlan {
  #rules: (Required<Omit<FaultRule, 'sql'>> & { sql?: RegExp })[] = [];
  /** Calls that were hit so far. */
  hits = 0;

  add(...rules: FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ times: 1, after: 0, ...rule });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that hits this call, or null. */
  take(call: string, sql: string | null): StandInFault | null {
    for (const rule of this.#rules) {
      if (rule.call !== call || rule.times === 0 || (rule.sql !== undefined && !(sql !== null && rule.sql.test(sql)))) continue;
      if (rule.after > 0) {
        rule.after -= 1;
        continue;
      }
      rule.times -= 1;
      this.hits += 1;
      return rule.fault;
    }
    return null;
  }
}
