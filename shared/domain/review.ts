import * as z from 'zod';

/** How far the review of one pending change has come; it starts anew when the content changes. */
export const reviewMarks = ['unseen', 'viewed', 'flagged', 'later'] as const;
export const reviewMarkSchema = z.enum(reviewMarks);
export type ReviewMark = z.infer<typeof reviewMarkSchema>;

/** Why a pending change stands where it does in the order of risk, the riskiest first. Its place is the number the cache sorts by. */
export const riskNames = ['blocker', 'conflict', 'large-group', 'blanking', 'rare', 'p1', 'p2', 'p3'] as const;
export type RiskName = (typeof riskNames)[number];

/** Why a record stands out in its change shape. */
export const outlierReasonSchema = z.strictObject({
  reason: z.enum(['check', 'conflict', 'large-group', 'blanking', 'rare']),
  /** Id of the check, where the reason is one. */
  check: z.string().nullable(),
  /** How many records of the shape share it. */
  count: z.number().int(),
});
export type OutlierReason = z.infer<typeof outlierReasonSchema>;

/** A comment on a record; it stays when the proposed content changes. */
export const commentSchema = z.strictObject({ seq: z.number().int(), at: z.string(), actor: z.string(), text: z.string(), isAboutThis: z.boolean() });
export type Comment = z.infer<typeof commentSchema>;

/** An address under a name. */
export const savedViewSchema = z.strictObject({ name: z.string(), address: z.string(), by: z.string(), at: z.string() });
export type SavedView = z.infer<typeof savedViewSchema>;

/** One step that can be undone, or redone, by its name. */
export const decisionStepSchema = z.strictObject({ undoId: z.string(), label: z.string(), actor: z.string(), at: z.string(), isUndone: z.boolean(), isUndo: z.boolean() });
export type DecisionStep = z.infer<typeof decisionStepSchema>;
