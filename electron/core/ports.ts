/**
 * What the core needs from outside; the org is in org-ports.ts, the ledger in ledger-ports.ts, what only a warehouse of
 * tables can do in warehouse-ports.ts. The core knows these interfaces, never a driver.
 * Every method that can fail in an expected way throws `AppFailure`; everything else is a bug.
 */
import type { CheckResult, Severity } from '../../shared/domain/check.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import type { Mapping } from '../../shared/domain/mapping.ts';
import type { DecisionState, Kind, PendingDetail, PendingKey } from '../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../shared/domain/plan.ts';
import type { Sample, ShapeDetail } from '../../shared/domain/shape.ts';
import type { Summary } from '../../shared/domain/summary.ts';
import type { Selection } from '../../shared/domain/selection.ts';
import type { SinceLast, Snapshot } from '../../shared/domain/snapshot.ts';
import type { CallOutput, CallParsed, EventName, EventPayload, Facets } from '../../shared/contract.ts';
import type { StoredSample } from './ledger-ports.ts';
import type { OrgObject } from './org-ports.ts';

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

/** What a batch needs of one pending change; its fields are those that would be sent. */
export interface PlannableChange extends PlanRecord {
  /** Changed fields that a decision leaves out. */
  leftOut: PlanRecord['fields'];
  priority: 'P1' | 'P2' | 'P3';
  memberCount: number;
  contentHash: string;
  blockers: number;
  decision: DecisionState;
}

/** What drawing a batch looks at. */
export type DrawableChange = Pick<PlannableChange, 'key' | 'kind' | 'priority' | 'memberCount' | 'blockers' | 'decision'>;

/** A decision on a record that counts no more, because what is pending is another change now. */
export interface FallenDecision extends NonNullable<SinceLast['fallen']> {
  /** In what the change differs from the one that was decided, where it fell away with the newest snapshot; null for an older one. */
  parts: readonly SinceLast['fields'][number]['part'][] | null;
}

/** A pending change in full, without what only the ledger knows. */
export type CachedDetail = Omit<PendingDetail, 'history' | 'comments'> & { fallen: FallenDecision | null };

/** Records of one snapshot that a filter names, as they were when it was evaluated. */
export interface Chosen {
  snapshotId: string;
  /** The newest decision step that was known then; a newer one means that the filter may name others by now. */
  seenStep: number;
  count: number;
  /** How many of them have blockers. */
  blocked: number;
  /** Bit `position - 1` of the pending changes' positions, least significant bit first. */
  bits: Uint8Array;
}

export interface Cache {
  snapshot(): Promise<Snapshot | null>;
  /** `org` is what the org says of the object; null: what needs it is not checked. */
  beginSnapshot(mapping: Mapping, org: OrgObject | null): Promise<SnapshotWriter>;
  page(input: CallParsed<'pending.page'>): Promise<CallOutput<'pending.page'>>;
  /** The pages that a list begins with, which are those around a record where it holds that. */
  open(input: CallParsed<'pending.open'>): Promise<CallOutput<'pending.open'>>;
  facets(filter: string): Promise<Facets>;
  /** Null when there is no such pending change. What only the ledger knows is added by the caller. */
  show(key: string, kind: Kind | undefined): Promise<CachedDetail | null>;
  /** Pages like `page`, every item in full. */
  pageFull(input: CallParsed<'pending.page'>): Promise<{ total: number; items: CachedDetail[]; next: string | null }>;
  /** Row of a record in a list; null when it is not in it. */
  locate(input: CallParsed<'pending.locate'>): Promise<number | null>;
  /** First row from `from` on, and round again, whose name begins with the prefix. */
  find(input: CallParsed<'pending.find'>): Promise<number | null>;
  summary(filter: string): Promise<Summary>;
  /** The most frequent value pairs among the next `limit` matching records after a position; the caller adds the slices up. */
  valuesSlice(input: { filter: string; field: string; after: number; limit: number }): Promise<{ pairs: { before: FieldValue; after: FieldValue; count: number }[]; records: number; next: number | null }>;
  shapes(filter: string): Promise<CallOutput<'shapes.list'>>;
  /** Null for an unknown shape. The sample is added by the caller. */
  shape(id: string): Promise<Omit<ShapeDetail, 'sample'> | null>;
  /** How far the review of a draw has come. */
  coverage(draw: StoredSample): Promise<Pick<Sample, 'population' | 'drawn' | 'viewed' | 'wrong'>>;
  /** The records of a selection as they are now, for a decision on all of them. */
  choose(selection: Selection): Promise<Chosen>;
  checks(): Promise<CallOutput<'checks.list'>>;
  sinceLast(input: CallParsed<'snapshot.sinceLast'>): Promise<CallOutput<'snapshot.sinceLast'>>;
  /** As `plannable`, without the values: many times faster over a whole set. */
  drawable(input: { selection: Selection; after: PendingKey | null; limit: number }): Promise<DrawableChange[]>;
  /** Streams pending changes for planning, in order of kind, then key (byte order). */
  plannable(input: { selection: Selection; after: PendingKey | null; limit: number }): Promise<PlannableChange[]>;
  metrics(): Promise<CallOutput<'status.metrics'>['metrics']>;
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
  /** Opens a file that the person chooses, to be read; null when the person cancels. Absent where this host cannot. */
  openFile?(): Promise<AsyncIterable<Uint8Array> | null>;
  /** Opens an https address in the person's browser; false where this host cannot, or where the system refused. */
  openExternal(url: string): Promise<boolean>;
}

export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Facts of one call that come from the host, never from the caller's input. */
export interface CallContext {
  actor: string;
  signal: AbortSignal;
}

