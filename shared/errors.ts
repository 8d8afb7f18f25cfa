import * as z from 'zod';

/** The closed list of expected failures that may cross the boundary. Everything else is a bug (`unexpected`). */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'not-signed-in',
  'permission-denied',
  'refused',
  'rate-limited',
  'source-unavailable',
  'source-invalid',
  'org-unavailable',
  'limit-exceeded',
  'workspace-busy',
  'workspace-damaged',
  'audit-not-writable',
  'verification-failed',
  'cancelled',
  'not-available-here',
  'unexpected',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Why a rule refused a command. Carried in `details.rule` of an error with code `refused`. */
export const refusalRules = [
  'wrong-state',
  'not-approved',
  'self-approval',
  'already-approved',
  'plan-changed',
  'plan-stale',
  'may-still-write',
  'plan-consumed',
  'approval-expired',
  'wrong-org',
  'wrong-user',
  'wrong-ledger',
  'unknown-signer',
  'paused',
  'blockers',
  'pilot-gate',
  'confirmation',
  'nothing-to-do',
  'read-only',
  'run-active',
  'no-snapshot',
  'selection-changed',
  'audit-backlog',
  'audit-fork',
  'preflight',
  'api-budget',
] as const;

export type RefusalRule = (typeof refusalRules)[number];

export const appErrorSchema = z.strictObject({
  code: z.enum(errorCodes),
  /** One plain sentence for people: what happened, what it means, what to do next. No stack, no secrets. */
  message: z.string(),
  details: z.record(z.string(), z.json()).default({}),
});

/** An expected failure as data; what the CLI prints under `error` and the renderer turns into words. */
export type AppError = z.infer<typeof appErrorSchema>;
