import type { Batch, PreflightItem } from '../../../shared/domain/batch.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { canonicalJson } from '../canonical.ts';
import { planRecordOf, readMembers, type BatchDeps, type Member } from './batch-deps.ts';
import { rehashPlan } from './plan-hash.ts';
import { isExpired } from './submit-batch.ts';

/** How the members of a batch that was not pushed yet stand in the current snapshot. */
export interface Standing {
  notPending: number;
  notApproved: number;
  blocked: number;
  /** True when the pending changes are no longer those of the frozen plan. */
  planStale: boolean;
  /** Keys of the plan's records whose pending change is another now, or gone. */
  changedKeys: string[];
}

/** Compares the members of a batch, and its plan if there is one, with the current snapshot. All zero once it was pushed. */
export async function surveyStanding(deps: BatchDeps, batch: Batch): Promise<Standing> {
  const standing: Standing = { notPending: 0, notApproved: 0, blocked: 0, planStale: false, changedKeys: [] };
  if (batch.runId !== null) return standing;
  let after: PendingKey | null = null;
  for await (const members of readMembers(deps, batch.id)) {
    for (const { change } of members) {
      if (change === null) standing.notPending += 1;
      else if (change.decision !== 'approve') standing.notApproved += 1;
      if (change !== null && change.blockers > 0) standing.blocked += 1;
    }
    if (batch.planHash !== null) standing.changedKeys.push(...(await keysNotAsPlanned(deps, batch.id, members, after)));
    after = members.at(-1)?.item ?? null;
  }
  standing.planStale = standing.changedKeys.length > 0;
  return standing;
}

/** Plan and members have the same order, so a page of one is a page of the other. */
async function keysNotAsPlanned(deps: BatchDeps, batchId: string, members: readonly Member[], after: PendingKey | null): Promise<string[]> {
  const planned = await deps.ledger.planRecords(batchId, after, members.length);
  const isAsPlanned = ({ change }: Member, place: number) => change !== null && canonicalJson(planRecordOf(change)) === canonicalJson(planned[place] ?? null);
  return members.filter((member, place) => !isAsPlanned(member, place)).map(({ item }) => item.key);
}

/** What is looked at before a push, with what was found, and what was not looked at. Empty once the batch was pushed. */
export async function readPreflight(deps: BatchDeps, batch: Batch, standing: Standing, isGateShut: boolean): Promise<PreflightItem[]> {
  if (batch.runId !== null) return [];
  const [paused, checks, isPlanIntact] = await Promise.all([deps.ledger.paused(), deps.cache.checks(), isPlanWhole(deps, batch)]);
  const needed = Math.max(batch.approvalsNeeded, deps.policy.approvals);
  const isRunOut = batch.state === 'expired' || isExpired(batch, deps.clock.now());
  return [
    item('paused', paused ? 'blocker' : 'passed', paused ? `All pushes are paused by ${paused.by}: ${paused.reason}` : 'Pushes are not paused.'),
    counted('blockers', 'blocker', standing.blocked, 'records are blocked by checks.', 'No record is blocked by a check.'),
    counted('pending', batch.planHash === null ? 'blocker' : 'warning', standing.notPending, 'records are no longer pending.', 'Every record is still pending.'),
    counted('decisions', batch.planHash === null ? 'blocker' : 'warning', standing.notApproved, 'records are not approved.', 'Every record is approved.'),
    item('plan', isPlanIntact ? 'passed' : 'blocker', planText(batch, isPlanIntact)),
    item('snapshot', standing.planStale ? 'blocker' : 'passed', standing.planStale ? `The plan is stale: ${standing.changedKeys.length} of its records changed since it was frozen.` : 'The plan agrees with the current snapshot.'),
    item('approvals', batch.approvals.length >= needed ? 'passed' : 'blocker', `${batch.approvals.length} of ${needed} approvals.`),
    item('expiry', isRunOut ? 'blocker' : 'passed', isRunOut ? 'The approval has expired.' : expiryText(batch)),
    item('org', batch.orgId === deps.org.id ? 'passed' : 'blocker', `The plan is for ${batch.orgName} (${batch.orgId}).`),
    item('pilot', isGateShut ? 'blocker' : 'passed', isGateShut ? 'The gates of the pilot are not all green.' : pilotText(batch)),
    item('identity', 'not-checked', 'Who is signed in, and to which org, is looked at when the push starts.'),
    ...checks.notChecked.map((text, place) => item(`not-checked-${place + 1}`, 'not-checked', text)),
  ];
}

async function isPlanWhole(deps: BatchDeps, batch: Batch): Promise<boolean> {
  return batch.planHash !== null && (await rehashPlan(deps.ledger, batch.id)) === batch.planHash;
}

function item(id: string, state: PreflightItem['state'], text: string): PreflightItem {
  return { id, state, text };
}

function counted(id: string, found: PreflightItem['state'], count: number, some: string, none: string): PreflightItem {
  return count > 0 ? item(id, found, `${count} ${some}`) : item(id, 'passed', none);
}

function planText(batch: Batch, isWhole: boolean): string {
  if (batch.planHash === null) return 'The plan is not frozen yet. Submit the batch.';
  return isWhole ? `The stored plan is the one that was submitted (${batch.planHash.slice(0, 8)}).` : 'The stored plan is not the one that was submitted.';
}

function expiryText(batch: Batch): string {
  return batch.expiresAt === null ? 'No approval can expire yet.' : `The approval holds until ${batch.expiresAt}.`;
}

function pilotText(batch: Batch): string {
  if (batch.isPilot) return 'This is a pilot.';
  return batch.overridePilotReason === null ? 'No gate of a pilot stands in the way.' : `The gates were overridden: ${batch.overridePilotReason}`;
}
