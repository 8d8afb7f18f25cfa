import type { Batch } from '../../../shared/domain/batch.ts';
import { refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { fingerprintOf } from '../signature.ts';
import { hoursAfter, requireApprovable, storeApproval } from './approve-batch.ts';
import { batchEvent, type BatchDeps } from './batch-deps.ts';
import { readSignedApproval, speaksOf } from './signed-approval.ts';
import { judgeSigner } from './trusted-signers.ts';

/**
 * Takes in an approval that was signed in another installation.
 *
 * Shape:  the event holds statement, signature and public key, so that the log alone proves it, and so does the push. It holds
 *         until the earliest of what the signer stated, and what the policy here allows after the signing and after now. The
 *         first key seen for a name is pinned; answers with the batch.
 * Errors: `invalid-input`, `limit-exceeded`, `verification-failed` for the file; `not-found`; `refused`: `wrong-ledger`, `plan-changed`
 *         (another plan, or another submission of the same), `approval-expired`, `unknown-signer`, `self-approval`,
 *         `already-approved`, `wrong-state`.
 */
export async function importApproval(deps: BatchDeps, ctx: CallContext, input: { text: string }): Promise<Batch> {
  const signed = readSignedApproval(input.text);
  const { statement, publicKey } = signed;
  const lineage = await deps.ledger.lineage();
  if (statement.lineage !== lineage) throw refusal('wrong-ledger', 'The approval is for a plan of another workspace. Take it in there.', { expected: lineage, found: statement.lineage });
  const signer = await judgeSigner(deps, signed);
  const { batch, planHash, submission } = await requireApprovable(deps, ctx, { id: statement.batchId, approver: statement.signer });
  if (!speaksOf(statement, { batch, lineage, submittedAt: submission.submittedAt })) {
    const what = statement.planHash === planHash ? 'an earlier submission of the plan' : `the plan ${statement.planHash.slice(0, 8)}, not for ${planHash.slice(0, 8)}`;
    throw refusal('plan-changed', `The approval is for ${what} of batch ${batch.id}. Export the plan as it is now, and have that signed.`, { batchId: batch.id, planHash, found: statement.planHash });
  }
  const now = deps.clock.now();
  const { approvalHours } = deps.policy;
  const expiresAt = [statement.expiresAt, hoursAfter(statement.signedAt, approvalHours), hoursAfter(now, approvalHours)].sort()[0] ?? now;
  if (expiresAt <= now) throw refusal('approval-expired', `The approval of ${statement.signer} has expired at ${expiresAt}. Have the plan signed again.`, { batchId: batch.id, expiresAt });
  const fingerprint = fingerprintOf(publicKey);
  const trusted = batchEvent('signer.trusted', ctx.actor, batch.id, { name: statement.signer, fingerprint, publicKey });
  return storeApproval(deps, ctx, batch, {
    approval: { by: statement.signer, at: statement.signedAt, planHash, expiresAt, note: statement.note, key: fingerprint },
    data: { by: statement.signer, fingerprint, ...signed },
    events: signer === 'new' ? [trusted] : [],
  });
}
