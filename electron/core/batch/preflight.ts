import { apiBudget, describeBudget, estimateCalls, isWithinBudget } from '../../../shared/domain/api-budget.ts';
import type { Batch, PreflightItem } from '../../../shared/domain/batch.ts';
import { readFailed, readMembers, readPlanned, type BatchDeps, type Member } from './batch-deps.ts';
import { createPlanHasher } from './plan-hash.ts';
import { standsAs } from './stands-as.ts';
import { isExpired } from './submit-batch.ts';

/** How the records of a batch that was not pushed yet stand in the current snapshot. */
export interface Standing {
  notPending: number;
  notApproved: number;
  /** Records of which the plan sends a field that is left out by now. */
  leftOutSince: number;
  /** Keys of the records that checks block. */
  blockedKeys: string[];
  /** Keys of the plan's records whose pending change is another now, or gone. */
  changedKeys: string[];
  /** True when the stored plan is the one that was submitted. */
  isPlanWhole: boolean;
}

/** Compares the plan of a batch, or its members where there is no plan yet, with the current snapshot in one reading. All zero once it was pushed. */
export async function surveyStanding(deps: BatchDeps, batch: Batch): Promise<Standing> {
  const standing: Standing = { notPending: 0, notApproved: 0, leftOutSince: 0, blockedKeys: [], changedKeys: [], isPlanWhole: false };
  if (batch.runId !== null) return standing;
  const plan = batch.planHash === null ? null : await deps.ledger.planHeader(batch.id);
  if (plan === null) {
    for await (const members of readMembers(deps, batch.id)) for (const member of members) count(standing, member);
    return standing;
  }
  const hasher = createPlanHasher(plan.header);
  for await (const members of readPlanned(deps, batch.id)) {
    for (const member of members) {
      count(standing, member);
      hasher.add(member.planned);
      const stands = standsAs(member.planned, member.change);
      if (stands === 'changed') standing.changedKeys.push(member.item.key);
      if (stands === 'left-out') standing.leftOutSince += 1;
    }
  }
  const hash = hasher.digest();
  standing.isPlanWhole = hash === batch.planHash && hash === plan.hash;
  return standing;
}

/** How the records that failed in the newest run of a batch stand in the current snapshot, and how many they are. */
export async function surveyFailed(deps: BatchDeps, batch: Batch): Promise<Pick<Standing, 'blockedKeys' | 'changedKeys'> & { creates: number; updates: number }> {
  const found = { creates: 0, updates: 0, blockedKeys: [] as string[], changedKeys: [] as string[] };
  for await (const members of readFailed(deps, batch.runId ?? '')) {
    for (const { item, change, planned } of members) {
      found[item.kind === 'create' ? 'creates' : 'updates'] += 1;
      if (change !== null && change.blockers > 0) found.blockedKeys.push(item.key);
      if (standsAs(planned, change) === 'changed') found.changedKeys.push(item.key);
    }
  }
  return found;
}

function count(standing: Standing, { item, change }: Member): void {
  if (change === null) standing.notPending += 1;
  else if (change.decision !== 'approve') standing.notApproved += 1;
  if (change !== null && change.blockers > 0) standing.blockedKeys.push(item.key);
}

/** What is looked at before a push, with what was found, and what was not looked at. Empty once the batch was pushed. */
export async function readPreflight(deps: BatchDeps, batch: Batch, standing: Standing, isGateShut: boolean): Promise<PreflightItem[]> {
  if (batch.runId !== null) return [];
  const { isPlanWhole, changedKeys } = standing;
  const [paused, checks] = await Promise.all([deps.ledger.paused(), deps.cache.checks()]);
  const needed = Math.max(batch.approvalsNeeded, deps.policy.approvals);
  const isRunOut = batch.state === 'expired' || isExpired(batch, deps.clock.now());
  return [
    item('paused', paused ? 'blocker' : 'passed', paused ? `All pushes are paused by ${paused.by}: ${paused.reason}` : 'Pushes are not paused.'),
    counted('blockers', 'blocker', standing.blockedKeys.length, 'records are blocked by checks.', 'No record is blocked by a check.'),
    counted('pending', batch.planHash === null ? 'blocker' : 'warning', standing.notPending, 'records are no longer pending.', 'Every record is still pending.'),
    decisionsItem(batch, standing.notApproved),
    ...(standing.leftOutSince === 0 ? [] : [item('left-out', 'warning', `${recordsWith(standing.leftOutSince, 'has', 'have')} a field that was left out after the plan was frozen. ${frozen}`)]),
    item('plan', isPlanWhole ? 'passed' : 'blocker', planText(batch, isPlanWhole)),
    item('snapshot', changedKeys.length > 0 ? 'blocker' : 'passed', changedKeys.length > 0 ? `The plan is stale: ${changedKeys.length} of its records changed since it was frozen.` : 'The plan agrees with the current snapshot.'),
    item('approvals', batch.approvals.length >= needed ? 'passed' : 'blocker', `${batch.approvals.length} of ${needed} approvals.`),
    item('expiry', isRunOut ? 'blocker' : 'passed', isRunOut ? 'The approval has expired.' : expiryText(batch)),
    item('org', batch.orgId === deps.org.id ? 'passed' : 'blocker', `The plan is for ${batch.orgName} (${batch.orgId}).`),
    item('pilot', isGateShut ? 'blocker' : 'passed', isGateShut ? 'The gates of the pilot are not all green.' : pilotText(batch)),
    budgetItem(deps, batch),
    item('org-fields', 'not-checked', 'What the org can hold (fields, lengths, picklists, rights of the signed-in user) is looked at again when the push starts.'),
    item('identity', 'not-checked', 'Who is signed in, and to which org, is looked at when the push starts.'),
    ...checks.notChecked.map((text, place) => item(`not-checked-${place + 1}`, 'not-checked', text)),
  ];
}

function item(id: string, state: PreflightItem['state'], text: string): PreflightItem {
  return { id, state, text };
}

function budgetItem({ policy, apiUsage }: BatchDeps, batch: Batch): PreflightItem {
  const mode = batch.creates + batch.updates > policy.bulkThreshold ? 'bulk' : 'collections';
  const budget = apiBudget(estimateCalls(batch, mode, policy.chunkSize), apiUsage(), policy);
  const state = budget.left === null ? 'not-checked' : isWithinBudget(budget) ? 'passed' : 'blocker';
  return item('api-budget', state, describeBudget(budget));
}

/** A frozen plan is sent as it was approved; who has changed their mind since has to take it back. */
const frozen = 'The plan still sends what was approved. To leave it out, withdraw the batch and submit it again.';

function decisionsItem(batch: Batch, notApproved: number): PreflightItem {
  if (notApproved === 0) return item('decisions', 'passed', 'Every record is approved.');
  if (batch.planHash === null) return item('decisions', 'blocker', `${recordsWith(notApproved, 'is', 'are')} not approved.`);
  return item('decisions', 'warning', `${recordsWith(notApproved, 'is', 'are')} not approved any more. ${frozen}`);
}

function recordsWith(count: number, one: string, many: string): string {
  return count === 1 ? `1 record ${one}` : `${count} records ${many}`;
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
