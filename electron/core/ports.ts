/**
 * What the core needs from outside. The core knows these interfaces, never a driver.
 * Every method that can fail in an expected way throws `AppFailure`; everything else is a bug.
 */
import type { Approval, Batch, Chunk, Run } from '../../shared/domain/batch.ts';
import type { AuditEvent, ChainReport, NewAuditEvent } from '../../shared/domain/audit-event.ts';
import type { CheckResult, Severity } from '../../shared/domain/check.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import type { Mapping } from '../../shared/domain/mapping.ts';
import type { Outcome, RecordOutcome, RecordState } from '../../shared/domain/outcome.ts';
import type { DecisionState, Kind, PendingDetail, PendingKey } from '../../shared/domain/pending-change.ts';
import type { PlanHeader, PlanRecord } from '../../shared/domain/plan.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { Selection } from '../../shared/domain/selection.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { Anchor } from '../../shared/domain/warehouse.ts';
import type { CallOutput, CallParsed, EventName, EventPayload, Facets } from '../../shared/contract.ts';

// ---------------------------------------------------------------- warehouse

export const warehouseViews = [
  'properties',
  'product_property',
  'rds_properties_enriched',
  'properties_aggregated_by_sfdc_id',
  'properties_to_create',
  'properties_to_update',
  'sync_monitoring_dashboard',
] as const;
export type WarehouseView = (typeof warehouseViews)[number];

/** Text, number, boolean or null by column; instants are ISO 8601 UTC with six digits and `Z`. */
export type WarehouseRow = Readonly<Record<string, string | number | boolean | null>>;

export interface SourceCounts {
  properties: number;
  propertyFeatures: number;
  productProperty: number;
  /** What a person should know of the source, e.g. extra columns that were ignored. */
  notices: readonly string[];
}

export interface Warehouse {
  /** Brings the source up to date: CSV files are read anew, the mirror of the staging object is refilled. */
  prepare(options: { signal: AbortSignal; onProgress(rows: number): void }): Promise<SourceCounts>;
  /** Streams a view in batches of at most 1,000 rows, in order of its key. */
  readView(view: WarehouseView, options: { signal: AbortSignal }): AsyncIterable<readonly WarehouseRow[]>;
  countView(view: WarehouseView, signal: AbortSignal): Promise<number>;
  /** Names the state of the source tables by one cheap look, without the mirror where an org fills it: equal names mean equal rows. Null where this user may not look. */
  fingerprint(signal: AbortSignal): Promise<string | null>;
  /** Lets go of all that `prepare` has loaded, and of its memory; `prepare` may begin anew. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------- org

export interface OrgIdentity {
  /** 18 characters. */
  orgId: string;
  orgName: string;
  isProduction: boolean;
  userId: string;
  username: string;
  instanceUrl: string;
  apiVersion: string;
}

export interface OrgField {
  name: string;
  label: string;
  /** Salesforce's own type name: string, boolean, datetime, picklist… */
  type: string;
  length: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  defaultedOnCreate: boolean;
  calculated: boolean;
  externalId: boolean;
  unique: boolean;
  caseSensitive: boolean;
  restrictedPicklist: boolean;
  picklistValues: readonly string[];
}

export interface OrgObject {
  name: string;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  fields: readonly OrgField[];
}

/** One record: `Id` and the fields asked for. Instants are ISO 8601 UTC with milliseconds and `Z`. */
export type OrgRecord = Readonly<Record<string, FieldValue>> & { readonly Id: string };

/** What Salesforce said of one record of a write, in the order of the request (checked against its length). */
export type WriteResult = { ok: true; id: string } | { ok: false; code: string; message: string; fields: readonly string[] };

/**
 * Why a call as a whole gave no results.
 * `not-processed`: certainly nothing was written (refused, not signed in, limit, connection refused).
 * `unknown`: it may have been written (connection lost, time-out, HTTP 500/502/504, unreadable answer).
 */
export class OrgCallError extends Error {
  readonly effect: 'not-processed' | 'unknown';
  readonly code: string;
  readonly status: number | null;
  /** True when waiting and repeating may help (429, 503, row locks of the whole call). */
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;

  constructor(facts: { effect: 'not-processed' | 'unknown'; code: string; message: string; status?: number | null; retryable?: boolean; retryAfterMs?: number | null }) {
    super(facts.message);
    this.name = 'OrgCallError';
    this.effect = facts.effect;
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.retryable = facts.retryable ?? false;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

export interface Org {
  /** Signs in if need be and says who and where. Throws `not-signed-in` or `org-unavailable`. */
  identity(signal: AbortSignal): Promise<OrgIdentity>;
  describe(object: string, signal: AbortSignal): Promise<OrgObject>;
  /** Streams all live records of an object in order of Id, pages of at most 2,000. */
  scan(request: { object: string; fields: readonly string[] }, signal: AbortSignal): AsyncIterable<readonly OrgRecord[]>;
  countRecords(object: string, signal: AbortSignal): Promise<number>;
  /** Names the state of an object's live records by one call: count and latest system change. */
  fingerprint(object: string, signal: AbortSignal): Promise<string>;
  /** Live records whose key field holds one of the keys, compared letter by letter. Any number of keys; as few calls as possible. */
  readByKeys(request: { object: string; keyField: string; keys: readonly string[]; fields: readonly string[] }, signal: AbortSignal): Promise<OrgRecord[]>;
  /** The records in the order asked for, null where there is none. At most 2,000 ids, one call. */
  readByIds(request: { object: string; ids: readonly string[]; fields: readonly string[] }, signal: AbortSignal): Promise<(OrgRecord | null)[]>;
  /** One sObject Collections call, at most 200 records, allOrNone false. Throws `OrgCallError`. */
  insert(request: { object: string; records: readonly Readonly<Record<string, FieldValue>>[] }, signal: AbortSignal): Promise<WriteResult[]>;
  /** One sObject Collections call, at most 200 records, each with its Id. Throws `OrgCallError`. */
  update(request: { object: string; records: readonly OrgRecord[] }, signal: AbortSignal): Promise<WriteResult[]>;
  /** Calls made since this Org was opened, and the org's own daily count when it has told. */
  usage(): { calls: number; writeCalls: number; dailyUsed: number | null; dailyLimit: number | null };
  close(): Promise<void>;
}

// ---------------------------------------------------------------- cache (rebuildable)

/** One candidate of a create or update as it goes into the cache. */
export interface CandidateChange {
  key: string;
  kind: Kind;
  priority: 'P1' | 'P2' | 'P3';
  name: string | null;
  company: string | null;
  state: string | null;
  recordId: string | null;
  productionId: string | null;
  groupKey: string | null;
  /** Values in the mapping's order. */
  before: readonly FieldValue[];
  after: readonly FieldValue[];
  /** FieldChange in the mapping's order. */
  changes: readonly string[];
  /** Winner's property id in the mapping's order. */
  winners: readonly (string | null)[];
  contributors: readonly string[];
  ignored: readonly string[];
  primaryId: string | null;
  /** False: nothing to send; kept for the checks and metrics, not pending. */
  isPending: boolean;
  contentHash: string;
}

/** One record of the org as the comparison needs it. */
export interface StoredOrgRecord {
  key: string;
  id: string;
  productionId: string | null;
  /** Values in the mapping's order, as the org gave them. */
  values: readonly FieldValue[];
}

export interface CheckHit {
  checkId: string;
  severity: Severity;
  subject: CheckResult['subject'];
  /** Key of the pending change, id of the property or record, or API name. */
  key: string;
  /** The pending change it belongs to, where there is one. */
  kind: Kind | null;
  detail: string | null;
}

/** Fills the next snapshot. Nothing is visible to readers before `commit`; `rollback` leaves the old one untouched. */
export interface SnapshotWriter {
  addProperties(rows: readonly WarehouseRow[]): Promise<void>;
  addStagingRecords(rows: readonly WarehouseRow[]): Promise<void>;
  addCandidates(changes: readonly CandidateChange[]): Promise<void>;
  /** Keeps the org's current values until the end, so that `orgRecords` finds them. */
  addOrgRecords(records: readonly StoredOrgRecord[]): Promise<void>;
  /** Those kept under one of the keys, letter by letter, in any order. */
  orgRecords(keys: readonly string[]): Promise<StoredOrgRecord[]>;
  /** Adds what only the comparison with the org can find. */
  addHits(hits: readonly CheckHit[]): Promise<void>;
  /** Runs the checks of the source by itself, once all properties and staging records are there; else `runChecks` does. */
  checkSource(input: { now: string }): Promise<void>;
  /** Runs the checks over what was added and stores what they found. */
  runChecks(input: { now: string }): Promise<void>;
  /**
   * Compares with the last snapshot, makes the new one current. The numbers not given are counted here.
   * `announce` is awaited when all is written but nothing visible yet; when it throws, the old snapshot stays.
   */
  commit(
    facts: Pick<Snapshot, 'id' | 'takenAt' | 'multiPropertyGroups' | 'multiPropertyMembers' | 'rows' | 'notices' | 'readFrom'> & { startedAtMs: number; nowMs: number },
    announce?: (snapshot: Snapshot) => Promise<void>,
  ): Promise<Snapshot>;
  rollback(): Promise<void>;
}

/** What a batch needs of one pending change. */
export interface PlannableChange extends PlanRecord {
  priority: 'P1' | 'P2' | 'P3';
  memberCount: number;
  contentHash: string;
  blockers: number;
  decision: DecisionState;
}

/** What drawing a batch looks at. */
export type DrawableChange = Pick<PlannableChange, 'key' | 'kind' | 'priority' | 'memberCount' | 'blockers' | 'decision'>;

export interface Cache {
  snapshot(): Promise<Snapshot | null>;
  /** `org` is what the org says of the object; null: what needs it is not checked. */
  beginSnapshot(mapping: Mapping, org: OrgObject | null): Promise<SnapshotWriter>;
  page(input: CallParsed<'pending.page'>): Promise<CallOutput<'pending.page'>>;
  facets(filter: string): Promise<Facets>;
  /** Null when there is no such pending change. History is added by the caller. */
  show(key: string, kind: Kind | undefined): Promise<Omit<PendingDetail, 'history'> | null>;
  /** Pages like `page`, every item in full. */
  pageFull(input: CallParsed<'pending.page'>): Promise<{ total: number; items: Omit<PendingDetail, 'history'>[]; next: string | null }>;
  checks(): Promise<CallOutput<'checks.list'>>;
  sinceLast(input: CallParsed<'snapshot.sinceLast'>): Promise<CallOutput<'snapshot.sinceLast'>>;
  /** As `plannable`, without the values: many times faster over a whole set. */
  drawable(input: { selection: Selection; after: PendingKey | null; limit: number }): Promise<DrawableChange[]>;
  /** Streams pending changes for planning, in order of kind, then key (byte order). */
  plannable(input: { selection: Selection; after: PendingKey | null; limit: number }): Promise<PlannableChange[]>;
  metrics(): Promise<CallOutput<'status.metrics'>['metrics']>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- ledger (never deleted)

export type BatchRow = Omit<Batch, 'approvals' | 'outcomes' | 'runId'>;
export type RunRow = Omit<Run, 'counts'>;

/** What an intent stores before the call is made. */
export interface RecordIntent {
  key: string;
  kind: Kind;
  chunk: number;
  /** Values just before, of the fields to be written plus `SystemModstamp`; null for a create. */
  beforeImage: Readonly<Record<string, FieldValue>> | null;
  sent: Readonly<Record<string, FieldValue>>;
}

export interface RecordResult {
  key: string;
  kind: Kind;
  state: RecordState;
  code: string | null;
  message: string | null;
  fields: readonly string[];
  salesforceId: string | null;
  now: Readonly<Record<string, FieldValue>> | null;
}

/** Writes that belong to one step. They and the step's events are one transaction. */
export type LedgerWrite =
  | { write: 'batch.put'; batch: BatchRow }
  /** Changes parts of a stored batch. With `seen` only while it still stands as the caller has seen it; `refused` (`wrong-state`) otherwise. */
  | { write: 'batch.change'; batchId: string; seen?: Pick<BatchRow, 'state' | 'planHash'>; change: Partial<Omit<BatchRow, 'id'>> }
  | { write: 'batch.delete'; batchId: string }
  | { write: 'batch.members'; batchId: string; members: readonly PendingKey[] }
  /** Only for a draft; `refused` (`wrong-state`) otherwise. */
  | { write: 'plan.clear'; batchId: string }
  | { write: 'plan.records'; batchId: string; records: readonly PlanRecord[] }
  | { write: 'plan.header'; batchId: string; header: PlanHeader; hash: string }
  | { write: 'approval.add'; batchId: string; approval: Approval }
  | { write: 'approval.drop'; batchId: string }
  /** Stores the run and one `planned` row per record of the plan (`retryOf`: only those that failed in that run). */
  | { write: 'run.start'; run: RunRow; retryOf: string | null }
  | { write: 'run.put'; run: RunRow }
  | { write: 'chunk.put'; runId: string; chunk: Chunk }
  | { write: 'record.intents'; runId: string; intents: readonly RecordIntent[] }
  | { write: 'record.results'; runId: string; results: readonly RecordResult[] }
  | { write: 'pause.set'; pause: { by: string; at: string; reason: string } | null }
  | { write: 'policy.set'; policy: Policy }
  /** How far the copy in the warehouse goes; says nothing that needs an event of its own. */
  | { write: 'audit.shipping'; shipping: StoredShipping }
  | { write: 'org.pin'; org: { id: string; name: string; environment: 'production' | 'sandbox' | 'simulated'; url: string } };

/** One record of a run as the push engine works on it. */
export interface RunRecord extends PlanRecord {
  state: RecordState;
  chunk: number | null;
  attempts: number;
  beforeImage: Readonly<Record<string, FieldValue>> | null;
  sent: Readonly<Record<string, FieldValue>> | null;
  salesforceId: string | null;
  code: string | null;
}

/** How far the audit log was copied to the warehouse. */
export interface StoredShipping {
  /** Every event up to this one is in the warehouse. */
  shipped: number;
  at: string | null;
  anchor: Anchor | null;
  failure: { at: string; code: string; message: string; fork: boolean } | null;
}

export interface Ledger {
  /**
   * Writes events and rows in one durable transaction; answers with the events as chained.
   * A step without an event is accepted only for draft content (`batch.members`, `plan.*`) and for `audit.shipping`.
   * Throws `audit-not-writable` when it cannot be made durable; then nothing of it is there.
   */
  commit(step: { events: readonly NewAuditEvent[]; writes: readonly LedgerWrite[] }): Promise<AuditEvent[]>;

  decide(input: { selection: Selection; decision: 'approve' | 'hold' | 'exclude'; reason: string | null; actor: string }): Promise<CallOutput<'pending.decide'>>;
  undo(input: { undoId: string | null; actor: string }): Promise<CallOutput<'decision.undo'>>;
  setViewed(item: PendingKey, viewed: boolean): Promise<void>;

  batches(): Promise<Batch[]>;
  batch(id: string): Promise<Batch | null>;
  /** Next number for `B-1`, `R-1`, `S-0001` names. */
  nextNumber(of: 'batch' | 'run' | 'snapshot'): Promise<number>;
  members(batchId: string, after: PendingKey | null, limit: number): Promise<PendingKey[]>;
  planHeader(batchId: string): Promise<{ header: PlanHeader; hash: string } | null>;
  planRecords(batchId: string, after: PendingKey | null, limit: number): Promise<PlanRecord[]>;
  runs(batchId: string | null): Promise<Run[]>;
  run(id: string): Promise<Run | null>;
  chunks(runId: string): Promise<Chunk[]>;
  runRecords(input: { runId: string; states: readonly RecordState[]; after: PendingKey | null; limit: number }): Promise<RunRecord[]>;
  outcomes(input: { batchId: string; outcome: Outcome | null; code: string | null; chunk: number | null; after: string | null; limit: number }): Promise<{ total: number; items: RecordOutcome[]; next: string | null }>;
  errorGroups(batchId: string): Promise<{ outcome: 'failed' | 'stale' | 'unknown'; code: string; count: number; fields: string[]; message: string | null }[]>;
  paused(): Promise<{ by: string; at: string; reason: string } | null>;
  policy(): Promise<Policy | null>;
  pinnedOrg(): Promise<{ id: string; name: string; environment: 'production' | 'sandbox' | 'simulated'; url: string } | null>;

  events(input: CallParsed<'audit.page'>): Promise<CallOutput<'audit.page'>>;
  /** In order of the chain, for export and verification. */
  eventsFrom(seq: number, limit: number): Promise<AuditEvent[]>;
  chainHead(): Promise<{ events: number; head: string | null }>;
  checkpoints(): Promise<CallOutput<'audit.checkpoints'>>;
  /** Signs the head of the chain, if no checkpoint stands there yet, and answers with it. */
  signHead(): Promise<{ lineage: string; publicKey: string; seq: number; head: string; at: string; signature: string }>;
  shipping(): Promise<StoredShipping>;
  lineage(): Promise<string>;
  verify(): Promise<ChainReport>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- the rest

export interface Clock {
  /** Wall clock as ISO 8601 UTC with milliseconds. */
  now(): string;
  /** Monotonic milliseconds, for rates and waits. */
  elapsedMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Logger {
  info(event: string, facts?: Record<string, unknown>): void;
  warn(event: string, facts?: Record<string, unknown>): void;
  error(event: string, facts?: Record<string, unknown>): void;
}

/** What only a desktop (or a folder) can do. */
export interface Desktop {
  /** Where an export goes; null when the person cancels. */
  chooseSaveFile(suggestedName: string): Promise<string | null>;
  /** Opens an https address in the person's browser; false where this host cannot, or where the system refused. */
  openExternal(url: string): Promise<boolean>;
}

export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Facts of one call that come from the host, never from the caller's input. */
export interface CallContext {
  actor: string;
  signal: AbortSignal;
}

