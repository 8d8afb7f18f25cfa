import type { AppError } from '../../../../shared/errors.ts';

/** The line of a draft's text that a failure is about, counted from 1; null where it cannot be told. */
export function lineOf(error: AppError): number | null {
  const line = error.details['line'];
  return typeof line === 'number' ? line : null;
}
