import type { AppError } from '../../../shared/errors.ts';

/** What a thread can be asked, by name, with what goes in and comes out; everything can be cloned. */
export type ThreadCalls = Record<string, { input: unknown; output: unknown }>;

/** From the caller to the thread. `answer` answers what the thread has asked. */
export type ToThread =
  | { type: 'call'; id: number; name: string; input: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'answer'; id: number; value: unknown; problem: ThreadProblem | null };

/** From the thread to the caller. `tell` belongs to no call. */
export type FromThread =
  | { type: 'progress'; id: number; rows: number }
  | { type: 'done'; id: number; output: unknown }
  | { type: 'failed'; id: number; problem: ThreadProblem }
  | { type: 'ask'; id: number; question: string }
  | { type: 'tell'; value: unknown };

/** How an error crosses the border: an expected failure as data, anything else with its stack. */
export type ThreadProblem = { kind: 'failure'; error: AppError } | { kind: 'bug'; message: string; stack: string | undefined };
