import { AppFailure } from '../../core/app-failure.ts';
import type { ThreadProblem } from './thread-messages.ts';

/** An error as it crosses between threads. */
export function problemOf(error: unknown): ThreadProblem {
  if (error instanceof AppFailure) return { kind: 'failure', error: error.error };
  if (error instanceof Error) return { kind: 'bug', message: error.message, stack: error.stack };
  return { kind: 'bug', message: String(error), stack: undefined };
}

/** The error that a problem stands for. */
export function errorOf(problem: ThreadProblem): Error {
  if (problem.kind === 'failure') return new AppFailure(problem.error.code, problem.error.message, problem.error.details);
  const error = new Error(problem.message);
  if (problem.stack !== undefined) error.stack = problem.stack;
  return error;
}
