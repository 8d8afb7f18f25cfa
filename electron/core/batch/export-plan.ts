import type { CallOutput } from '../../../shared/contract.ts';
import type { PlanFileHead } from '../../../shared/domain/plan-file.ts';
import { refusal } from '../app-failure.ts';
import type { ExportFile } from '../export-file.ts';
import type { CallContext } from '../ports.ts';
import { neededNow, refuseExpired } from './approve-batch.ts';
import { batchEvent, requireBatch, requireState, type BatchDeps } from './batch-deps.ts';
import { writePlanFile } from './plan-file.ts';
import { rehashPlan } from './plan-hash.ts';

/**
 * Writes the submitted plan of a batch to a file, for an approver who works in another installation.
 *
 * Shape:  the event comes first. The file holds header, records and hash, whose ledger and which submission it is, and ends with
 *         a signature over all of it; a file without that end is not complete.
 * Errors: `refused` (`wrong-state`, `approval-expired`, `plan-changed`); `invalid-input` when the file cannot be written; `cancelled`.
 */
export async function exportPlan(deps: BatchDeps, ctx: CallContext, input: { id: string; target: ExportFile }): Promise<CallOutput<'batch.export'>> {
  const batch = await refuseExpired(deps, ctx, await requireBatch(deps, input.id));
  requireState(batch, ['submitted', 'approved'], 'exported');
  const plan = await deps.ledger.planHeader(batch.id);
  const { planHash, submittedAt, submittedBy } = batch;
  if (plan === null || planHash === null || submittedAt === null || submittedBy === null || plan.hash !== planHash || (await rehashPlan(deps.ledger, batch.id)) !== planHash) {
    throw refusal('plan-changed', `The stored plan of batch ${batch.id} is not the one that was submitted. Submit it again.`, { batchId: batch.id });
  }
  const head: PlanFileHead = {
    kind: 'countersign-plan', version: 1, lineage: await deps.ledger.lineage(),
    batch: { id: batch.id, name: batch.name, snapshotId: batch.snapshotId, createdBy: batch.createdBy, submittedBy, submittedAt },
    orgName: batch.orgName, approvalsNeeded: neededNow(deps, batch), selfApproval: deps.policy.selfApproval, approvals: batch.approvals,
    exportedBy: ctx.actor, exportedAt: deps.clock.now(), header: plan.header, hash: planHash, creates: batch.creates, updates: batch.updates,
  };
  const records = batch.creates + batch.updates;
  await deps.ledger.commit({ events: [batchEvent('plan.exported', ctx.actor, batch.id, { planHash, records, approvals: batch.approvals.length })], writes: [] });
  await input.target.write(writePlanFile(deps.ledger, head, ctx.signal));
  return { file: input.target.file, hash: planHash, records, approvals: batch.approvals };
}
