import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';
import { rules } from './mapping.ts';
import { kindSchema, pendingKeySchema } from './pending-change.ts';

/** A draft of the rules: another rule for one field, or another text for one view. */
export const whatIfDraftSchema = z.union([
  z.strictObject({ field: z.string(), rule: z.enum(rules) }),
  z.strictObject({ view: z.string(), sql: z.string().min(1).max(200_000) }),
]);
export type WhatIfDraft = z.infer<typeof whatIfDraftSchema>;

const planCountsSchema = z.strictObject({ creates: z.number().int(), updates: z.number().int(), total: z.number().int(), p1: z.number().int(), p2: z.number().int() });

/** How a record fares under the draft. */
export const whatIfStates = ['enter', 'leave', 'change'] as const;
export type WhatIfState = (typeof whatIfStates)[number];

/**
 * Plan A (the views as they are) compared with plan B (the draft), computed in a scratch copy of the cached source rows.
 * It adds up: A = unchanged + change + leave, B = unchanged + change + enter.
 */
export const whatIfSchema = z.strictObject({
  id: z.string(),
  snapshotId: z.string(),
  draft: whatIfDraftSchema,
  /** The view that the draft changes, and its text in plan B. */
  view: z.string(),
  sql: z.string(),
  a: planCountsSchema,
  b: planCountsSchema,
  unchanged: z.number().int(),
  enter: z.number().int(),
  leave: z.number().int(),
  change: z.number().int(),
  /** What would become different among the records that enter, leave or change, the most frequent first. */
  kinds: z.array(z.strictObject({ field: z.string(), label: z.string(), a: z.string(), b: z.string(), count: z.number().int(), example: z.strictObject({ ...pendingKeySchema.shape, name: z.string().nullable() }) })),
  seconds: z.number(),
});
export type WhatIf = z.infer<typeof whatIfSchema>;

export const whatIfRecordSchema = z.strictObject({
  key: z.string(),
  kind: kindSchema,
  state: z.enum(whatIfStates),
  name: z.string().nullable(),
  /** Fields whose value differs between the plans. */
  fields: z.array(z.strictObject({ field: z.string(), label: z.string(), before: fieldValueSchema, a: fieldValueSchema, b: fieldValueSchema })),
});
export type WhatIfRecord = z.infer<typeof whatIfRecordSchema>;

export const whatIfSteps = ['load', 'plan-a', 'plan-b', 'compare'] as const;
export const whatIfProgressSchema = z.strictObject({ step: z.enum(whatIfSteps), done: z.number().int(), total: z.number().int().nullable() });
export type WhatIfProgress = z.infer<typeof whatIfProgressSchema>;
