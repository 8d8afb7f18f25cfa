/**
 * What the core needs of a warehouse besides its rows: the objects that are deployed there, the copy of the audit log, and
 * the way in. Every method that can fail in an expected way throws `AppFailure`.
 */
import type { WhatIf, WhatIfDraft, WhatIfProgress, WhatIfRecord, WhatIfState } from '../../shared/domain/what-if.ts';
import type { AccessReport, Anchor, SignIn, ViewName, WarehouseProgress } from '../../shared/domain/warehouse.ts';

/** One row of `property_sync_audit_log`. */
export interface AuditLogRow {
  event_id: string;
  workspace_id: string;
  sequence: number;
  occurred_at: string;
  event_kind: string;
  actor: string;
  record_key: string | null;
  batch_id: string | null;
  run_id: string | null;
  salesforce_id: string | null;
  outcome: string | null;
  previous_hash: string;
  event_hash: string;
  payload: string;
}

/** What the warehouse's copy of the audit log holds of one ledger. */
export interface AuditEvidence {
  /** Events that are there, each counted once; anchors are no events. */
  events: number;
  /** The one with the highest sequence. */
  last: { seq: number; hash: string } | null;
  /** Sequences that hold two different events: the ledger was copied, or cut back and written on. At most 20. */
  forks: readonly number[];
  /** The newest anchor with the text that was signed. */
  anchor: (Anchor & { payload: string }) | null;
}

/** The append-only copy of the audit log. */
export interface AuditTable {
  /** Where it is, for people to read. */
  readonly place: string;
  /**
   * Adds the rows whose event id is not there yet, all or none. At most 500 rows.
   * When it throws with `details.effect` = `unknown`, the rows may be there: ask `present`.
   */
  append(rows: readonly AuditLogRow[], signal: AbortSignal): Promise<void>;
  /** Which of the ids are there. */
  present(eventIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
  evidence(workspaceId: string, signal: AbortSignal): Promise<AuditEvidence>;
}

/** One column of a deployed table. */
export interface DeployedColumn {
  name: string;
  /** As the warehouse spells it, with its length: `varchar(64)`, `bigint`. */
  type: string;
  /** Null where the warehouse does not say. */
  isNullable: boolean | null;
}

/** What is deployed under one name. */
export interface DeployedObject {
  kind: 'view' | 'table';
  /** Text of a view after AS, or null where this user may not read it. Of a table: null. */
  text: string | null;
  /** Of a table: its properties (constraints, `delta.appendOnly`) by name; of a view: empty. */
  properties: Readonly<Record<string, string>>;
  /** Of a table: its columns in order; of a view: empty. */
  columns: readonly DeployedColumn[];
}

/** The six objects as they are deployed. */
export interface WarehouseObjects {
  /** Null where this version's texts always run and nothing is deployed (embedded). */
  readonly place: { catalog: string; schema: string } | null;
  /** Placeholder of a view's text -> qualified name. */
  readonly names: Readonly<Record<string, string>>;
  /** What is deployed, of all names or only of some; a name that is not there has no entry. */
  deployed(signal: AbortSignal, only?: readonly ViewName[]): Promise<ReadonlyMap<ViewName, DeployedObject>>;
  /** Runs one statement of a deployment. */
  execute(sql: string, signal: AbortSignal): Promise<void>;
}

/** The way into the warehouse. */
export interface WarehouseAccess {
  signInState(): Promise<SignIn>;
  /** Opens a session, runs `SELECT 1`, and looks whether everything that is needed is granted. Never throws for what is missing: the report says it. */
  test(signal: AbortSignal): Promise<AccessReport>;
  /** Signs a person in with a browser. Errors: `not-available-here`, `cancelled`, `not-signed-in` when it was refused or took too long. */
  signIn(signal: AbortSignal): Promise<void>;
  /** Stores a personal token (null: forgets what is stored). */
  storeToken(token: string | null): Promise<void>;
  /** Told while a call waits for the warehouse; returns the function that ends the subscription. */
  onProgress(listener: (progress: WarehouseProgress) => void): () => void;
}

/** Small secrets, sealed by the system's keystore where there is one. */
export interface Secrets {
  /** True when they outlive the process. */
  readonly isLasting: boolean;
  get(name: string): Promise<string | null>;
  /** Null forgets it. */
  set(name: string, value: string | null): Promise<void>;
}

/** Trying other rules without touching anything: the views run in a scratch copy of the cached source rows. */
export interface RuleTrial {
  /** The text of the view that a draft changes, as plan B has it. `invalid-input` for a draft that cannot be made. */
  draft(draft: WhatIfDraft): Promise<{ view: string; asIs: string; sql: string }>;
  /** `invalid-input` names line and problem of a text that SQLite refuses; `refused` (`no-snapshot`); `cancelled`. The comparison is kept until the next one. */
  run(draft: WhatIfDraft, options: { signal: AbortSignal; onProgress(progress: WhatIfProgress): void }): Promise<WhatIf>;
  records(input: { id: string; state?: WhatIfState | undefined; field?: string | undefined; after?: string | undefined; limit: number }): Promise<{ total: number; items: WhatIfRecord[]; next: string | null }>;
  close(): Promise<void>;
}
