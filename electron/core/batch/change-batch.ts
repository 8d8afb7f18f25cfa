import type { Batch } from '../../../shared/domain/batch.ts';
import type { CallContext } from '../ports.ts';
import { batchEvent, requireBatch, requireState, type BatchDeps } from './batch-deps.ts';

/** Gives a batch another name. The name is no part of the plan. Errors: `not-found`. */
export async function renameBatch(deps: BatchDeps, ctx: CallContext, input: { id: string; name: string }): Promise<Batch> {
  const batch = await requireBatch(deps, input.id);
  const event = batchEvent('batch.renamed', ctx.actor, batch.id, { from: batch.name, to: input.name });
  await deps.ledger.commit({ events: [event], writes: [{ write: 'batch.change', batchId: batch.id, change: { name: input.name } }] });
  return requireBatch(deps, batch.id);
}

/** Deletes a batch that was never pushed. Its events stay. Errors: `not-found`, `refused` (`wrong-state`). */
export async function deleteBatch(deps: BatchDeps, ctx: CallContext, input: { id: string }): Promise<Record<string, never>> {
  const batch = await requireBatch(deps, input.id);
  requireState(batch, ['draft', 'rejected', 'expired'], 'deleted');
  const event = batchEvent('batch.deleted', ctx.actor, batch.id, { name: batch.name });
  await deps.ledger.commit({ events: [event], writes: [{ write: 'batch.delete', batchId: batch.id }] });
  return {};
}

/** Rejects a submitted plan; its approvals are gone. Errors: `not-found`, `refused` (`wrong-state`). */
export async function rejectBatch(deps: BatchDeps, ctx: CallContext, input: { id: string; reason: string }): Promise<Batch> {
  const batch = await requireBatch(deps, input.id);
  requireState(batch, ['submitted', 'approved'], 'rejected');
  const event = batchEvent('batch.rejected', ctx.actor, batch.id, { reason: input.reason, planHash: batch.planHash });
  await deps.ledger.commit({
    events: [event],
    writes: [
      { write: 'approval.drop', batchId: batch.id },
      { write: 'batch.change', batchId: batch.id, seen: batch, change: { state: 'rejected', rejectedBy: ctx.actor, rejectedReason: input.reason, expiresAt: null } },
    ],
  });
  return requireBatch(deps, batch.id);
}

/** Takes a submitted plan back to draft; plan and approvals are gone. Errors: `not-found`, `refused` (`wrong-state`). */
export async function withdrawBatch(deps: BatchDeps, ctx: CallContext, input: { id: string }): Promise<Batch> {
  const batch = await requireBatch(deps, input.id);
  requireState(batch, ['submitted', 'approved', 'expired'], 'withdrawn');
  await returnToDraft(deps, ctx, batch, null);
  return requireBatch(deps, batch.id);
}

/** Drops the plan and the approvals of a batch and makes it a draft again. */
export async function returnToDraft(deps: BatchDeps, ctx: CallContext, batch: Batch, reason: string | null): Promise<void> {
  await deps.ledger.commit({
    events: [batchEvent('batch.withdrawn', ctx.actor, batch.id, { planHash: batch.planHash, reason })],
    writes: [
      {
        write: 'batch.change',
        batchId: batch.id,
        seen: batch,
        change: { state: 'draft', planHash: null, fields: null, submittedBy: null, submittedAt: null, expiresAt: null, rejectedBy: null, rejectedReason: null, overridePilotReason: null },
      },
      { write: 'plan.clear', batchId: batch.id },
      { write: 'approval.drop', batchId: batch.id },
    ],
  });
}
