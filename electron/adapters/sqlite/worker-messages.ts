import type { AppError } from '../../../shared/errors.ts';

/** What a store worker is started with. */
export interface StoreWorkerData {
  /** Module that exports `createStore(init)`, as a file URL. */
  entry: string;
  init: unknown;
}

export interface StoreRequest {
  id: number;
  method: string;
  args: unknown[];
}

/** How an error crosses the thread border: an expected failure as data, anything else with its stack. */
export type StoreProblem = { kind: 'failure'; error: AppError } | { kind: 'bug'; message: string; stack: string | undefined };

/** `id` 0 answers the start itself. */
export type StoreReply = { id: number; ok: true; output: unknown } | { id: number; ok: false; problem: StoreProblem };
