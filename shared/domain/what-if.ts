import * as z from 'zod';
import { fieldValueSchema } from './field-value.ts';
import { rules } from './mapping.ts';
import { kindSchema, pendingKeySchema } from './pending-change.ts';
import type { ViewName } from './warehouse.ts';

/** The views that can be tried with another text, in the order in which they are built. The others make no plan, or read what is not kept here. */
export const whatIfViews = ['properties_aggregated_by_sfdc_id', 'properties_to_create', 'properties_to_update'] as const satisfies readonly ViewName[];
export type WhatIfView = (typeof whatIfViews)[number];

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

/** What a field of a difference names where it is no field of Salesforce: the record as a whole, who contributes, which record of Salesforce takes the values. */
export const whatIfParts = ['record', 'contributors', 'salesforce-record'] as const;

/** What a plan says of a field, as far as kinds of difference tell it apart; `other`, `earlier` and `later` compare with plan A. */
export const whatIfSides = ['TRUE', 'FALSE', 'blank', 'value', 'other', 'date', 'earlier', 'later', 'absent', 'present', 'fewer', 'more'] as const;
export type WhatIfSide = (typeof whatIfSides)[number];

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
  /** How many rows each view gives, pending or not. */
  rows: z.array(z.strictObject({ view: z.enum(whatIfViews), a: z.number().int(), b: z.number().int() })),
  unchanged: z.number().int(),
  enter: z.number().int(),
  leave: z.number().int(),
  change: z.number().int(),
  /** Of all that differ: updates whose current values in Salesforce are not known here, because plan A has no such record. They count as pending in plan B. */
  unknown: z.number().int(),
  /** What would become different among the records that enter, leave or change, the most frequent first. A record can be in several. */
  kinds: z.array(
    z.strictObject({
      /** API name, or one of `whatIfParts`. */
      field: z.string(),
      label: z.string(),
      a: z.enum(whatIfSides),
      b: z.enum(whatIfSides),
      count: z.number().int(),
      /** One of them; one that enters is not pending as the rules are, and is taken only where all of them enter. */
      example: z.strictObject({ ...pendingKeySchema.shape, name: z.string().nullable(), state: z.enum(whatIfStates) }),
    }),
  ),
  seconds: z.number(),
});
export type WhatIf = z.infer<typeof whatIfSchema>;

export const whatIfRecordSchema = z.strictObject({
  key: z.string(),
  kind: kindSchema,
  state: z.enum(whatIfStates),
  name: z.string().nullable(),
  /** Whether the views of each plan have a row for it at all. */
  inA: z.boolean(),
  inB: z.boolean(),
  /** False: what Salesforce has now is not known here, and `before` says nothing. */
  isBeforeKnown: z.boolean(),
  /** How many properties contribute, in plan B where it has the record. */
  contributorCount: z.number().int(),
  /** What differs between the plans: API name or one of `whatIfParts`. Of a record that only one plan has: what that plan would send. */
  fields: z.array(z.strictObject({ field: z.string(), label: z.string(), before: fieldValueSchema, a: fieldValueSchema, b: fieldValueSchema })),
});
export type WhatIfRecord = z.infer<typeof whatIfRecordSchema>;

export const whatIfSteps = ['load', 'plan-a', 'plan-b', 'compare'] as const;
export const whatIfProgressSchema = z.strictObject({ step: z.enum(whatIfSteps), done: z.number().int(), total: z.number().int().nullable() });
export type WhatIfProgress = z.infer<typeof whatIfProgressSchema>;

/** A draft as text: the view that it changes, the text of plan A and of plan B, and the lines that are in one of them only. */
export const whatIfTextSchema = z.strictObject({
  view: z.string(),
  asIs: z.string(),
  sql: z.string(),
  /** `line` counts from 1 in the text of its plan. */
  differences: z.array(z.strictObject({ line: z.number().int(), plan: z.enum(['a', 'b']), text: z.string() })),
});
export type WhatIfText = z.infer<typeof whatIfTextSchema>;
