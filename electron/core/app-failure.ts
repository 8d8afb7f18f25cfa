import type { AppError, ErrorCode, RefusalRule } from '../../shared/errors.ts';

type Details = AppError['details'];

/** An expected failure on its way to the caller. Anything else that is thrown is a bug. */
export class AppFailure extends Error {
  readonly error: AppError;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message);
    this.name = 'AppFailure';
    this.error = { code, message, details };
  }
}

/** A rule said no. The message says which, and what to do next. */
export function refusal(rule: RefusalRule, message: string, details: Details = {}): AppFailure {
  return new AppFailure('refused', message, { rule, ...details });
}

/** The caller has given up. `what` begins the sentence. */
export function cancelled(what: string): AppFailure {
  return new AppFailure('cancelled', `${what} was cancelled. Nothing was changed.`);
}

/** Throws `cancelled` when the caller has given up. */
export function throwIfCancelled(signal: AbortSignal, what: string): void {
  if (signal.aborted) throw cancelled(what);
}
