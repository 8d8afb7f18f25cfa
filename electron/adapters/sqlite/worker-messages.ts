import type { ThreadProblem } from '../threads/thread-messages.ts';

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

/** `id` 0 answers the start itself. */
export type StoreReply = { id: number; ok: true; output: unknown } | { id: number; ok: false; problem: ThreadProblem };
