import type { ErrorCode } from '../../../shared/errors.ts';

export const exitCodes = { done: 0, unexpected: 1, usage: 2, refused: 3, partly: 4, unreachable: 5, verification: 6, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byError: Readonly<Record<ErrorCode, ExitCode>> = {
  'invalid-input': exitCodes.usage,
  'not-found': exitCodes.usage,
  'not-available-here': exitCodes.usage,
  refused: exitCodes.refused,
  'workspace-busy': exitCodes.refused,
  'audit-not-writable': exitCodes.refused,
  'not-signed-in': exitCodes.unreachable,
  'permission-denied': exitCodes.unreachable,
  'rate-limited': exitCodes.unreachable,
  'limit-exceeded': exitCodes.unreachable,
  'source-unavailable': exitCodes.unreachable,
  'source-invalid': exitCodes.unreachable,
  'org-unavailable': exitCodes.unreachable,
  'workspace-damaged': exitCodes.verification,
  'verification-failed': exitCodes.verification,
  cancelled: exitCodes.interrupted,
  unexpected: exitCodes.unexpected,
};

/** The exit code of the command line for an expected failure. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return byError[code];
}
