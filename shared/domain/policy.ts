import * as z from 'zod';

export const policySchema = z.strictObject({
  approvals: z.union([z.literal(1), z.literal(2)]).default(1),
  selfApproval: z.boolean().default(true),
  approvalHours: z.number().positive().default(24),
  bulkThreshold: z.number().int().positive().default(20_000),
  chunkSize: z.number().int().min(1).max(200).default(200),
  pilotGate: z.boolean().default(true),
  /** New runs are refused while more audit events than this wait to be copied to the warehouse; null: no limit. */
  auditBacklogLimit: z.number().int().min(0).nullable().default(null),
  /** Fingerprints of the keys that may sign approvals by file. Empty: the first key seen for a name is trusted, but never for a production org. */
  approverKeys: z.array(z.string().regex(/^[0-9a-f]{64}$/u)).max(100).default([]),
  /** API calls of the org's day that a new run must leave to everybody else. */
  apiReserve: z.number().int().min(0).default(1_000),
});
export type Policy = z.infer<typeof policySchema>;

/** A policy as it is given and stored: whoever says nothing of self-approval gets what suits the org. */
export const policyChoiceSchema = policySchema.extend({ selfApproval: z.boolean().optional() });
export type PolicyChoice = z.infer<typeof policyChoiceSchema>;

/** The policy in force. A production org that wants two approvals wants two other people, unless the choice says otherwise. */
export function policyInForce(choice: PolicyChoice, isProduction: boolean): Policy {
  return { ...choice, selfApproval: choice.selfApproval ?? !(isProduction && choice.approvals === 2) };
}

export const thresholdsSchema = z.strictObject({
  missing: z.number().nonnegative().default(100),
  backlog: z.number().nonnegative().default(200),
  errorRate: z.number().min(0).max(1).default(0.05),
  accuracy: z.number().min(0).max(1).default(0.95),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;
