/** What the core needs of Salesforce. */
import type { FieldValue } from '../../shared/domain/field-value.ts';

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

/**
 * Salesforce ends a call after 10 minutes; 4 more for signing in again and for the upload, half a minute for clocks and networks.
 *
 * Source: Salesforce Developer Limits, "API Requests".
 */
export const salesforceLateEffectMs = 870_000;

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
  /** One Composite call of at most 25 single inserts, each by itself. Throws `OrgCallError`. */
  insertStrict(request: { object: string; records: readonly Readonly<Record<string, FieldValue>>[] }, signal: AbortSignal): Promise<WriteResult[]>;
  /**
   * One Composite call of at most 25 single updates, each refused with `PRECONDITION_FAILED` when its record was modified after
   * `unmodifiedSince` (the instant of its `LastModifiedDate`, whole seconds). Throws `OrgCallError`.
   */
  updateStrict(request: { object: string; records: readonly { record: OrgRecord; unmodifiedSince: string }[] }, signal: AbortSignal): Promise<WriteResult[]>;
  bulk: BulkIngest;
  /** Salesforce's own clock as its answers tell it, ISO 8601 UTC; null before the first answer. */
  now(): string | null;
  /** How long a call may still take effect after it was sent, even when its connection is gone, in milliseconds. */
  lateEffectMs: number;
  /** Calls made since this Org was opened, and the org's own daily count when it has told. */
  usage(): { calls: number; writeCalls: number; dailyUsed: number | null; dailyLimit: number | null };
  close(): Promise<void>;
}

// ---------------------------------------------------------------- Bulk API 2.0 ingest

export const bulkJobStates = ['Open', 'UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted'] as const;

export interface BulkJob {
  id: string;
  state: (typeof bulkJobStates)[number];
  processed: number;
  failed: number;
  /** Salesforce's own words, where a job failed as a whole. */
  message: string | null;
}

/** What became of one row of a job; `values` are the cells as they were uploaded, by column. Rows come in no particular order. */
export type BulkRow = { values: Readonly<Record<string, string>> } & (
  | { outcome: 'succeeded'; id: string; created: boolean }
  | { outcome: 'failed'; code: string; message: string; fields: readonly string[] }
  /** Certainly not written. */
  | { outcome: 'unprocessed' }
);

/**
 * Bulk API 2.0 ingest jobs. A job writes nothing before it is closed, and nothing more once it is complete, failed or aborted.
 * `create`, `upload`, `close` and `abort` are sent once and throw `OrgCallError`; `job` and `results` are repeated where that helps and throw `AppFailure`.
 * Jobs are never deleted: Salesforce keeps them for 7 days.
 */
export interface BulkIngest {
  create(request: { object: string; operation: 'insert' | 'update' }, signal: AbortSignal): Promise<BulkJob>;
  /** The one upload of an open job; a record may leave out fields that others have. Blank values blank the field. */
  upload(request: { jobId: string; records: readonly Readonly<Record<string, FieldValue>>[] }, signal: AbortSignal): Promise<void>;
  close(jobId: string, signal: AbortSignal): Promise<BulkJob>;
  abort(jobId: string, signal: AbortSignal): Promise<BulkJob>;
  /** Null when Salesforce does not know the job (any more). */
  job(jobId: string, signal: AbortSignal): Promise<BulkJob | null>;
  /** All rows of a job that has ended, in pages. */
  results(jobId: string, signal: AbortSignal): AsyncIterable<readonly BulkRow[]>;
}
