import type { Batch } from '../../../shared/domain/batch.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { OrgUser, PlanRecord } from '../../../shared/domain/plan.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Cache, Clock, PlannableChange } from '../ports.ts';

/** What the batch stage works with. */
export interface BatchDeps {
  cache: Cache;
  ledger: Ledger;
  clock: Clock;
  mapping: Mapping;
  /** The policy in force now. */
  policy: Policy;
  /** The org this workspace belongs to, and who was signed in to it at the newest refresh. */
  org: { id: string; name: string; environment: 'production' | 'sandbox' | 'simulated'; apiVersion: string; user: OrgUser | null };
  /** What the org has told of its API calls of the day. */
  apiUsage(): { dailyUsed: number | null; dailyLimit: number | null };
}

/** How many records are read at a time. */
export const pageSize = 2_000;

/** How many keys an event names. */
const keysInEvent = 10_000;

/** The batch as it is now. Errors: `not-found`. */
export async function requireBatch(deps: Pick<BatchDeps, 'ledger'>, id: string): Promise<Batch> {
  const batch = await deps.ledger.batch(id);
  if (batch === null) throw new AppFailure('not-found', `There is no batch ${id}.`, { batchId: id });
  return batch;
}

/** An event about a batch as a whole. */
export function batchEvent(type: NewAuditEvent['type'], actor: string, batchId: string, data: NewAuditEvent['data'], keys: readonly string[] = []): NewAuditEvent {
  return { type, actor, batchId, runId: null, keys: [...new Set(keys)].slice(0, keysInEvent), data };
}

/** Refuses when a batch is in none of the states in which this can be done. */
export function requireState(batch: Batch, allowed: readonly Batch['state'][], action: string): void {
  if (allowed.includes(batch.state)) return;
  throw refusal('wrong-state', `Batch ${batch.id} is ${batch.state}. Only a batch that is ${allowed.join(' or ')} can be ${action}.`, { batchId: batch.id, state: batch.state });
}

/** A member of a batch with its pending change as it is now; null when it is no longer pending. */
export interface Member {
  item: PendingKey;
  change: PlannableChange | null;
}

/** Streams the members of a batch in order of kind, then key, a page at a time. */
export async function* readMembers(deps: Pick<BatchDeps, 'ledger' | 'cache'>, batchId: string): AsyncGenerator<Member[]> {
  let after: PendingKey | null = null;
  for (;;) {
    const items: PendingKey[] = await deps.ledger.members(batchId, after, pageSize);
    if (items.length === 0) return;
    yield await withChanges(deps, items);
    after = items.at(-1) ?? null;
  }
}

/** A record of a plan with its pending change as it is now. */
export type PlannedMember = Member & { planned: PlanRecord };

/** Streams the records of a frozen plan, each with its pending change as it is now, in the same order. */
export function readPlanned(deps: Pick<BatchDeps, 'ledger' | 'cache'>, batchId: string): AsyncGenerator<PlannedMember[]> {
  return pairRecords(deps, (after) => deps.ledger.planRecords(batchId, after, pageSize));
}

/** As `readPlanned`, of the records that failed in a run. */
export function readFailed(deps: Pick<BatchDeps, 'ledger' | 'cache'>, runId: string): AsyncGenerator<PlannedMember[]> {
  return pairRecords(deps, (after) => deps.ledger.runRecords({ runId, states: ['failed'], after, limit: pageSize }));
}

async function* pairRecords(deps: Pick<BatchDeps, 'cache'>, readPage: (after: PendingKey | null) => Promise<readonly PlanRecord[]>): AsyncGenerator<PlannedMember[]> {
  let after: PendingKey | null = null;
  for (;;) {
    const records = await readPage(after);
    const last = records.at(-1);
    if (last === undefined) return;
    const members = await withChanges(deps, records.map(({ key, kind }) => ({ key, kind })));
    yield records.flatMap((planned, place) => (members[place] ? [{ ...members[place], planned }] : []));
    after = { key: last.key, kind: last.kind };
  }
}

async function withChanges(deps: Pick<BatchDeps, 'cache'>, items: readonly PendingKey[]): Promise<Member[]> {
  const changes = await deps.cache.plannable({ selection: { items: [...items] }, after: null, limit: items.length });
  const byKey = new Map(changes.map((change) => [`${change.kind}\0${change.key}`, change]));
  return items.map((item) => ({ item, change: byKey.get(`${item.kind}\0${item.key}`) ?? null }));
}

/** The part of a pending change that goes into a plan. */
export function planRecordOf({ key, kind, recordId, name, fields, contributors }: PlanRecord): PlanRecord {
  return { key, kind, recordId, name, fields, contributors };
}

/** Two names of one person, whatever their letter case, spacing, Unicode form and characters that nobody sees. */
export function isSamePerson(one: string, other: string): boolean {
  const fold = (name: string) => name.normalize('NFKC').replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\s]+/gu, '').toUpperCase().toLowerCase();
  return fold(one) === fold(other);
}
