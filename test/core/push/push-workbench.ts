import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import type { CallContext, Clock } from '../../../electron/core/ports.ts';
import { createActiveRuns } from '../../../electron/core/push/active-runs.ts';
import type { PushDeps } from '../../../electron/core/push/session.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };
import { createOrgFile, type OrgSeedRecord } from '../../../electron/sample/org/org-file.ts';
import { startOrg, type SimulatedOrg, type StartOrgOptions } from '../../../electron/sample/org/start-org.ts';
import type { RunProgress } from '../../../shared/domain/batch.ts';
import { mappingSchema, type Mapping } from '../../../shared/domain/mapping.ts';
import type { RecordOutcome } from '../../../shared/domain/outcome.ts';
import { planRecordSchema, type PlanRecord } from '../../../shared/domain/plan.ts';
import { policySchema } from '../../../shared/domain/policy.ts';

export const mapping: Mapping = mappingSchema.parse(defaultMapping);

/** A key like `prop-00007`; byte order is number order. */
export function keyOf(kind: 'create' | 'update', number: number): string {
  return `${kind === 'create' ? 'new' : 'old'}-${String(number).padStart(5, '0')}`;
}

/** Salesforce id of the record that update number n changes. */
export function recordIdOf(number: number): string {
  return `a0P${String(number).padStart(12, '0')}`;
}

/** One planned create with a name, a city and one flag. */
export function plannedCreate(number: number, overrides: Partial<PlanRecord> = {}): PlanRecord {
  return planRecordSchema.parse({
    key: keyOf('create', number),
    kind: 'create',
    recordId: null,
    name: `New ${number}`,
    fields: {
      Name: { before: null, after: `New ${number}` },
      City__c: { before: null, after: 'Austin' },
      Bank_Linking_Enabled__c: { before: null, after: true },
      Bank_Linking_Enabled_At__c: { before: null, after: '2026-01-02T03:04:05.000Z' },
    },
    contributors: [keyOf('create', number)],
    ...overrides,
  });
}

/** One planned update that changes the city and one flag of a seeded record. */
export function plannedUpdate(number: number, overrides: Partial<PlanRecord> = {}): PlanRecord {
  return planRecordSchema.parse({
    key: keyOf('update', number),
    kind: 'update',
    recordId: recordIdOf(number),
    name: `Old ${number}`,
    fields: { City__c: { before: 'Boston', after: 'Denver' }, Bank_Linking_Enabled__c: { before: false, after: true } },
    contributors: [keyOf('update', number)],
    ...overrides,
  });
}

/** A record of the org as the planned updates expect it. */
export function seededRecord(number: number): OrgSeedRecord {
  const features = ['Identity_Verification', 'Bank_Linking', 'Payroll_Linking', 'Income_Verification', 'Fraud_Detection'];
  return {
    Id: recordIdOf(number),
    IsDeleted: false,
    Name: `Old ${number}`,
    Snappt_Property_ID__c: keyOf('update', number),
    SF_Property_ID__c: null,
    Address__c: null,
    City__c: 'Boston',
    State__c: null,
    Zip__c: null,
    Company_ID__c: null,
    Company_Name__c: null,
    ...Object.fromEntries(features.flatMap((feature) => [[`${feature}_Enabled__c`, false], [`${feature}_Enabled_At__c`, null]])),
  } as OrgSeedRecord;
}

/** A plan of so many creates and updates, in plan order. */
export function planOf(creates: number, updates: number): PlanRecord[] {
  return [...Array.from({ length: creates }, (_, index) => plannedCreate(index + 1)), ...Array.from({ length: updates }, (_, index) => plannedUpdate(index + 1))];
}

/** A clock that never really waits and remembers what it was asked to wait for. */
export function instantClock(onSleep: (ms: number) => void = () => undefined): Clock & { waits: number[] } {
  const waits: number[] = [];
  let elapsed = 0;
  return {
    waits,
    now: () => new Date().toISOString(),
    elapsedMs: () => elapsed,
    sleep: async (ms) => {
      waits.push(ms);
      elapsed += ms;
      onSleep(ms);
    },
  };
}

/** Stores an approved batch with its frozen plan, as the batch stage leaves it. */
export async function storeApprovedBatch(ledger: Ledger, plan: readonly PlanRecord[], orgId: string, id = 'B-1'): Promise<void> {
  const creates = plan.filter((record) => record.kind === 'create').length;
  const header = { version: 1, orgId, apiVersion: '64.0', mapping } as const;
  const hash = sha256(canonicalJson({ ...header, records: plan }));
  const at = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  await ledger.commit({
    events: [{ type: 'batch.approved', actor: 'ada', batchId: id, runId: null, keys: [], data: { hash } }],
    writes: [
      {
        write: 'batch.put',
        batch: {
          id, name: id, state: 'approved', isPilot: false, draw: { by: 'all-approved' }, strata: [], creates, updates: plan.length - creates,
          fields: null, planHash: hash, snapshotId: 'S-0001', orgId, orgName: 'Sample Org', createdBy: 'ada', createdAt: at, submittedBy: 'ada',
          submittedAt: at, approvalsNeeded: 1, expiresAt, rejectedBy: null, rejectedReason: null, overridePilotReason: null,
        },
      },
      { write: 'plan.records', batchId: id, records: plan },
      { write: 'plan.header', batchId: id, header, hash },
      { write: 'approval.add', batchId: id, approval: { by: 'ada', at, planHash: hash, expiresAt, note: null } },
    ],
  });
}

/** The push engine's needs around any org and ledger. */
export function pushDeps(parts: { ledger: Ledger; org: Org; clock?: Clock; chunkSize?: number; onProgress?(progress: RunProgress): void }): PushDeps {
  return {
    ledger: parts.ledger,
    org: parts.org,
    mapping,
    clock: parts.clock ?? instantClock(),
    policy: policySchema.parse({ chunkSize: parts.chunkSize ?? 200 }),
    emit: (name, payload) => {
      if (name === 'run.progress') parts.onProgress?.(payload as RunProgress);
    },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    active: createActiveRuns(),
  };
}

export function asAda(signal = new AbortController().signal): CallContext {
  return { actor: 'ada', signal };
}

/** The outcome of every record of a batch, by key. */
export async function outcomesOf(ledger: Ledger, batchId = 'B-1'): Promise<Map<string, RecordOutcome>> {
  const { items } = await ledger.outcomes({ batchId, outcome: null, code: null, chunk: null, after: null, limit: 5_000 });
  return new Map(items.map((item) => [item.key, item]));
}

export interface JournalEntry {
  operation: string;
  recordId: string;
  externalKey: string | null;
  after: Record<string, unknown> | null;
}

/** A simulated org with the real adapter and the real ledger in a folder of their own. */
export interface PushWorkbench {
  folder: string;
  ledger: Ledger;
  org: Org;
  simulated: SimulatedOrg;
  deps: PushDeps;
  clock: ReturnType<typeof instantClock>;
  progress: RunProgress[];
  addFault(fault: { match?: Record<string, unknown>; times?: number; action: Record<string, unknown> }): Promise<void>;
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  journal(): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/** Opens a workbench whose org holds the records that the plan's updates expect, with the plan in an approved batch. */
export async function openWorkbench(plan: readonly PlanRecord[], options: { chunkSize?: number; org?: Partial<StartOrgOptions>; seed?: readonly OrgSeedRecord[] } = {}): Promise<PushWorkbench> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-push-'));
  const file = join(folder, 'org.db');
  const updates = plan.filter((record) => record.kind === 'update').length;
  createOrgFile({ file, seed: 'push', records: options.seed ?? Array.from({ length: updates }, (_, index) => seededRecord(index + 1)) });
  const simulated = await startOrg({ file, workflowDelayMs: 3_600_000, ...options.org });
  const { username, password, clientId, clientSecret } = simulated.credentials;
  const org = jsforceOrg({ connection: { loginUrl: simulated.url, username, password, clientId, clientSecret }, apiVersion: '64.0', timeoutMs: 5_000, sleep: async () => undefined });
  const ledger = await openLedger({ folder, threads: false });
  await storeApprovedBatch(ledger, plan, simulated.orgId);
  const clock = instantClock();
  const progress: RunProgress[] = [];
  const deps = pushDeps({ ledger, org, clock, chunkSize: options.chunkSize ?? 200, onProgress: (each) => progress.push(each) });

  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${simulated.url}/_control${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  };
  return {
    folder, ledger, org, simulated, deps, clock, progress, control,
    addFault: async (fault) => { await control('POST', '/faults', fault); },
    journal: async () => (await control<{ entries: JournalEntry[] }>('GET', '/journal?limit=10000')).entries.filter((entry) => entry.operation !== 'workflow'),
    close: async () => {
      await ledger.close();
      await org.close();
      await simulated.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
