import * as z from 'zod';

/** The six objects of the warehouse, each after the ones it reads from. */
export const viewNames = [
  'rds_properties_enriched',
  'properties_aggregated_by_sfdc_id',
  'properties_to_create',
  'properties_to_update',
  'property_sync_audit_log',
  'sync_monitoring_dashboard',
] as const;
export type ViewName = (typeof viewNames)[number];

/** One thing that a connection needs, whether it is there, and what to ask for when it is not. */
export const accessCheckSchema = z.strictObject({
  id: z.string(),
  /** What it is needed for, in plain words. */
  need: z.string(),
  state: z.enum(['ok', 'missing', 'failed', 'not-checked']),
  /** The statement that an administrator can run, e.g. `GRANT SELECT ON VIEW … TO \`…\``; null where nothing is to be granted. */
  grant: z.string().nullable(),
  detail: z.string().nullable(),
});
export type AccessCheck = z.infer<typeof accessCheckSchema>;

export const accessReportSchema = z.strictObject({
  ok: z.boolean(),
  /** Whom the warehouse takes us for; null where it does not say. */
  user: z.string().nullable(),
  address: z.string(),
  seconds: z.number(),
  checks: z.array(accessCheckSchema),
});
export type AccessReport = z.infer<typeof accessReportSchema>;

/** How the warehouse is signed in to, and where the secret is kept. */
export const signInSchema = z.strictObject({
  method: z.enum(['none-needed', 'token', 'oauth-m2m', 'oauth-u2m', 'none']),
  kept: z.enum(['environment', 'keystore', 'session']).nullable(),
  /** True where a person can sign in with a browser from here. */
  canSignIn: z.boolean(),
  /** True where a token can be stored from here. */
  canStoreToken: z.boolean(),
});
export type SignIn = z.infer<typeof signInSchema>;

/** What the warehouse is doing while somebody waits for it; `ready`: nobody waits any more. */
export const warehouseProgressSchema = z.strictObject({
  state: z.enum(['connecting', 'starting', 'retrying', 'signing-in', 'running', 'ready']),
  /** Tries so far, from 1. */
  attempt: z.number().int(),
  /** Seconds until the next try; null while one is under way. */
  nextInSeconds: z.number().nullable(),
  /** Why it has to be tried again, in the warehouse's own words. */
  reason: z.string().nullable(),
});
export type WarehouseProgress = z.infer<typeof warehouseProgressSchema>;

export const deployStepSchema = z.strictObject({
  object: z.enum(viewNames),
  /** `blocked`: a deployment cannot do it, and is refused as a whole until somebody has done what `reason` says. */
  action: z.enum(['create', 'replace', 'keep', 'constrain', 'blocked']),
  /** The statement as it will be run; null where nothing is to be done, or nothing can be done. */
  sql: z.string().nullable(),
  /** Why, in plain words. */
  reason: z.string(),
});
export type DeployStep = z.infer<typeof deployStepSchema>;

export const deployPlanSchema = z.strictObject({
  /** `catalog.schema`, or null where this version's texts always run and nothing is deployed. */
  target: z.string().nullable(),
  steps: z.array(deployStepSchema),
  /** SHA-256 over target and statements: what is deployed is what was shown. */
  hash: z.string(),
});
export type DeployPlan = z.infer<typeof deployPlanSchema>;

export const viewReportSchema = z.strictObject({
  name: z.enum(viewNames),
  kind: z.enum(['view', 'table']),
  state: z.enum(['same', 'differs', 'missing', 'unreadable']),
  /** What this version would deploy, names filled in, as it is compared: a view's text without its leading comment; of a table one line a column, constraint or property. */
  expected: z.string(),
  /** What is there, in the same form; null where it is missing or cannot be read. */
  deployed: z.string().nullable(),
  /** Lines that are in one of the two texts only. */
  differences: z.array(z.strictObject({ line: z.number().int(), side: z.enum(['expected', 'deployed']), text: z.string() })),
  detail: z.string().nullable(),
});
export type ViewReport = z.infer<typeof viewReportSchema>;

export const viewsReportSchema = z.strictObject({ target: z.string().nullable(), ok: z.boolean(), views: z.array(viewReportSchema) });
export type ViewsReport = z.infer<typeof viewsReportSchema>;

/** A copy of the chain's head that is kept in the warehouse. */
export const anchorSchema = z.strictObject({ seq: z.number().int(), head: z.string(), at: z.string() });
export type Anchor = z.infer<typeof anchorSchema>;

/** How far the audit log has been copied to the warehouse. */
export const shippingSchema = z.strictObject({
  /** Where the copy is, in words: `catalog.schema.property_sync_audit_log`, or a file on this machine. */
  place: z.string(),
  events: z.number().int(),
  shipped: z.number().int(),
  backlog: z.number().int(),
  /** When something was shipped last. */
  at: z.string().nullable(),
  anchor: anchorSchema.nullable(),
  /** Why the last try failed; null when it did not. A `fork` stops shipping and new runs until it is cleared up. */
  failure: z.strictObject({ at: z.string(), code: z.string(), message: z.string(), fork: z.boolean() }).nullable(),
  /** New runs are refused beyond this backlog; null: no limit. */
  limit: z.number().int().nullable(),
});
export type Shipping = z.infer<typeof shippingSchema>;

/** What a cheap look says about source and org since the last snapshot. */
export const probeSchema = z.strictObject({
  changed: z.boolean(),
  source: z.enum(['same', 'changed', 'unknown']),
  org: z.enum(['same', 'changed', 'unknown']),
  /** Mapping and deployed views. */
  rules: z.enum(['same', 'changed', 'unknown']),
  /** The snapshot it compares with; null when there is none. */
  snapshotId: z.string().nullable(),
  seconds: z.number(),
});
export type Probe = z.infer<typeof probeSchema>;
