import { AppFailure } from '../app-failure.ts';
import type { StopReason } from './session.ts';

/** The org's own failures stop the run; a bug or a failing audit log goes on to the caller. */
export function stopOf(error: unknown): StopReason {
  if (!(error instanceof AppFailure) || error.error.code === 'audit-not-writable' || error.error.code === 'unexpected') throw error;
  return { code: error.error.code, message: error.error.message };
}
