/** What the core needs of the ledger: it is never deleted, and what is in it is proved by its chain. */
import type { CallOutput, CallParsed } from '../../shared/contract.ts';
import type { AuditEvent, ChainReport, NewAuditEvent } from '../../shared/domain/audit-event.ts';
import type { Approval, Batch, Chunk, Run } from '../../shared/domain/batch.ts';
import type { FieldValue } from '../../shared/domain/field-value.ts';
import type { Outcome, RecordOutcome, RecordRun, RecordState } from '../../shared/domain/outcome.ts';
import type { HistoryEntry, Kind, PendingKey } from '../../shared/domain/pending-change.ts';
import type { OrgUser, PlanHeader, PlanRecord } from '../../shared/domain/plan.ts';
import type { PolicyChoice } from '../../shared/domain/policy.ts';
import type { Comment, DecisionStep, ReviewMark, SavedView } from '../../shared/domain/review.ts';
import type { Sample } from '../../shared/domain/shape.ts';
import type { Selection } from '../../shared/domain/selection.ts';
import type { Anchor } from '../../shared/domain/warehouse.ts';
import type { Chosen } from './ports.ts';

export type BatchRow = Omit<Batch, 'approvals' | 'outcomes' | 'runId'>;
export type RunRow = Omit<Run, 'counts'>;
export type ChunkRow = Omit<Chunk, 'jobId'>;

/** What an intent stores before the call is made. */
export interface RecordIntent {
  key: string;
  kind: Kind;
  chunk: number;
  /** Values just before, of the fields to be written plus `SystemModstamp`; null for a create. */
  beforeImage: Readonly<Record<string, FieldValue>> | null;
  sent: Readonly<Record<string, FieldValue>>;
  /** By Salesforce's own clock, so that no clock of this machine decides; null while it is not known. */
  sentAt: string | null;
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
  /** For a record that is planned again: no call has written it or ever will, so that its last intent says nothing any more. */
  isForgotten?: boolean;
}

/** Writes that belong to one step. They and the step's events are one transaction. */
export type LedgerWrite =
  | { write: 'batch.put'; batch: BatchRow }
  /** Changes parts of a stored batch. With `seen` only while it still stands as the caller has seen it; `refused` (`wrong-state`) otherwise. */
  | { write: 'batch.change'; batchId: string; seen?: Pick<BatchRow, 'state' | 'planHash' | 'submittedAt'>; change: Partial<Omit<BatchRow, 'id'>> }
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
  | { write: 'chunk.put'; runId: string; chunk: ChunkRow }
  | { write: 'record.intents'; runId: string; intents: readonly RecordIntent[] }
  | { write: 'record.results'; runId: string; results: readonly RecordResult[] }
  /** The newest bulk job of a chunk. */
  | { write: 'job.put'; job: StoredJob }
  | { write: 'pause.set'; pause: { by: string; at: string; reason: string } | null }
  | { write: 'policy.set'; policy: PolicyChoice }
  /** How far the copy in the warehouse goes; says nothing that needs an event of its own. */
  | { write: 'audit.shipping'; shipping: StoredShipping }
  /** `refused` (`wrong-org`) when another org is pinned already. */
  | { write: 'org.pin'; org: PinnedOrg };

/** The org that a workspace belongs to, and who was signed in to it at the newest refresh. */
export interface PinnedOrg {
  id: string;
  name: string;
  environment: 'production' | 'sandbox' | 'simulated';
  url: string;
  /** Null where it was pinned before the user was kept; the next refresh tells. */
  user: OrgUser | null;
}

/** One record of a run as the push engine works on it. */
export interface RunRecord extends PlanRecord {
  state: RecordState;
  chunk: number | null;
  attempts: number;
  beforeImage: Readonly<Record<string, FieldValue>> | null;
  sent: Readonly<Record<string, FieldValue>> | null;
  salesforceId: string | null;
  code: string | null;
  /** When the newest intent was stored, by Salesforce's clock; null when there was none, or it is not known. */
  sentAt: string | null;
}

/**
 * How far a bulk job has come, stored before and after each step that matters.
 * `creating`: asked for, id not known yet. `open`: its id is known, and it writes nothing. `closing`: it may write from here on.
 * `ended`: its results are in the ledger, or it was given up before it was closed.
 */
export interface StoredJob {
  runId: string;
  chunk: number;
  jobId: string | null;
  state: 'creating' | 'open' | 'closing' | 'ended';
}

/** A random draw as it is kept: which records it holds follows from the filter, the seed and the size. */
export type StoredSample = Pick<Sample, 'id' | 'filter' | 'seed' | 'size' | 'by' | 'at'>;

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
   * Writes events and rows in one durable transaction; answers with the number of the chain's last event.
   * A step without an event is accepted only for draft content (`batch.members`, `plan.*`) and for `audit.shipping`.
   * Throws `audit-not-writable` when it cannot be made durable. After an error of the disk all of it may be there nevertheless; the
   * ledger itself tells with the next call, so whoever goes on reads anew.
   */
  commit(step: { events: readonly NewAuditEvent[]; writes: readonly LedgerWrite[] }): Promise<number>;

  /**
   * `chosen`: the records of a selection by filter, from `Cache.choose`; `refused` (`selection-changed`, with `isOutdated`) when a
   * snapshot or a decision is newer. `expect`: the number of records the person was told of; another one is `refused`
   * (`selection-changed`).
   */
  decide(input: { selection: Selection; chosen?: Chosen | null; decision: 'approve' | 'hold' | 'exclude'; reason: string | null; actor: string; expect?: number | null }): Promise<CallOutput<'pending.decide'>>;
  /**
   * Writes a part of the rows that an approval of very many records has left to write; answers whether some are left. The approval
   * itself counts from its `decide` on.
   */
  writeDecisions(): Promise<boolean>;
  undo(input: { undoId: string | null; actor: string }): Promise<CallOutput<'decision.undo'>>;
  redo(input: { undoId: string | null; actor: string }): Promise<CallOutput<'decision.redo'>>;
  /** The newest first. */
  decisionSteps(limit: number): Promise<DecisionStep[]>;
  excludeField(input: { selection: Selection; chosen?: Chosen | null; field: string; isExcluded: boolean; reason: string | null; actor: string; expect?: number | null }): Promise<CallOutput<'pending.excludeField'>>;
  mark(input: { item: PendingKey; mark: ReviewMark; actor: string }): Promise<ReviewMark>;
  /** Writes its audit event in the same step. */
  addComment(input: { item: PendingKey; text: string; actor: string }): Promise<Comment>;
  /** Oldest first; `contentHash` is the content that the reader sees. */
  comments(key: string, contentHash: string): Promise<Comment[]>;
  /** The newest draw from a filter. */
  sample(filter: string): Promise<StoredSample | null>;
  /** Stores a draw, with its audit event in the same step; the one it goes on from is the newest of its filter. */
  drawSample(input: { filter: string; size: number; seed: string; snapshotId: string; actor: string }): Promise<StoredSample>;
  savedViews(): Promise<SavedView[]>;
  saveView(input: { name: string; address: string; actor: string }): Promise<SavedView>;
  deleteView(input: { name: string; actor: string }): Promise<void>;
  /** Newest run first. */
  recordRuns(key: string): Promise<RecordRun[]>;

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
  /** The newest bulk job of a chunk. */
  job(runId: string, chunk: number): Promise<StoredJob | null>;
  runRecords(input: { runId: string; states: readonly RecordState[]; after: PendingKey | null; limit: number }): Promise<RunRecord[]>;
  outcomes(input: { batchId: string; outcome: Outcome | null; code: string | null; chunk: number | null; after: string | null; limit: number }): Promise<{ total: number; items: RecordOutcome[]; next: string | null }>;
  errorGroups(batchId: string): Promise<{ outcome: 'failed' | 'stale' | 'unknown'; code: string; count: number; fields: string[]; message: string | null }[]>;
  paused(): Promise<{ by: string; at: string; reason: string } | null>;
  policy(): Promise<PolicyChoice | null>;
  pinnedOrg(): Promise<PinnedOrg | null>;

  events(input: CallParsed<'audit.page'>): Promise<CallOutput<'audit.page'>>;
  /** What the newest events that name a record say, newest first. */
  history(key: string, limit: number): Promise<HistoryEntry[]>;
  /** In order of the chain, for export and verification. */
  eventsFrom(seq: number, limit: number): Promise<AuditEvent[]>;
  chainHead(): Promise<{ events: number; head: string | null }>;
  checkpoints(): Promise<CallOutput<'audit.checkpoints'>>;
  /** Signs the head of the chain, if no checkpoint stands there yet, and answers with it. */
  signHead(): Promise<{ lineage: string; publicKey: string; seq: number; head: string; at: string; signature: string }>;
  /** Signs a text with the ledger's own key, which never leaves it. */
  sign(text: string): Promise<{ publicKey: string; signature: string }>;
  publicKey(): Promise<string>;
  shipping(): Promise<StoredShipping>;
  lineage(): Promise<string>;
  verify(): Promise<ChainReport>;
  /** Makes a copy of the ledger beside it and drops the oldest copies. */
  backUp(): Promise<{ file: string; sha256: string }>;
  close(): Promise<void>;
}
