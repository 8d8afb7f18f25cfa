import * as z from 'zod';
import { fieldDiffSchema, fieldChanges } from './field-diff.ts';
import { fieldValueSchema } from './field-value.ts';
import { rules } from './mapping.ts';
import { commentSchema, outlierReasonSchema, reviewMarkSchema, riskNames } from './review.ts';
import { severities } from './check.ts';

export const kinds = ['create', 'update'] as const;
export const kindSchema = z.enum(kinds);
export type Kind = z.infer<typeof kindSchema>;

export const priorities = ['P1', 'P2', 'P3'] as const;
export const decisionStates = ['none', 'approve', 'hold', 'exclude'] as const;
export const decisionStateSchema = z.enum(decisionStates);
export type DecisionState = z.infer<typeof decisionStateSchema>;

/** Names one pending change: the RDS id and the kind. */
export const pendingKeySchema = z.strictObject({ key: z.string(), kind: kindSchema });
export type PendingKey = z.infer<typeof pendingKeySchema>;

/** One row of the grid and of `pending`. */
export const pendingItemSchema = z.strictObject({
  key: z.string(),
  kind: kindSchema,
  priority: z.enum(priorities),
  /** The proposed name; null when blank. */
  name: z.string().nullable(),
  company: z.string().nullable(),
  state: z.string().nullable(),
  /** API names of the fields that would be sent. */
  changedFields: z.array(z.string()),
  /** The first changed field in risk order, for the Change column. */
  firstChange: z.strictObject({ field: z.string(), label: z.string(), before: fieldValueSchema, after: fieldValueSchema }).nullable(),
  contributorCount: z.number().int(),
  memberCount: z.number().int(),
  /** Ids of the checks that found something. */
  checks: z.array(z.string()),
  blockers: z.number().int(),
  warnings: z.number().int(),
  decision: decisionStateSchema,
  mark: reviewMarkSchema,
  /** API names of changed fields that a decision leaves out of what is sent. */
  without: z.array(z.string()),
  /** Id of its change shape. */
  shape: z.string(),
  isOutlier: z.boolean(),
  contentHash: z.string(),
});
export type PendingItem = z.infer<typeof pendingItemSchema>;

/** Why a candidate did not give the value. */
export const lossReasons = ['older', 'larger-id', 'not-enabled', 'no-date', 'later-date', 'ignored'] as const;
export const loserSchema = z.strictObject({
  id: z.string(),
  value: fieldValueSchema,
  reason: z.enum(lossReasons),
  /** What was compared: the loser's and the winner's instant or id. */
  loserCompared: z.string().nullable(),
  winnerCompared: z.string().nullable(),
});
export type Loser = z.infer<typeof loserSchema>;

export const explainedFieldSchema = z.strictObject({
  ...fieldDiffSchema.shape,
  change: z.enum(fieldChanges),
  type: z.enum(['text', 'flag', 'instant']),
  rule: z.enum(rules),
  /** Id of the contributor that gave the value, null when none has it. */
  winner: z.string().nullable(),
  losers: z.array(loserSchema),
  /** Who leaves this field out of what is sent, and why; null when nobody does. */
  excluded: z.strictObject({ by: z.string(), at: z.string(), reason: z.string().nullable() }).nullable(),
});
export type ExplainedField = z.infer<typeof explainedFieldSchema>;

/** One RDS property as the view sees it. */
export const propertySchema = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  status: z.string().nullable(),
  isActive: z.boolean(),
  isPrimary: z.boolean(),
  updatedAt: z.string().nullable(),
  productionId: z.string().nullable(),
  /** Value of every mapped column, keyed by view column. */
  values: z.record(z.string(), fieldValueSchema),
});
export type Property = z.infer<typeof propertySchema>;

export const recordCheckSchema = z.strictObject({ id: z.string(), severity: z.enum(severities), meaning: z.string(), detail: z.string().nullable(), fix: z.string() });

export const historyEntrySchema = z.strictObject({ seq: z.number().int(), at: z.string(), actor: z.string(), type: z.string(), summary: z.string() });
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** Everything about one pending change: what `show` prints and the inspector draws. */
export const pendingDetailSchema = z.strictObject({
  ...pendingItemSchema.shape,
  recordId: z.string().nullable(),
  productionId: z.string().nullable(),
  fields: z.array(explainedFieldSchema),
  contributors: z.array(propertySchema),
  ignored: z.array(propertySchema),
  recordChecks: z.array(recordCheckSchema),
  decisionReason: z.string().nullable(),
  decisionBy: z.string().nullable(),
  decisionAt: z.string().nullable(),
  risk: z.enum(riskNames),
  outlierReasons: z.array(outlierReasonSchema),
  /** Oldest first. */
  comments: z.array(commentSchema),
  history: z.array(historyEntrySchema),
});
export type PendingDetail = z.infer<typeof pendingDetailSchema>;
