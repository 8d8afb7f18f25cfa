/** Approval by file: the plan that one installation exports, and the approval that another one signs. */
import * as z from 'zod';
import { approvalSchema } from './batch.ts';
import { orgUserSchema, planHeaderSchema, planRecordSchema } from './plan.ts';

/** Largest exported plan that a caller may hand over as text; larger ones are read from a file by the command line. */
export const mostPlanTextBytes = 8 * 1024 * 1024;

/** Largest approval file. */
export const mostApprovalTextBytes = 64 * 1024;

const instantSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u).refine((text) => !Number.isNaN(Date.parse(text)));
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/u);

/** Ed25519 in base64, a key as SPKI in DER. One key or signature has one spelling: the last digit holds no bits of its own. Source: RFC 8032, RFC 8410, RFC 4648. */
const publicKeySchema = z.string().regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/u);
const signatureSchema = z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/u);

/** First line of an exported plan. */
export const planFileHeadSchema = z.strictObject({
  kind: z.literal('countersign-plan'),
  version: z.literal(1),
  /** Of the ledger that holds the batch. */
  lineage: z.string(),
  batch: z.strictObject({ id: z.string(), name: z.string(), snapshotId: z.string(), createdBy: z.string(), submittedBy: z.string(), submittedAt: instantSchema }),
  orgName: z.string(),
  approvalsNeeded: z.number().int(),
  /** Whether who proposed the plan may approve it. */
  selfApproval: z.boolean(),
  approvals: z.array(approvalSchema),
  exportedBy: z.string(),
  exportedAt: instantSchema,
  header: planHeaderSchema,
  hash: hashSchema,
  creates: z.number().int(),
  updates: z.number().int(),
});
export type PlanFileHead = z.infer<typeof planFileHeadSchema>;

/** Last line: SHA-256 of all bytes before it, signed by the ledger that exported. */
export const planFileEndSchema = z.strictObject({ kind: z.literal('end'), digest: hashSchema, publicKey: publicKeySchema, signature: signatureSchema });
export type PlanFileEnd = z.infer<typeof planFileEndSchema>;

/** What an approver elsewhere states; its canonical JSON (RFC 8785) is what is signed. */
export const approvalStatementSchema = z.strictObject({
  kind: z.literal('countersign-approval'),
  version: z.literal(1),
  planHash: hashSchema,
  batchId: z.string(),
  /** Of the ledger that holds the batch. */
  lineage: z.string(),
  /** When the plan was submitted: a plan that is withdrawn and submitted again needs another approval. */
  submittedAt: instantSchema,
  orgId: z.string(),
  signer: z.string(),
  signedAt: instantSchema,
  expiresAt: instantSchema,
  note: z.string().nullable(),
});
export type ApprovalStatement = z.infer<typeof approvalStatementSchema>;

/** The approval file: one line of canonical JSON. */
export const signedApprovalSchema = z.strictObject({ statement: approvalStatementSchema, publicKey: publicKeySchema, signature: signatureSchema });
export type SignedApproval = z.infer<typeof signedApprovalSchema>;

/** What an approver looks at before signing. */
export const planFileSummarySchema = z.strictObject({
  ...planFileHeadSchema.pick({ lineage: true, batch: true, orgName: true, approvalsNeeded: true, selfApproval: true, approvals: true, exportedBy: true, exportedAt: true, hash: true, creates: true, updates: true }).shape,
  orgId: z.string(),
  user: orgUserSchema.nullable(),
  apiVersion: z.string(),
  object: z.string(),
  /** Field values that would be sent, all of them and by field. */
  fields: z.number().int(),
  byField: z.array(z.strictObject({ field: z.string(), label: z.string(), records: z.number().int() })),
  /** The first of them. */
  records: z.array(planRecordSchema),
  /** Of the key of the installation that exported. */
  fingerprint: hashSchema,
  /** True when it was exported from this very workspace; then it is approved here, not signed. */
  isOwn: z.boolean(),
});
export type PlanFileSummary = z.infer<typeof planFileSummarySchema>;
