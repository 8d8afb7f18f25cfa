import * as z from 'zod';
import { outcomeCountsSchema } from './outcome.ts';

export const batchStates = ['draft', 'submitted', 'approved', 'rejected', 'expired', 'pushing', 'completed', 'completed-with-errors', 'aborted', 'rolled-back'] as const;
export type BatchState = (typeof batchStates)[number];

/** True while something is still to be done with a batch. */
export function isBatchOpen(state: BatchState): boolean {
  return state === 'draft' || state === 'submitted' || state === 'approved' || state === 'pushing';
}

export const pushModes = ['auto', 'collections', 'bulk', 'strict'] as const;
export type PushMode = (typeof pushModes)[number];

/**
 * Most records of one chunk by mode: a Collections call, a Composite call, one bulk job. Jobs stay small so that their results fit
 * into little memory.
 */
export const mostPerChunk = { collections: 200, strict: 25, bulk: 5_000 } as const;

/** How the members of a draft were chosen. */
export const drawSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('pilot'), creates: z.number().int().min(0).max(10_000), updates: z.number().int().min(0).max(10_000), seed: z.string().default('1') }),
  z.strictObject({ by: z.literal('all-approved') }),
  z.strictObject({ by: z.literal('keys'), keys: z.array(z.string()).min(1).max(10_000) }),
  z.strictObject({ by: z.literal('filter'), filter: z.string() }),
]);
export type Draw = z.infer<typeof drawSchema>;

export const approvalSchema = z.strictObject({
  by: z.string(),
  at: z.string(),
  planHash: z.string(),
  expiresAt: z.string(),
  note: z.string().nullable(),
  /** Fingerprint of the key that signed it in another installation; absent for an approval given here. */
  key: z.string().optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

export const stratumSchema = z.strictObject({ name: z.enum(['P1', 'feature mismatch', 'multi-property', 'plain']), kind: z.enum(['create', 'update']), drawn: z.number().int(), available: z.number().int() });

export const batchSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(batchStates),
  isPilot: z.boolean(),
  draw: drawSchema,
  /** Who is in a pilot, by stratum; empty otherwise. */
  strata: z.array(stratumSchema),
  creates: z.number().int(),
  updates: z.number().int(),
  /** Number of field values that would be sent; null before the plan is frozen. */
  fields: z.number().int().nullable(),
  planHash: z.string().nullable(),
  snapshotId: z.string(),
  orgId: z.string(),
  orgName: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  submittedBy: z.string().nullable(),
  submittedAt: z.string().nullable(),
  approvalsNeeded: z.number().int(),
  approvals: z.array(approvalSchema),
  expiresAt: z.string().nullable(),
  rejectedBy: z.string().nullable(),
  rejectedReason: z.string().nullable(),
  overridePilotReason: z.string().nullable(),
  /** The newest run, if any. */
  runId: z.string().nullable(),
  outcomes: outcomeCountsSchema.nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

export const runStates = ['running', 'stopped', 'interrupted', 'completed', 'completed-with-errors', 'abandoned'] as const;
export const chunkStates = ['waiting', 'sending', 'done', 'failed', 'stale', 'unknown'] as const;

export const chunkSchema = z.strictObject({
  number: z.number().int(),
  operation: z.enum(['create', 'update']),
  records: z.number().int(),
  state: z.enum(chunkStates),
  /** The newest bulk job of the chunk, where it has one. */
  jobId: z.string().nullable().default(null),
});

export const runSchema = z.strictObject({
  id: z.string(),
  batchId: z.string(),
  state: z.enum(runStates),
  mode: z.enum(['collections', 'bulk', 'strict']),
  /** Why this mode, in a sentence. */
  why: z.string().nullable().default(null),
  startedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  counts: outcomeCountsSchema,
  apiCalls: z.number().int(),
  writeCalls: z.number().int(),
  seconds: z.number(),
  retryOf: z.string().nullable(),
  /** Why a stopped or interrupted run stands still. */
  stopReason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const errorGroupSchema = z.strictObject({
  outcome: z.enum(['failed', 'stale', 'unknown']),
  code: z.string(),
  count: z.number().int(),
  fields: z.array(z.string()),
  /** One verbatim message of the group. */
  message: z.string().nullable(),
  retryable: z.boolean(),
});

export const gateSchema = z.strictObject({ id: z.enum(['resolved', 'error-rate', 'read-back']), passed: z.boolean(), numerator: z.number(), denominator: z.number(), pilotId: z.string().nullable() });

export const preflightItemSchema = z.strictObject({ id: z.string(), state: z.enum(['passed', 'warning', 'blocker', 'not-checked']), text: z.string() });

/** Everything the Batches screen shows about one batch. */
export const batchDetailSchema = z.strictObject({
  batch: batchSchema,
  runs: z.array(runSchema),
  chunks: z.array(chunkSchema),
  errorGroups: z.array(errorGroupSchema),
  preflight: z.array(preflightItemSchema),
  /** The three gates of the newest pilot; empty for a pilot and where the policy has no gate. */
  gates: z.array(gateSchema),
  timeline: z.array(z.strictObject({ seq: z.number().int(), at: z.string(), actor: z.string(), type: z.string(), summary: z.string() })),
  /** True when the snapshot has changed under the plan. */
  planStale: z.boolean(),
});
export type BatchDetail = z.infer<typeof batchDetailSchema>;
export type Chunk = z.infer<typeof chunkSchema>;
export type Gate = z.infer<typeof gateSchema>;
export type PreflightItem = z.infer<typeof preflightItemSchema>;
export type ErrorGroup = z.infer<typeof errorGroupSchema>;

/** True when a run waits for `run.resume`. */
export function isOpenRun(run: Pick<Run, 'state'>): boolean {
  return run.state === 'interrupted' || run.state === 'stopped';
}

export const runProgressSchema = z.strictObject({
  runId: z.string(),
  batchId: z.string(),
  state: z.enum(runStates),
  counts: outcomeCountsSchema,
  chunk: z.number().int(),
  chunks: z.number().int(),
  /** What the run is doing right now. `waiting`: until an instant. */
  phase: z.enum(['reading', 'writing', 'reading-back', 'job', 'waiting', 'ended']).default('writing'),
  waitsUntil: z.string().nullable().default(null),
  /** Why it waits: a lost call may still take effect, or a call was refused for now and is sent again. */
  waitsFor: z.enum(['late-effect', 'retry']).nullable().default(null),
  recordsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  apiUsed: z.number().int().nullable(),
  apiLimit: z.number().int().nullable(),
});
export type RunProgress = z.infer<typeof runProgressSchema>;
