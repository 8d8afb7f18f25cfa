import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Approval, Batch } from '../../../shared/domain/batch.ts';
import { mostApprovalTextBytes, signedApprovalSchema, type ApprovalStatement, type SignedApproval } from '../../../shared/domain/plan-file.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import { AppFailure } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import { fingerprintOf, isSigned } from '../signature.ts';

/**
 * Reads an approval file.
 *
 * Errors: `limit-exceeded` for a text too long; `invalid-input` for what is no approval; `verification-failed` when it was
 *         changed after it was signed.
 */
export function readSignedApproval(text: string): SignedApproval {
  if (Buffer.byteLength(text, 'utf8') > mostApprovalTextBytes) throw new AppFailure('limit-exceeded', `An approval file is smaller than ${mostApprovalTextBytes / 1024} KB. This is none.`, { most: mostApprovalTextBytes });
  const approval = parseApproval(text.trim());
  if (!isStatementSigned(approval)) throw new AppFailure('verification-failed', 'The approval is not as it was signed. It was changed on its way; nothing was taken in. Ask for it again.');
  return approval;
}

function parseApproval(text: string): SignedApproval {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noApproval();
  }
  const parsed = signedApprovalSchema.safeParse(value);
  if (!parsed.success) throw noApproval();
  // One value has one spelling, so that nothing can stand in the file that is not signed.
  if (canonicalJson(parsed.data) !== text) throw new AppFailure('verification-failed', 'The approval is not in the form in which it was signed. Nothing was taken in. Ask for it again.');
  return parsed.data;
}

function noApproval(): AppFailure {
  return new AppFailure('invalid-input', 'This is no approval that Countersign has signed, or it was changed on its way. Ask for one made by batch sign.');
}

function isStatementSigned({ statement, publicKey, signature }: SignedApproval): boolean {
  return isSigned(publicKey, canonicalJson(statement), signature);
}

/** The part of a policy's rule on keys that needs no memory: production takes only listed keys, and so does a policy that lists any. */
export function isKeyListed({ approverKeys }: Pick<Policy, 'approverKeys'>, isProduction: boolean, fingerprint: string): boolean {
  return approverKeys.length === 0 ? !isProduction : approverKeys.includes(fingerprint);
}

/** What a statement must speak of to approve the plan of a batch. */
export interface Subject {
  batch: Pick<Batch, 'id' | 'planHash' | 'orgId'>;
  lineage: string;
  submittedAt: string | null;
}

/** True when a statement speaks of this plan, this submission, this ledger. */
export function speaksOf(statement: ApprovalStatement, { batch, lineage, submittedAt }: Subject): boolean {
  return statement.planHash === batch.planHash && statement.batchId === batch.id && statement.orgId === batch.orgId && statement.lineage === lineage && statement.submittedAt === submittedAt;
}

/** True when an event of the log proves by itself that a stored approval was signed elsewhere for this subject. */
export function provesApproval({ data }: Pick<AuditEvent, 'data'>, approval: Approval, subject: Subject): boolean {
  const { statement, publicKey, signature } = data;
  const proof = signedApprovalSchema.safeParse({ statement, publicKey, signature });
  return proof.success && isStatementSigned(proof.data) && fingerprintOf(proof.data.publicKey) === approval.key
    && proof.data.statement.signer === approval.by && approval.expiresAt <= proof.data.statement.expiresAt && speaksOf(proof.data.statement, subject);
}
