import type { Batch } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import type { OrgIdentity } from '../org-ports.ts';
import type { CallContext } from '../ports.ts';
import { refuseExpired } from './approve-batch.ts';
import { requireBatch, type BatchDeps } from './batch-deps.ts';
import { rehashPlan } from './plan-hash.ts';
import { surveyFailed, surveyStanding } from './preflight.ts';
import { isEditor, readSubmission, type Submission } from './submission.ts';
import { isExpired } from './submit-batch.ts';

export interface PushRequest {
  batch: Pick<Batch, 'id'>;
  /** What the person typed to confirm a push to production. */
  confirm?: string | undefined;
  /** Asks the connected org who and where it is; only after everything that can be refused without it. */
  askOrg(): Promise<OrgIdentity>;
}

/**
 * Refuses a push that must not start. It looks at the batch as it is stored, never at what the caller holds of it.
 *
 * Errors: `refused`: `paused`, `audit-fork`, `audit-backlog`, `plan-consumed`, `not-approved`, `approval-expired`, `self-approval`, `plan-changed`, `wrong-org`,
 *         `wrong-user`, `blockers`, `no-snapshot`, `plan-stale`, `confirmation`. `audit-not-writable` when the log cannot be written.
 *         The org's own failures when it cannot be asked.
 */
export async function assertPushable(deps: BatchDeps, ctx: CallContext, request: PushRequest): Promise<void> {
  await refusePaused(deps);
  await refuseForked(deps);
  await refuseBacklog(deps);
  const batch = await requireBatch(deps, request.batch.id);
  if (batch.runId !== null || ['pushing', 'completed', 'completed-with-errors', 'aborted', 'rolled-back'].includes(batch.state)) {
    throw refusal('plan-consumed', `The plan of batch ${batch.id} has been pushed already; a plan is used once. Resume it, retry what failed, or make a new batch.`, { batchId: batch.id, state: batch.state });
  }
  await refuseExpired(deps, ctx, batch);
  await refuseUnapproved(deps, batch);
  await refuseWithoutSnapshot(deps, batch);
  const { isPlanWhole, blockedKeys, changedKeys } = await surveyStanding(deps, batch);
  refuseChangedPlan(batch, isPlanWhole);
  await refuseOtherTerms(deps, batch);
  refuseBlocked(batch, blockedKeys);
  refuseStalePlan(batch, changedKeys);
  const orgNow = await request.askOrg();
  await refuseOtherPlace(deps, batch, orgNow);
  refuseUnconfirmed(orgNow, request.confirm, batch);
  await assertLogWritable(deps);
}

/**
 * Refuses to push again what failed when that must not start; as `assertPushable`, for a batch completed with errors.
 *
 * Shape:  of the checks and the newer snapshot only what they say of the records that failed matters.
 * Errors: as there; `wrong-state` for any other batch. The confirmation counts only the records that failed.
 */
export async function assertRetryable(deps: BatchDeps, request: PushRequest): Promise<void> {
  await refusePaused(deps);
  await refuseForked(deps);
  await refuseBacklog(deps);
  const batch = await requireBatch(deps, request.batch.id);
  if (batch.state !== 'completed-with-errors') {
    throw refusal('wrong-state', `Batch ${batch.id} is ${batch.state}. Only a batch that was completed with errors can be retried.`, { batchId: batch.id, state: batch.state });
  }
  if (isExpired(batch, deps.clock.now())) {
    throw refusal('approval-expired', `The approval of batch ${batch.id} expired at ${batch.expiresAt}. Make a new batch of what failed.`, { batchId: batch.id, expiresAt: batch.expiresAt });
  }
  await refuseUnapproved(deps, batch);
  refuseChangedPlan(batch, await isStoredWhole(deps, batch));
  await refuseOtherTerms(deps, batch);
  await refuseWithoutSnapshot(deps, batch);
  const { creates, updates, blockedKeys, changedKeys } = await surveyFailed(deps, batch);
  refuseBlocked(batch, blockedKeys);
  refuseStalePlan(batch, changedKeys);
  const orgNow = await request.askOrg();
  await refuseOtherPlace(deps, batch, orgNow);
  refuseUnconfirmed(orgNow, request.confirm, { creates, updates });
  await assertLogWritable(deps);
}

/**
 * Refuses to go on with a run whose stored plan is no longer the one that was approved.
 *
 * Shape:  an approval that has run out since does not stop what began in time, nor does a newer snapshot that asks for something
 *         else, a blocker, or a backlog of the audit log: to end a run leaves less in doubt than to leave it, and each record is
 *         compared with Salesforce before it is sent, so that what changed there since is left alone. A fork does stop it: a ledger that is not the newest may know nothing of what was
 *         sent since, and resuming sends more. Its open intents wait; looking them up later finds the same. Another Salesforce
 *         user does too: the rest would be written in the name of somebody whom the approvers did not see.
 * Errors: `not-found`; `refused` (`paused`, `audit-fork`, `plan-changed`, `wrong-org`, `wrong-user`); `audit-not-writable`; the org's own failures.
 */
export async function assertResumable(deps: BatchDeps, request: Pick<PushRequest, 'askOrg'> & { runId: string }): Promise<void> {
  await refusePaused(deps);
  await refuseForked(deps);
  const run = await deps.ledger.run(request.runId);
  if (run === null) throw new AppFailure('not-found', `There is no run ${request.runId}.`, { runId: request.runId });
  const batch = await requireBatch(deps, run.batchId);
  const { approvals } = await readSubmission(deps, batch, { expired: 'keep' });
  refuseChangedPlan(batch, approvals.length > 0 && (await isStoredWhole(deps, batch)));
  await refuseOtherPlace(deps, batch, await request.askOrg());
  await assertLogWritable(deps);
}

async function refusePaused({ ledger }: BatchDeps): Promise<void> {
  const paused = await ledger.paused();
  if (paused) throw refusal('paused', `All pushes are paused by ${paused.by}: ${paused.reason}. Unpause first.`, { ...paused });
}

/** Refuses while the warehouse is known to hold another history than this ledger. */
async function refuseForked({ ledger }: BatchDeps): Promise<void> {
  const { failure } = await ledger.shipping();
  if (failure?.fork) throw refusal('audit-fork', failure.message, { since: failure.at });
}

async function refuseBacklog({ ledger, policy }: BatchDeps): Promise<void> {
  const limit = policy.auditBacklogLimit;
  if (limit === null) return;
  const [{ events }, { shipped, failure }] = await Promise.all([ledger.chainHead(), ledger.shipping()]);
  const waiting = events - shipped;
  if (waiting <= limit) return;
  throw refusal('audit-backlog', `${waiting} audit events wait to be copied to the warehouse, and the policy allows ${limit}. Nothing was sent. Copy them (audit anchor), or change the limit.${failure === null ? '' : ` The last try failed: ${failure.message}`}`, { waiting, limit });
}

/** Answers with what the log tells of the submission. */
async function refuseUnapproved(deps: BatchDeps, batch: Batch): Promise<Submission> {
  const needed = Math.max(batch.approvalsNeeded, deps.policy.approvals);
  const submission = await readSubmission(deps, batch);
  const { approvals, editors } = submission;
  if (batch.state === 'draft' || batch.state === 'submitted' || batch.state === 'rejected' || approvals.length < needed) {
    throw refusal('not-approved', `Batch ${batch.id} has ${approvals.length} of ${needed} approvals. It must be approved before it can be pushed.`, { batchId: batch.id, state: batch.state, approvals: approvals.length, needed });
  }
  if (!deps.policy.selfApproval && approvals.some(({ by }) => isEditor(submission, by))) {
    throw refusal('self-approval', `Batch ${batch.id} was approved by the person who proposed it. The policy wants another person.`, { batchId: batch.id, proposers: editors });
  }
  return submission;
}

function refuseChangedPlan(batch: Batch, isPlanWhole: boolean): void {
  if (isPlanWhole) return;
  throw refusal('plan-changed', `The stored plan of batch ${batch.id} is not the one that was approved. Nothing was sent. Submit it again.`, { batchId: batch.id, planHash: batch.planHash });
}

/** The plan would be carried out by other terms than it was approved for. */
async function refuseOtherTerms({ ledger, mapping, org }: BatchDeps, batch: Batch): Promise<void> {
  const header = (await ledger.planHeader(batch.id))?.header;
  const changed = header?.apiVersion !== org.apiVersion ? 'API version' : canonicalJson(header.mapping) === canonicalJson(mapping) ? null : 'mapping';
  if (changed === null) return;
  throw refusal('plan-changed', `The ${changed} of this workspace is another than when the plan of batch ${batch.id} was frozen. Nothing was sent. ${batch.runId === null ? 'Submit it again.' : 'Make a new batch of what failed.'}`, { batchId: batch.id, changed });
}

/** True when the plan, hashed anew from its rows, is the one that was submitted. */
async function isStoredWhole({ ledger }: BatchDeps, batch: Batch): Promise<boolean> {
  const hash = await rehashPlan(ledger, batch.id);
  return hash !== null && hash === batch.planHash && hash === (await ledger.planHeader(batch.id))?.hash;
}

/** A plan is for one org and one of its users. Plans of version 1 bind no user. */
async function refuseOtherPlace(deps: BatchDeps, batch: Batch, orgNow: OrgIdentity): Promise<void> {
  const header = (await deps.ledger.planHeader(batch.id))?.header;
  const isOrgNow = (id: string) => isSameId(id, orgNow.orgId);
  if (!isOrgNow(batch.orgId) || !isOrgNow(deps.org.id) || (header && !isOrgNow(header.orgId))) {
    throw refusal('wrong-org', `The plan is for the org ${batch.orgName} (${batch.orgId}), but the connected org is ${orgNow.orgName} (${orgNow.orgId}).`, { expected: batch.orgId, found: orgNow.orgId });
  }
  if (header?.version !== 2 || isSameId(header.user.id, orgNow.userId)) return;
  const wayOut = batch.runId === null ? 'or refresh and submit it again as who you are' : 'or make a new batch of what was not written; a run that stands still can be abandoned first';
  throw refusal('wrong-user', `The plan of batch ${batch.id} is for the Salesforce user ${header.user.username}, but ${orgNow.username} is signed in. Nothing was sent. Sign in as ${header.user.username}, ${wayOut}.`, {
    batchId: batch.id, expected: header.user.username, found: orgNow.username,
  });
}

/** Salesforce ids of 15 and of 18 characters are the same up to the 15th. */
function isSameId(one: string, other: string): boolean {
  return one.slice(0, 15) === other.slice(0, 15);
}

async function refuseWithoutSnapshot({ cache }: BatchDeps, batch: Batch): Promise<void> {
  if (!(await cache.snapshot())) throw refusal('no-snapshot', 'The checks cannot be looked at without a snapshot. Refresh first.', { batchId: batch.id });
}

function refuseBlocked(batch: Batch, blocked: readonly string[]): void {
  if (blocked.length === 0) return;
  throw refusal('blockers', `Checks now block ${blocked.length} records of batch ${batch.id}. Resolve the blockers, or draw ${batch.runId === null ? 'the batch anew' : 'a new batch'} without them.`, { batchId: batch.id, blocked: blocked.length, keys: blocked.slice(0, 20) });
}

/** What changed in Salesforce after the newest snapshot is found record by record while pushing; the rest is found here. */
function refuseStalePlan(batch: Batch, changed: readonly string[]): void {
  if (changed.length === 0) return;
  const [what, wayOut] = batch.runId === null ? ['of its records', 'Withdraw it and submit again.'] : ['of the records that failed', 'Make a new batch of what is still pending.'];
  throw refusal('plan-stale', `The plan of batch ${batch.id} is stale: ${changed.length} ${what} changed in a newer snapshot. Nothing was sent. ${wayOut}`, { batchId: batch.id, changed: changed.length, keys: changed.slice(0, 20) });
}

function refuseUnconfirmed(orgNow: OrgIdentity, confirm: string | undefined, counts: { creates: number; updates: number }): void {
  if (!orgNow.isProduction) return;
  const wanted = `${orgNow.orgName}:${counts.creates}+${counts.updates}`;
  if (confirm !== wanted) throw refusal('confirmation', `${orgNow.orgName} is a production org. Confirm with exactly "${wanted}".`, { wanted });
}

/** An empty step asks the ledger to write durably without saying anything. */
async function assertLogWritable({ ledger }: BatchDeps): Promise<void> {
  await ledger.commit({ events: [], writes: [] });
}
