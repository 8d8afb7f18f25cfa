import * as z from 'zod';

export const auditEventTypes = [
  'ledger.created',
  'snapshot.loaded',
  'decision.made',
  'decision.undone',
  'field.excluded',
  'comment.added',
  'sample.drawn',
  'view.saved',
  'view.deleted',
  'comparison.exported',
  'batch.created',
  'batch.renamed',
  'batch.deleted',
  'batch.submitted',
  'batch.approved',
  'batch.rejected',
  'batch.withdrawn',
  'batch.expired',
  'plan.exported',
  'plan.signed',
  'signer.trusted',
  'run.started',
  'run.resumed',
  'run.stopped',
  'run.finished',
  'run.abandoned',
  'chunk.sending',
  'chunk.resolved',
  'job.changed',
  'record.pushed',
  'pushes.paused',
  'pushes.resumed',
  'policy.changed',
  'audit.exported',
  'audit.verified',
  'views.deploying',
  'views.deployed',
  'views.failed',
  'warehouse.signing-in',
  'warehouse.token-stored',
  'warehouse.token-forgotten',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/** What a caller says; the ledger adds place, time, lineage and hashes. */
export const newAuditEventSchema = z.strictObject({
  type: z.enum(auditEventTypes),
  actor: z.string(),
  batchId: z.string().nullable(),
  runId: z.string().nullable(),
  /** Keys of the records it speaks of; they make `audit list --key` find it. */
  keys: z.array(z.string()),
  data: z.record(z.string(), z.json()),
});
export type NewAuditEvent = z.infer<typeof newAuditEventSchema>;

/** One event as it is hashed: `hash` = SHA-256 of the canonical JSON (RFC 8785) of all other members. */
export const auditEventSchema = z.strictObject({
  v: z.literal(1),
  seq: z.number().int(),
  id: z.string(),
  /** Random id of this ledger, so that two ledgers never share a chain. */
  lineage: z.string(),
  at: z.string(),
  type: z.enum(auditEventTypes),
  actor: z.string(),
  batchId: z.string().nullable(),
  runId: z.string().nullable(),
  keys: z.array(z.string()),
  data: z.record(z.string(), z.json()),
  /** Hash of the event before; 64 zeros for the first. */
  prev: z.string(),
  hash: z.string(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const chainProblemKinds = ['altered', 'missing', 'reordered', 'foreign', 'truncated', 'signature', 'forked'] as const;

export const chainReportSchema = z.strictObject({
  ok: z.boolean(),
  events: z.number().int(),
  head: z.string().nullable(),
  checkpoints: z.number().int(),
  lastCheckpoint: z.strictObject({ seq: z.number().int(), head: z.string(), at: z.string() }).nullable(),
  firstBad: z.strictObject({ seq: z.number().int(), problem: z.enum(chainProblemKinds), text: z.string() }).nullable(),
  /** How the chain agrees with the head that the warehouse keeps. `none`: nothing was anchored yet; `not-asked`: nobody looked. */
  anchor: z.strictObject({ state: z.enum(['agrees', 'disagrees', 'none', 'unreachable', 'not-asked']), seq: z.number().int().nullable(), head: z.string().nullable(), at: z.string().nullable(), text: z.string().nullable() }),
  /** What is odd without being wrong, in whole sentences. */
  warnings: z.array(z.string()),
  seconds: z.number(),
});
export type ChainReport = z.infer<typeof chainReportSchema>;
