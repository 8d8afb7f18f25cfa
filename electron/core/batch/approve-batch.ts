import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Approval, Batch } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { batchEvent, isSamePerson, requireBatch, requireState, type BatchDeps } from './batch-deps.ts';
import { rehashPlan } from './plan-hash.ts';
import { isEditor, readSubmission, type Submission } from './submission.ts';
import { isExpired } from './submit-batch.ts';

/** How much of a plan's hash must be named at least. */
const leastOfHash = 8;

/**
 * Approves the plan of a batch in the name of the caller; with enough approvals the batch is approved.
 *
 * Shape:  `expect` is the plan's hash, or the first 8 or more of its characters, as the approver saw it.
 * Errors: `refused`: `wrong-state`, `already-approved`, `self-approval`, `approval-expired`, `plan-changed` (another hash is
 *         expected, or the stored plan is no longer the one that was submitted). `invalid-input` for a hash too short to tell.
 */
export async function approveBatch(deps: BatchDeps, ctx: CallContext, input: { id: string; expect?: string | undefined; note?: string | undefined }): Promise<Batch> {
  const { batch, planHash } = await requireApprovable(deps, ctx, { id: input.id, approver: ctx.actor });
  checkExpected(`The plan of batch ${batch.id}`, planHash, input.expect);
  const at = deps.clock.now();
  return storeApproval(deps, ctx, batch, { approval: { by: ctx.actor, at, planHash, expiresAt: hoursAfter(at, deps.policy.approvalHours), note: input.note ?? null }, data: {}, events: [] });
}

/** A batch whose plan waits for an approval, and what the log tells of its submission. */
export interface Approvable {
  batch: Batch;
  planHash: string;
  submission: Submission;
}

/**
 * Refuses when this person cannot approve this batch, now and at all.
 *
 * Errors: as `approveBatch`; a batch whose approval has run out is marked as expired.
 */
export async function requireApprovable(deps: BatchDeps, ctx: CallContext, input: { id: string; approver: string }): Promise<Approvable> {
  const { approver } = input;
  const batch = await refuseExpired(deps, ctx, await requireBatch(deps, input.id));
  requireState(batch, ['submitted', 'approved'], 'approved');
  if (batch.approvals.some(({ by }) => isSamePerson(by, approver))) {
    throw refusal('already-approved', `${approver} has approved this plan already. Another person must approve it.`, { batchId: batch.id });
  }
  const needed = neededNow(deps, batch);
  if (batch.approvals.length >= needed) throw refusal('wrong-state', `Batch ${batch.id} has all ${needed} approvals it needs.`, { batchId: batch.id, state: batch.state });
  const submission = await readSubmission(deps, batch);
  if (!deps.policy.selfApproval && isEditor(submission, approver)) {
    throw refusal('self-approval', `${approver} proposed this batch. The policy wants another person to approve it.`, { batchId: batch.id, proposers: submission.editors });
  }
  return { batch, planHash: batch.planHash ?? '', submission };
}

/** How many approvals a batch needs; a policy that became stricter meanwhile counts. */
export function neededNow({ policy }: Pick<BatchDeps, 'policy'>, batch: Pick<Batch, 'approvalsNeeded'>): number {
  return Math.max(batch.approvalsNeeded, policy.approvals);
}

/**
 * Stores an approval with its event, and what else belongs to the same step.
 *
 * Errors: `refused`: `plan-changed` when the stored plan is not the one that was submitted, `wrong-state` when the batch changed meanwhile.
 */
export async function storeApproval(deps: BatchDeps, ctx: CallContext, batch: Batch, step: { approval: Approval; data: NewAuditEvent['data']; events: readonly NewAuditEvent[] }): Promise<Batch> {
  const { approval } = step;
  const { planHash, expiresAt, note } = approval;
  if (planHash === '' || (await rehashPlan(deps.ledger, batch.id)) !== planHash) {
    throw refusal('plan-changed', `The stored plan of batch ${batch.id} is not the one that was submitted. Submit it again.`, { batchId: batch.id });
  }
  const needed = neededNow(deps, batch);
  const approvals = batch.approvals.length + 1;
  await deps.ledger.commit({
    events: [...step.events, batchEvent('batch.approved', ctx.actor, batch.id, { planHash, expiresAt, note, approvals, needed, ...step.data })],
    writes: [
      { write: 'approval.add', batchId: batch.id, approval },
      {
        write: 'batch.change',
        batchId: batch.id,
        seen: batch,
        change: {
          state: approvals >= needed ? 'approved' : 'submitted',
          approvalsNeeded: needed,
          expiresAt: batch.expiresAt !== null && batch.expiresAt < expiresAt ? batch.expiresAt : expiresAt,
        },
      },
    ],
  });
  return requireBatch(deps, batch.id);
}

/** The instant so many hours later. */
export function hoursAfter(instant: string, hours: number): string {
  return new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
}

/** Marks a batch as expired when its approval has run out, and refuses. Answers with the batch otherwise. */
export async function refuseExpired(deps: BatchDeps, ctx: CallContext, batch: Batch): Promise<Batch> {
  const isWaiting = batch.state === 'submitted' || batch.state === 'approved';
  if (isWaiting && isExpired(batch, deps.clock.now())) {
    await deps.ledger.commit({
      events: [batchEvent('batch.expired', ctx.actor, batch.id, { planHash: batch.planHash, expiresAt: batch.expiresAt })],
      writes: [{ write: 'approval.drop', batchId: batch.id }, { write: 'batch.change', batchId: batch.id, seen: batch, change: { state: 'expired' } }],
    });
    throw refusal('approval-expired', `The approval of batch ${batch.id} expired at ${batch.expiresAt}. Submit it again and have it approved anew.`, { batchId: batch.id, expiresAt: batch.expiresAt });
  }
  if (batch.state === 'expired') {
    throw refusal('approval-expired', `The approval of batch ${batch.id} has expired. Submit it again and have it approved anew.`, { batchId: batch.id, expiresAt: batch.expiresAt });
  }
  return batch;
}

/** Refuses another plan than the approver has looked at. `what` begins the sentence. */
export function checkExpected(what: string, planHash: string, expect: string | undefined): void {
  if (expect === undefined) return;
  const wanted = expect.trim().toLowerCase();
  if (wanted.length < leastOfHash) throw new AppFailure('invalid-input', `Give at least the first ${leastOfHash} characters of the plan's hash.`, { expect });
  if (!planHash.startsWith(wanted)) {
    throw refusal('plan-changed', `${what} is ${planHash.slice(0, 12)}, not ${wanted.slice(0, 12)}. Look at it again before you approve it.`, { planHash, expect: wanted });
  }
}
