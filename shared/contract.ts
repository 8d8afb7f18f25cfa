/**
 * START HERE: every query, command and event of the app, with what goes in and what comes out.
 *
 * A query reads and changes nothing. A command changes something, writes its audit event in the same step, and
 * answers with the result. An event names what changed, so that queries refetch; events carry no data to keep.
 * Both sides parse: the core never trusts the renderer, the renderer never guesses a shape.
 * The identity of the caller comes from the host, never from an input.
 */
import * as z from 'zod';
import { auditEventSchema, auditEventTypes, chainReportSchema } from './domain/audit-event.ts';
import { approvalSchema, batchDetailSchema, batchSchema, drawSchema, pushModes, runProgressSchema, runSchema } from './domain/batch.ts';
import { checkResultSchema } from './domain/check.ts';
import { mappingSchema } from './domain/mapping.ts';
import { metricNames, metricSchema } from './domain/metric.ts';
import { outcomes, recordOutcomeSchema } from './domain/outcome.ts';
import { pendingDetailSchema, pendingItemSchema, pendingKeySchema } from './domain/pending-change.ts';
import { planFileSummarySchema } from './domain/plan-file.ts';
import { policyChoiceSchema, policySchema, thresholdsSchema } from './domain/policy.ts';
import { selectionSchema } from './domain/selection.ts';
import { refreshProgressSchema, sinceLastSchema, sinceLastStates, snapshotSchema } from './domain/snapshot.ts';
import { accessReportSchema, deployPlanSchema, probeSchema, shippingSchema, signInSchema, viewsReportSchema, warehouseProgressSchema } from './domain/warehouse.ts';

const none = z.strictObject({});
const reason = z.string().trim().min(1).max(2_000);

export const sortOrders = ['risk', 'priority', 'kind', 'name', 'company', 'contributors', 'decision', 'changes', 'key'] as const;

const pageInputSchema = z.strictObject({
  filter: z.string().default(''),
  sort: z.enum(sortOrders).default('risk'),
  descending: z.boolean().default(false),
  /** Cursor of the page before, or a row number; not both. */
  after: z.string().optional(),
  offset: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(5_000).default(100),
});

const factSchema = z.strictObject({ value: z.string(), label: z.string(), count: z.number().int() });

export const facetsSchema = z.strictObject({
  /** Pending changes that match the filter, and all there are. */
  matching: z.number().int(),
  total: z.number().int(),
  kind: z.array(factSchema),
  priority: z.array(factSchema),
  field: z.array(factSchema),
  rule: z.array(factSchema),
  /** `multi:true` and `multi:false`. */
  multi: z.array(factSchema),
  check: z.array(factSchema),
  severity: z.array(factSchema),
  decision: z.array(factSchema),
  /** The 50 most frequent. */
  company: z.array(factSchema),
  state: z.array(factSchema),
  viewed: z.number().int(),
  /** How each flag would change among the matching records. */
  transitions: z.array(z.strictObject({ field: z.string(), label: z.string(), from: z.string(), to: z.string(), count: z.number().int() })),
});
export type Facets = z.infer<typeof facetsSchema>;

export const appInfoSchema = z.strictObject({
  version: z.string(),
  host: z.enum(['desktop', 'browser', 'cli']),
  workspace: z.strictObject({ name: z.string(), folder: z.string() }),
  /** Null until the org has been reached once. */
  org: z.strictObject({ id: z.string(), name: z.string(), environment: z.enum(['production', 'sandbox', 'simulated']), url: z.string() }).nullable(),
  warehouse: z.strictObject({ kind: z.enum(['embedded', 'databricks']), source: z.string() }),
  identity: z.string(),
  /** True where the identity is a free name (simulated org). */
  canSwitchIdentity: z.boolean(),
  readOnly: z.boolean(),
  paused: z.strictObject({ by: z.string(), at: z.string(), reason: z.string() }).nullable(),
  snapshot: snapshotSchema.nullable(),
  api: z.strictObject({ used: z.number().int(), limit: z.number().int() }).nullable(),
  chain: z.strictObject({ events: z.number().int(), head: z.string().nullable() }),
  /** Events of the audit log that the warehouse has no copy of yet, and whether copying them fails. */
  auditBacklog: z.strictObject({ events: z.number().int(), failing: z.boolean() }),
  mapping: mappingSchema,
  openBatches: z.number().int(),
  blockers: z.number().int(),
  /** Run that was cut off and waits for `run.resume`. */
  interruptedRun: z.string().nullable(),
});
export type AppInfo = z.infer<typeof appInfoSchema>;

export const queries = {
  'app.info': { input: none, output: appInfoSchema },
  'app.diagnostics': {
    input: none,
    output: z.strictObject({
      versions: z.record(z.string(), z.string()),
      calls: z.array(z.strictObject({ name: z.string(), at: z.string(), ms: z.number(), outcome: z.string() })),
    }),
  },
  'pending.page': {
    input: pageInputSchema,
    output: z.strictObject({ total: z.number().int(), items: z.array(pendingItemSchema), next: z.string().nullable() }),
  },
  /** Pages like `pending.page`, every item as `pending.show` gives it. */
  'pending.full': {
    input: pageInputSchema,
    output: z.strictObject({ total: z.number().int(), items: z.array(pendingDetailSchema), next: z.string().nullable() }),
  },
  'pending.facets': { input: z.strictObject({ filter: z.string().default('') }), output: facetsSchema },
  'pending.show': { input: z.strictObject({ key: z.string(), kind: z.enum(['create', 'update']).optional() }), output: pendingDetailSchema },
  'checks.list': {
    input: none,
    output: z.strictObject({ checks: z.array(checkResultSchema), blockers: z.number().int(), warnings: z.number().int(), notChecked: z.array(z.string()) }),
  },
  'batches.list': { input: none, output: z.strictObject({ batches: z.array(batchSchema) }) },
  'batches.show': { input: z.strictObject({ id: z.string() }), output: batchDetailSchema },
  'batches.records': {
    input: z.strictObject({ id: z.string(), outcome: z.enum(outcomes).optional(), code: z.string().optional(), chunk: z.number().int().optional(), after: z.string().optional(), limit: z.number().int().min(1).max(5_000).default(200) }),
    output: z.strictObject({ total: z.number().int(), items: z.array(recordOutcomeSchema), next: z.string().nullable() }),
  },
  /** What an exported plan holds, after it has proved to be whole. Without `text` the host lets the person choose a file. */
  'batch.readExport': { input: z.strictObject({ text: z.string().optional() }), output: planFileSummarySchema },
  'audit.page': {
    input: z.strictObject({
      key: z.string().optional(),
      batchId: z.string().optional(),
      type: z.enum(auditEventTypes).optional(),
      actor: z.string().optional(),
      text: z.string().optional(),
      /** Newest first: events before this sequence number. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(5_000).default(100),
    }),
    output: z.strictObject({ total: z.number().int(), events: z.array(auditEventSchema), next: z.number().int().nullable() }),
  },
  'audit.checkpoints': { input: none, output: z.strictObject({ checkpoints: z.array(z.strictObject({ seq: z.number().int(), head: z.string(), at: z.string(), signature: z.string() })), publicKey: z.string().nullable() }) },
  'settings.get': {
    input: none,
    output: z.strictObject({
      policy: policySchema,
      thresholds: thresholdsSchema,
      mapping: mappingSchema,
      /** `place`: catalog and schema that the six objects are deployed to; null where nothing is deployed. */
      connections: z.array(z.strictObject({ id: z.enum(['warehouse', 'org']), kind: z.string(), address: z.string(), place: z.string().nullable(), secret: z.string() })),
    }),
  },
  'status.metrics': { input: none, output: z.strictObject({ metrics: z.record(z.enum(metricNames), metricSchema) }) },
  /** What was added, changed or removed by the last refresh, in order of kind, then key. */
  'snapshot.sinceLast': {
    input: z.strictObject({ state: z.enum(sinceLastStates).optional(), after: z.string().optional(), limit: z.number().int().min(1).max(5_000).default(200) }),
    output: z.strictObject({ total: z.number().int(), items: z.array(sinceLastSchema), next: z.string().nullable() }),
  },
  /** A cheap look whether a refresh would find anything new. */
  'snapshot.probe': { input: none, output: probeSchema },
  'warehouse.signInState': { input: none, output: signInSchema },
  /** Opens a session, runs `SELECT 1`, and looks for every grant that is needed. */
  'warehouse.test': { input: none, output: accessReportSchema },
  /** What a deployment would run. */
  'views.plan': { input: none, output: deployPlanSchema },
  /** Compares what is deployed with the texts of this version. */
  'views.verify': { input: none, output: viewsReportSchema },
  'audit.shipping': { input: none, output: shippingSchema },
  'views.list': { input: none, output: z.strictObject({ views: z.array(z.strictObject({ name: z.string(), sql: z.string(), words: z.string(), hash: z.string() })) }) },
} as const;

export const commands = {
  'snapshot.refresh': { input: none, output: snapshotSchema },
  'pending.decide': {
    input: z.strictObject({ selection: selectionSchema, decision: z.enum(['approve', 'hold', 'exclude']), reason: z.string().trim().max(2_000).optional() }),
    /** `blocked`: left out because a blocker check forbids approving them. */
    output: z.strictObject({ decided: z.number().int(), blocked: z.number().int(), undoId: z.string(), label: z.string() }),
  },
  'decision.undo': { input: z.strictObject({ undoId: z.string().optional() }), output: z.strictObject({ undone: z.number().int(), undoId: z.string(), label: z.string() }) },
  'pending.viewed': { input: z.strictObject({ item: pendingKeySchema, viewed: z.boolean() }), output: none },
  'batch.create': { input: z.strictObject({ name: z.string().trim().min(1).max(200), draw: drawSchema }), output: batchSchema },
  'batch.rename': { input: z.strictObject({ id: z.string(), name: z.string().trim().min(1).max(200) }), output: batchSchema },
  'batch.delete': { input: z.strictObject({ id: z.string() }), output: none },
  'batch.submit': { input: z.strictObject({ id: z.string(), overridePilot: z.string().trim().min(1).optional() }), output: batchSchema },
  'batch.approve': { input: z.strictObject({ id: z.string(), expect: z.string().optional(), note: z.string().optional() }), output: batchSchema },
  'batch.reject': { input: z.strictObject({ id: z.string(), reason }), output: batchSchema },
  'batch.withdraw': { input: z.strictObject({ id: z.string() }), output: batchSchema },
  /** Writes the submitted plan to a file, for an approver who works in another installation. */
  'batch.export': { input: z.strictObject({ id: z.string() }), output: z.strictObject({ file: z.string(), hash: z.string(), records: z.number().int(), approvals: z.array(approvalSchema) }) },
  /** Approves an exported plan in the caller's name and writes the approval to a file. Without `text` the host lets the person choose the plan's file. */
  'batch.sign': {
    input: z.strictObject({ text: z.string().optional(), expect: z.string().optional(), note: z.string().trim().min(1).max(2_000).optional() }),
    output: z.strictObject({ file: z.string(), hash: z.string(), by: z.string(), expiresAt: z.string(), fingerprint: z.string(), approvals: z.array(approvalSchema) }),
  },
  /** Takes in an approval that was signed elsewhere. Without `text` the host lets the person choose its file. */
  'batch.import': { input: z.strictObject({ text: z.string().optional() }), output: batchSchema },
  'batch.push': { input: z.strictObject({ id: z.string(), mode: z.enum(pushModes).default('auto'), confirm: z.string().optional() }), output: runSchema },
  'batch.retry': { input: z.strictObject({ id: z.string(), confirm: z.string().optional() }), output: runSchema },
  'run.resume': { input: z.strictObject({ runId: z.string().optional() }), output: runSchema },
  /** Ends a run that stands still for good: what was not sent stays unsent, and its batch is aborted. */
  'run.abandon': { input: z.strictObject({ runId: z.string(), reason }), output: runSchema },
  'run.stop': { input: z.strictObject({ runId: z.string() }), output: none },
  'pushes.pause': { input: z.strictObject({ reason }), output: none },
  'pushes.unpause': { input: z.strictObject({ reason: z.string().optional() }), output: none },
  /** `anchor: required` fails when the warehouse cannot be asked; `ask` says so in the report. */
  'audit.verify': { input: z.strictObject({ anchor: z.enum(['skip', 'ask', 'required']).default('ask') }), output: chainReportSchema },
  /** Copies everything that waits to the warehouse, then the signed head of the chain. */
  'audit.anchor': { input: none, output: shippingSchema },
  /** Runs the plan that `views.plan` showed; `expect` is its hash. */
  'views.deploy': { input: z.strictObject({ expect: z.string() }), output: deployPlanSchema },
  'warehouse.signIn': { input: none, output: signInSchema },
  /** Null forgets the stored token. */
  'warehouse.storeToken': { input: z.strictObject({ token: z.string().trim().min(1).max(4_096).nullable() }), output: signInSchema },
  'audit.export': { input: z.strictObject({ format: z.enum(['jsonl', 'csv']) }), output: z.strictObject({ file: z.string(), events: z.number().int() }) },
  'settings.savePolicy': { input: policyChoiceSchema, output: none },
  'identity.switch': { input: z.strictObject({ name: z.string().trim().min(1).max(80) }), output: none },
} as const;

export const events = {
  'snapshot.progress': refreshProgressSchema,
  'snapshot.changed': z.strictObject({ id: z.string() }),
  'decisions.changed': z.strictObject({ label: z.string() }),
  'batches.changed': z.strictObject({ id: z.string() }),
  'run.progress': runProgressSchema,
  'pause.changed': z.strictObject({ paused: z.boolean() }),
  'settings.changed': none,
  'warehouse.progress': warehouseProgressSchema,
  'audit.shipped': z.strictObject({ backlog: z.number().int() }),
} as const;

export type QueryName = keyof typeof queries;
export type CommandName = keyof typeof commands;
export type EventName = keyof typeof events;
export type CallName = QueryName | CommandName;

type Endpoint<N extends CallName> = N extends QueryName ? (typeof queries)[N] : N extends CommandName ? (typeof commands)[N] : never;
/** What a caller passes (defaults may be left out). */
export type CallInput<N extends CallName> = z.input<Endpoint<N>['input']>;
/** What a handler receives after parsing. */
export type CallParsed<N extends CallName> = z.output<Endpoint<N>['input']>;
export type CallOutput<N extends CallName> = z.output<Endpoint<N>['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

export const queryNames = Object.keys(queries) as QueryName[];
export const commandNames = Object.keys(commands) as CommandName[];

/** The input and output schema of a call, or null for a name that the contract does not have. */
export function endpointOf(name: string): { input: z.ZodType; output: z.ZodType } | null {
  if (Object.hasOwn(queries, name)) return queries[name as QueryName];
  if (Object.hasOwn(commands, name)) return commands[name as CommandName];
  return null;
}
