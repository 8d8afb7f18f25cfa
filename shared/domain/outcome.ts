import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';
import { kindSchema } from './pending-change.ts';

/** States of one record in a run. `sending` is an open intent: written before the call, shown as unknown. */
export const recordStates = ['planned', 'sending', 'succeeded', 'failed', 'stale', 'skipped', 'unknown'] as const;
export type RecordState = (typeof recordStates)[number];

/**
 * The steps that a record of a run can take. A record that has its outcome keeps it; trying again is a new run.
 * From `planned`: looked at and settled, or an intent; found written only when an intent stood before. From an open intent (`sending`, `unknown`): an outcome, another try,
 * or back to `planned` once it is certain that nothing was written.
 */
export const recordSteps: Readonly<Record<RecordState, readonly RecordState[]>> = {
  planned: ['sending', 'succeeded', 'failed', 'stale', 'skipped'],
  sending: ['sending', 'planned', 'succeeded', 'failed', 'stale', 'skipped', 'unknown'],
  unknown: ['unknown', 'sending', 'planned', 'succeeded', 'failed', 'stale', 'skipped'],
  succeeded: [],
  failed: [],
  stale: [],
  skipped: [],
};

/** What people are told: `planned` is not sent, `sending` is unknown. */
export const outcomes = ['succeeded', 'failed', 'stale', 'skipped', 'unknown', 'notSent'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeCountsSchema = z.strictObject({
  planned: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  stale: z.number().int(),
  skipped: z.number().int(),
  unknown: z.number().int(),
  notSent: z.number().int(),
});
export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>;

/** What people are told of a record in this state. */
export function outcomeOf(state: RecordState): Outcome {
  if (state === 'planned') return 'notSent';
  return state === 'sending' ? 'unknown' : state;
}

/** Adds up the counts by state; planned is by construction the sum of the others. */
export function countOutcomes(byState: Readonly<Partial<Record<RecordState, number>>>): OutcomeCounts {
  const of = (state: RecordState) => byState[state] ?? 0;
  const parts = {
    succeeded: of('succeeded'),
    failed: of('failed'),
    stale: of('stale'),
    skipped: of('skipped'),
    unknown: of('unknown') + of('sending'),
    notSent: of('planned'),
  };
  return { planned: parts.succeeded + parts.failed + parts.stale + parts.skipped + parts.unknown + parts.notSent, ...parts };
}

const valuesSchema = z.record(z.string(), fieldValueSchema);

/** One record of a run: what was planned, what was there just before, what became of it. */
export const recordOutcomeSchema = z.strictObject({
  key: z.string(),
  operation: kindSchema,
  name: z.string().nullable(),
  outcome: z.enum(outcomes),
  /** Salesforce's own code for a refusal; `ALREADY_EQUAL`, `CHANGED_SINCE_REVIEW`… for ours. */
  code: z.string().nullable(),
  /** Salesforce's message verbatim. */
  message: z.string().nullable(),
  /** Fields that Salesforce or the compare named. */
  fields: z.array(z.string()),
  salesforceId: z.string().nullable(),
  attempts: z.number().int(),
  chunk: z.number().int().nullable(),
  before: valuesSchema.nullable(),
  after: valuesSchema,
  /** For a stale record: the values found in Salesforce. */
  now: valuesSchema.nullable(),
});
export type RecordOutcome = z.infer<typeof recordOutcomeSchema>;

/** What became of one record in one run. */
export const recordRunSchema = z.strictObject({
  runId: z.string(),
  batchId: z.string(),
  batchName: z.string(),
  at: z.string(),
  kind: kindSchema,
  outcome: z.enum(outcomes),
  code: z.string().nullable(),
  message: z.string().nullable(),
  salesforceId: z.string().nullable(),
  /** What was there just before, and what was sent; null where it was not sent. */
  before: valuesSchema.nullable(),
  sent: valuesSchema.nullable(),
});
export type RecordRun = z.infer<typeof recordRunSchema>;
