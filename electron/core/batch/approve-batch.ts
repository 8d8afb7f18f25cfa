import type { Approval, Batch } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { batchEvent, isSamePerson, requireBatch, requireState, type BatchDeps } from './batch-deps.ts';
import { rehashPlan } from './plan-hash.ts';
import { isEditor, readSubmission } from './submission.ts';
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
  const batch = await refuseExpired(deps, ctx, await requireBatch(deps, input.id));
  const needed = Math.max(batch.approvalsNeeded, deps.policy.approvals);
  requireState(batch, ['submitted', 'approved'], 'approved');
  if (batch.approvals.some(({ by }) => isSamePerson(by, ctx.actor))) {
    throw refusal('already-approved', `${ctx.actor} has approved this plan already. Another person must approve it.`, { batchId: batch.id });
  }
  if (batch.approvals.length >= needed) throw refusal('wrong-state', `Batch ${batch.id} has all ${needed} approvals it needs.`, { batchId: batch.id, state: batch.state });
  await refuseSelfApproval(deps, ctx.actor, batch);
  const planHash = batch.planHash ?? '';
  checkExpected(batch, planHash, input.expect);
  if (planHash === '' || (await rehashPlan(deps.ledger, batch.id)) !== planHash) {
    throw refusal('plan-changed', `The stored plan of batch ${batch.id} is not the one that was submitted. Submit it again.`, { batchId: batch.id });
  }

  const at = deps.clock.now();
  const expiresAt = new Date(Date.parse(at) + deps.policy.approvalHours * 3_600_000).toISOString();
  const approval: Approval = { by: ctx.actor, at, planHash, expiresAt, note: input.note ?? null };
  const approvals = batch.approvals.length + 1;
  await deps.ledger.commit({
    events: [batchEvent('batch.approved', ctx.actor, batch.id, { planHash, expiresAt, note: approval.note, approvals, needed })],
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

async function refuseSelfApproval(deps: BatchDeps, approver: string, batch: Batch): Promise<void> {
  if (deps.policy.selfApproval) return;
  const submission = await readSubmission(deps, batch);
  if (!isEditor(submission, approver)) return;
  throw refusal('self-approval', `${approver} proposed this batch. The policy wants another person to approve it.`, { batchId: batch.id, proposers: submission.editors });
}

function checkExpected(batch: Batch, planHash: string, expect: string | undefined): void {
  if (expect === undefined) return;
  const wanted = expect.trim().toLowerCase();
  if (wanted.length < leastOfHash) throw new AppFailure('invalid-input', `Give at least the first ${leastOfHash} characters of the plan's hash.`, { expect });
  if (!planHash.startsWith(wanted)) {
    throw refusal('plan-changed', `The plan of batch ${batch.id} is ${planHash.slice(0, 12)}, not ${wanted.slice(0, 12)}. Look at it again before you approve it.`, { batchId: batch.id, planHash, expect: wanted });
  }
}
