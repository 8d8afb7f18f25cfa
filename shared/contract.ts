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
import { outcomes, recordOutcomeSchema, recordRunSchema } from './domain/outcome.ts';
import { pendingDetailSchema, pendingItemSchema, pendingKeySchema } from './domain/pending-change.ts';
import { planFileSummarySchema } from './domain/plan-file.ts';
import { policyChoiceSchema, policySchema, thresholdsSchema } from './domain/policy.ts';
import { commentSchema, decisionStepSchema, reviewMarkSchema, savedViewSchema } from './domain/review.ts';
import { selectionSchema } from './domain/selection.ts';
import { refreshProgressSchema, sinceLastSchema, sinceLastStates, snapshotSchema } from './domain/snapshot.ts';
import { sampleSchema, shapeDetailSchema, shapeSchema } from './domain/shape.ts';
import { summarySchema, valueSummarySchema } from './domain/summary.ts';
import { accessReportSchema, deployPlanSchema, probeSchema, shippingSchema, signInSchema, viewsReportSchema, warehouseProgressSchema } from './domain/warehouse.ts';
import { whatIfDraftSchema, whatIfProgressSchema, whatIfRecordSchema, whatIfSchema, whatIfStates, whatIfTextSchema } from './domain/what-if.ts';

const none = z.strictObject({});
const reason = z.string().trim().min(1).max(2_000);

export const sortOrders = ['risk', 'priority', 'kind', 'name', 'company', 'state', 'contributors', 'checks', 'decision', 'progress', 'changes', 'key'] as const;

const listSchema = z.strictObject({
  filter: z.string().default(''),
  sort: z.enum(sortOrders).default('risk'),
  descending: z.boolean().default(false),
  /** A name that the caller makes up when it opens a list: under it the list keeps its records and their order, whatever is decided or viewed meanwhile, as long as the snapshot stays. */
  opened: z.string().min(1).max(64).optional(),
});

const pageInputSchema = z.strictObject({
  ...listSchema.shape,
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
  risk: z.array(factSchema),
  outlier: z.array(factSchema),
  decision: z.array(factSchema),
  progress: z.array(factSchema),
  /** Fields that decisions leave out. */
  without: z.array(factSchema),
  since: z.array(factSchema),
  fallen: z.array(factSchema),
  /** The 50 most frequent. */
  company: z.array(factSchema),
  state: z.array(factSchema),
  /** `FIELD:TRANSITION`, in the mapping's order. */
  transition: z.array(factSchema),
  viewed: z.number().int(),
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

const pageSchema = z.strictObject({ total: z.number().int(), items: z.array(pendingItemSchema), next: z.string().nullable() });

export const queries = {
  'app.info': { input: none, output: appInfoSchema },
  'app.diagnostics': {
    input: none,
    output: z.strictObject({
      versions: z.record(z.string(), z.string()),
      calls: z.array(z.strictObject({ name: z.string(), at: z.string(), ms: z.number(), outcome: z.string() })),
    }),
  },
  'pending.page': { input: pageInputSchema, output: pageSchema },
  /** The pages that a list begins with, numbered from 0: the first one or, where it holds the record, those with the record's row and the `before` rows above it. */
  'pending.open': {
    input: z.strictObject({ ...listSchema.shape, item: pendingKeySchema.nullable(), pageSize: z.number().int().min(1).max(500), before: z.number().int().min(0).max(500) }),
    /** `index`: the row of the record; null where there is none. */
    output: z.strictObject({ index: z.number().int().nullable(), firstPage: z.number().int(), pages: z.array(pageSchema) }),
  },
  /** Pages like `pending.page`, every item as `pending.show` gives it. */
  'pending.full': {
    input: pageInputSchema,
    output: z.strictObject({ total: z.number().int(), items: z.array(pendingDetailSchema), next: z.string().nullable() }),
  },
  'pending.facets': { input: z.strictObject({ filter: z.string().default('') }), output: facetsSchema },
  /** At which row of a list a record stands; null when it is not in it. */
  'pending.locate': { input: z.strictObject({ ...listSchema.shape, item: pendingKeySchema }), output: z.strictObject({ index: z.number().int().nullable() }) },
  /** The first row from `from` on, and round again, whose name begins with what was typed. */
  'pending.find': { input: z.strictObject({ ...listSchema.shape, prefix: z.string().min(1).max(200), from: z.number().int().min(0).default(0) }), output: z.strictObject({ index: z.number().int().nullable() }) },
  'pending.summary': { input: z.strictObject({ filter: z.string().default('') }), output: summarySchema },
  'pending.values': { input: z.strictObject({ filter: z.string().default(''), field: z.string(), limit: z.number().int().min(1).max(100).default(10) }), output: valueSummarySchema },
  /** Every shape of the records that match; the risk goes first. */
  'shapes.list': { input: z.strictObject({ filter: z.string().default('') }), output: z.strictObject({ records: z.number().int(), shapes: z.array(shapeSchema) }) },
  'shapes.show': { input: z.strictObject({ id: z.string() }), output: shapeDetailSchema },
  /** The newest draw from a filter. */
  'samples.show': { input: z.strictObject({ filter: z.string() }), output: z.strictObject({ sample: sampleSchema.nullable() }) },
  'savedViews.list': { input: none, output: z.strictObject({ views: z.array(savedViewSchema) }) },
  /** The newest steps that can be undone or redone, newest first. */
  'decision.steps': { input: z.strictObject({ limit: z.number().int().min(1).max(200).default(20) }), output: z.strictObject({ steps: z.array(decisionStepSchema) }) },
  /** What became of a record in every run that had it, newest first. */
  'records.runs': { input: z.strictObject({ key: z.string() }), output: z.strictObject({ runs: z.array(recordRunSchema) }) },
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
  /** Compares the views as they are with a draft of them, in a scratch copy of the cached source rows; `whatIf.progress` tells how far it is. */
  'whatIf.run': { input: z.strictObject({ draft: whatIfDraftSchema }), output: whatIfSchema },
  /** The text of the view that a draft changes, as plan B has it, and its changed lines, without running it. */
  'whatIf.draft': { input: z.strictObject({ draft: whatIfDraftSchema }), output: whatIfTextSchema },
  /** Records of the newest comparison. */
  'whatIf.records': {
    input: z.strictObject({ id: z.string(), state: z.enum(whatIfStates).optional(), field: z.string().optional(), after: z.string().optional(), limit: z.number().int().min(1).max(5_000).default(200) }),
    output: z.strictObject({ total: z.number().int(), items: z.array(whatIfRecordSchema), next: z.string().nullable() }),
  },
  'views.list': { input: none, output: z.strictObject({ views: z.array(z.strictObject({ name: z.string(), sql: z.string(), words: z.string(), hash: z.string() })) }) },
} as const;

export const commands = {
  'snapshot.refresh': { input: none, output: snapshotSchema },
  'pending.decide': {
    input: z.strictObject({
      selection: selectionSchema,
      decision: z.enum(['approve', 'hold', 'exclude']),
      reason: z.string().trim().max(2_000).optional(),
      /** How many records the person was told of; another number is refused (`selection-changed`), blocked ones counted. */
      expect: z.number().int().optional(),
    }),
    /** `blocked`: left out because a blocker check forbids approving them. */
    output: z.strictObject({ decided: z.number().int(), blocked: z.number().int(), undoId: z.string(), label: z.string() }),
  },
  'decision.undo': { input: z.strictObject({ undoId: z.string().optional() }), output: z.strictObject({ undone: z.number().int(), undoId: z.string(), label: z.string() }) },
  /** Takes back the newest undo of the caller, or the one that is named. */
  'decision.redo': { input: z.strictObject({ undoId: z.string().optional() }), output: z.strictObject({ undone: z.number().int(), undoId: z.string(), label: z.string() }) },
  /** Answers with the mark that stands: a flag does not make way for `viewed`. */
  'pending.mark': { input: z.strictObject({ item: pendingKeySchema, mark: reviewMarkSchema }), output: z.strictObject({ mark: reviewMarkSchema }) },
  /** Leaves one field out of what is sent (`without`), or takes it in again. Falls away when the content changes. */
  'pending.excludeField': {
    input: z.strictObject({ selection: selectionSchema, field: z.string(), isExcluded: z.boolean(), reason: z.string().trim().max(2_000).optional(), expect: z.number().int().optional() }),
    output: z.strictObject({ decided: z.number().int(), undoId: z.string(), label: z.string() }),
  },
  'comment.add': { input: z.strictObject({ item: pendingKeySchema, text: z.string().trim().min(1).max(4_000) }), output: commentSchema },
  /** Draws at random from a filter; with the same filter as the newest draw, goes on with its seed. */
  'samples.draw': { input: z.strictObject({ filter: z.string(), size: z.number().int().min(1).max(5_000) }), output: sampleSchema },
  'savedViews.save': { input: z.strictObject({ name: z.string().trim().min(1).max(80), address: z.string().min(1).max(8_000) }), output: savedViewSchema },
  'savedViews.delete': { input: z.strictObject({ name: z.string() }), output: none },
  /** Writes the newest comparison to a CSV file. */
  'whatIf.export': { input: z.strictObject({ id: z.string() }), output: z.strictObject({ file: z.string(), records: z.number().int() }) },
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
  'whatIf.progress': whatIfProgressSchema,
  /** Marks, comments, draws or saved views are different. */
  'review.changed': z.strictObject({ what: z.enum(['mark', 'comment', 'sample', 'saved-view']) }),
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
