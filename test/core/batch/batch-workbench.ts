import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openCache } from '../../../electron/adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { openDatabase, type SqliteDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };
import type { RecordResult, RunRow } from '../../../electron/core/ledger-ports.ts';
import type { OrgIdentity } from '../../../electron/core/org-ports.ts';
import type { CallContext, CandidateChange } from '../../../electron/core/ports.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { mappingSchema } from '../../../shared/domain/mapping.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { policySchema, type Policy } from '../../../shared/domain/policy.ts';

const mapping = mappingSchema.parse(defaultMapping);

export interface ChangeFacts extends PendingKey {
  priority?: 'P1' | 'P2' | 'P3';
  city?: string;
  isBlocked?: boolean;
  /** Properties that share its production id. */
  members?: number;
}

export interface Workbench {
  folder: string;
  deps: BatchDeps;
  /** Moves the clock on. */
  wait(hours: number): void;
  /** Replaces the snapshot. */
  load(changes: readonly ChangeFacts[]): Promise<void>;
  as(actor: string): CallContext;
  withPolicy(policy: Partial<Policy>): BatchDeps;
  approveAll(): Promise<void>;
  /** Stores a finished run with the outcomes given by key; all others succeed. */
  pretendRun(batch: Batch, outcomes?: Readonly<Record<string, RecordResult['state']>>): Promise<void>;
  /** What somebody who can write the ledger's file might do. */
  tamper(work: (db: SqliteDatabase) => void): void;
}

export const sampleOrg: OrgIdentity = { orgId: '00D000000000001AAA', orgName: 'Sample Org', isProduction: false, userId: '005000000000001AAA', username: 'ann@example.com', instanceUrl: 'http://127.0.0.1:1', apiVersion: '64.0' };

export const production: OrgIdentity = { ...sampleOrg, isProduction: true };

/** A real ledger and a real cache in a folder of their own, with the clock in hand. */
export async function openWorkbench(changes: readonly ChangeFacts[] = []): Promise<Workbench> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-batch-'));
  let millis = Date.UTC(2026, 10, 23, 12);
  const now = () => new Date((millis += 1_000)).toISOString();
  const ledger = await openLedger({ folder, threads: false, now });
  const cache = await openCache({ folder, mapping, threads: false });
  onTestFinished(async () => {
    await cache.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = { now, elapsedMs: () => millis, sleep: async () => {} };
  const policy = policySchema.parse({});
  const deps: BatchDeps = { cache, ledger, clock, mapping, policy, org: { id: sampleOrg.orgId, name: sampleOrg.orgName, environment: 'simulated', apiVersion: '64.0', user: { id: sampleOrg.userId, username: sampleOrg.username } }, apiUsage: () => ({ dailyUsed: null, dailyLimit: null }) };

  const bench: Workbench = {
    folder,
    deps,
    wait: (hours) => {
      millis += hours * 3_600_000;
    },
    async load(facts) {
      const ordered = facts.toSorted((one, other) => (one.kind === other.kind ? Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) : one.kind < other.kind ? -1 : 1));
      const number = await ledger.nextNumber('snapshot');
      const writer = await cache.beginSnapshot(mapping, null);
      await writer.addCandidates(ordered.map(candidate));
      await writer.addHits(ordered.filter(({ isBlocked }) => isBlocked).map(({ key, kind }) => ({ checkId: 'duplicate-key', severity: 'blocker', subject: 'pending', key, kind, detail: null })));
      await writer.runChecks({ now: now() });
      await writer.commit({ id: `S-${String(number).padStart(4, '0')}`, takenAt: now(), multiPropertyGroups: 0, multiPropertyMembers: 0, rows: { properties: 0, propertyFeatures: 0, productProperty: 0, orgRecords: 0 }, notices: [], readFrom: { source: null, org: null, rules: null }, startedAtMs: 0, nowMs: 0 });
    },
    as: (actor) => ({ actor, signal: new AbortController().signal }),
    withPolicy: (changed) => ({ ...deps, policy: { ...policy, ...changed } }),
    async approveAll() {
      await ledger.decide({ selection: { filter: '', except: [] }, chosen: await cache.choose({ filter: '', except: [] }), decision: 'approve', reason: null, actor: 'ann' });
    },
    async pretendRun(batch, outcomes = {}) {
      const { approvals: _, outcomes: __, runId: ___, ...row } = batch;
      const run: RunRow = { id: `R-${await ledger.nextNumber('run')}`, batchId: batch.id, state: 'completed', mode: 'collections', why: null, startedBy: 'ann', startedAt: now(), endedAt: now(), apiCalls: 0, writeCalls: 0, seconds: 0, retryOf: null, stopReason: null };
      const event = { type: 'run.finished' as const, actor: 'ann', batchId: batch.id, runId: run.id, keys: [], data: {} };
      const records = await ledger.planRecords(batch.id, null, 10_000);
      const results = records.map(({ key, kind }): RecordResult => ({ key, kind, state: outcomes[key] ?? 'succeeded', code: null, message: null, fields: [], salesforceId: (outcomes[key] ?? 'succeeded') === 'succeeded' ? 'a01' : null, now: null }));
      const intents = results.flatMap(({ key, kind, state }) => (state === 'planned' ? [] : [{ key, kind, chunk: 1, beforeImage: null, sent: {}, sentAt: null }]));
      const hasErrors = results.some(({ state }) => state !== 'succeeded');
      await ledger.commit({ events: [event], writes: [{ write: 'run.start', run, retryOf: null }, { write: 'record.intents', runId: run.id, intents }, { write: 'record.results', runId: run.id, results: results.filter(({ state }) => state !== 'planned') }, { write: 'batch.put', batch: { ...row, state: hasErrors ? 'completed-with-errors' : 'completed' } }] });
    },
    tamper(work) {
      const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
      for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
      work(db);
      db.close();
    },
  };
  await bench.load(changes);
  return bench;
}

function candidate({ key, kind, priority = 'P3', city = 'Dallas', members = 1 }: ChangeFacts): CandidateChange {
  const isUpdate = kind === 'update';
  const valueOf = (field: string, cityValue: string | null) => (field === 'Name' ? `Name of ${key}` : field === 'City__c' ? cityValue : field.endsWith('_Enabled__c') ? false : null);
  const after = mapping.fields.map(({ field }) => valueOf(field, city));
  const before = mapping.fields.map(({ field }) => (isUpdate ? valueOf(field, 'Austin') : null));
  const contributors = Array.from({ length: members }, (_, place) => (place === 0 ? key : `${key}-${place}`));
  return {
    key, kind, priority, name: `Name of ${key}`, company: null, state: null, recordId: isUpdate ? `a0P${sha256(key).slice(0, 12)}AAA` : null, productionId: null, groupKey: null, before, after,
    changes: mapping.fields.map(({ field }) => (field === 'City__c' ? (isUpdate ? 'changed' : 'filled') : field === 'Name' && !isUpdate ? 'filled' : 'equal')),
    winners: mapping.fields.map(() => key), contributors, ignored: [], primaryId: key, isPending: true,
    contentHash: sha256(canonicalJson({ kind, key, before, after, contributors })),
  };
}

/** Creates `c-0000`… and updates `u-0000`… */
export function changesOf(creates: number, updates: number): ChangeFacts[] {
  const named = (letter: string, count: number, kind: 'create' | 'update') => Array.from({ length: count }, (_, n): ChangeFacts => ({ key: `${letter}-${String(n).padStart(4, '0')}`, kind }));
  return [...named('c', creates, 'create'), ...named('u', updates, 'update')];
}

/** The rule (or code) by which a call was refused; `done` when it was not. */
export async function ruleOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof AppFailure) return error.error.details['rule'] ?? error.error.code;
    throw error;
  }
}
