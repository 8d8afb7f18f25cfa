import type { AuditEvent, AuditEventType } from '../../../shared/domain/audit-event.ts';
import type { Approval, Batch } from '../../../shared/domain/batch.ts';
import type { Ledger } from '../ledger-ports.ts';
import { isSamePerson, type BatchDeps } from './batch-deps.ts';
import { isKeyListed, provesApproval, type Subject } from './signed-approval.ts';

/** What the audit log tells of the plan that is up for approval now. */
export interface Submission {
  /**
   * Who made, drew or submitted the plan, by the log and by the stored batch. Whoever decided on single records is none of
   * them: a decision reviews a record and writes no value, somebody else answers for the plan by submitting it, and in a
   * team of two that shares the review nobody could approve at all. The name of a batch is no part of its plan.
   */
  editors: string[];
  submittedAt: string | null;
  /** The approvals that count: one for each person, each told of by the log since the plan was submitted. */
  approvals: Approval[];
}

/** Each of these ends what was approved before. */
const endings: readonly AuditEventType[] = ['batch.withdrawn', 'batch.rejected', 'batch.expired'];

/** How many events of one kind are looked through. */
const mostEvents = 10_000;

/**
 * Reads who proposed the plan of a batch and which approvals it has, from the audit log. The stored rows alone prove nothing.
 *
 * Shape:  an approval from before the newest submission, or one that another plan was given, never counts again, nor does one
 *         whose stored row says anything else than the log. One that was signed elsewhere is verified anew, and its key must be
 *         one that the policy takes now. `expired: keep` counts those that have run out since.
 */
export async function readSubmission(deps: Pick<BatchDeps, 'ledger' | 'clock' | 'policy' | 'org'>, batch: Batch, options: { expired?: 'keep' } = {}): Promise<Submission> {
  const read = (type: AuditEventType) => eventsOf(deps.ledger, batch.id, type);
  const [created, submitted, approved, ...ended] = await Promise.all([read('batch.created'), read('batch.submitted'), read('batch.approved'), ...endings.map(read)]);
  // Freezing the same content again is no new submission.
  const submission = submitted.find(({ data }) => data['samePlan'] !== true);
  const since = Math.max(0, submission?.seq ?? 0, ...ended.map(([newest]) => newest?.seq ?? 0));
  const now = deps.clock.now();
  const submittedAt = typeof submission?.data['submittedAt'] === 'string' ? submission.data['submittedAt'] : batch.submittedAt;
  const subject: Subject = { batch, lineage: await deps.ledger.lineage(), submittedAt };
  const told = approved.filter(({ seq }) => seq > since);
  const isKeyTaken = ({ key }: Approval) => key === undefined || isKeyListed(deps.policy, deps.org.environment === 'production', key);
  const counting = batch.approvals.filter((approval) => {
    const isInTime = options.expired === 'keep' || approval.expiresAt > now;
    return isInTime && approval.planHash === batch.planHash && isKeyTaken(approval) && told.some((event) => tellsOf(event, approval, subject));
  });
  return {
    editors: [batch.createdBy, batch.submittedBy, ...created.map(({ actor }) => actor), submission?.actor ?? null].filter((name) => name !== null),
    submittedAt,
    approvals: counting.filter(({ by }, place) => !counting.slice(0, place).some((earlier) => isSamePerson(earlier.by, by))),
  };
}

/** True when one of the editors of a plan is this person. */
export function isEditor(submission: Pick<Submission, 'editors'>, person: string): boolean {
  return submission.editors.some((name) => isSamePerson(name, person));
}

async function eventsOf(ledger: Ledger, batchId: string, type: AuditEventType): Promise<AuditEvent[]> {
  return (await ledger.events({ batchId, type, limit: mostEvents })).events;
}

function tellsOf(event: AuditEvent, approval: Approval, subject: Subject): boolean {
  const { actor, data } = event;
  if (data['planHash'] !== approval.planHash || data['expiresAt'] !== approval.expiresAt) return false;
  if (approval.key !== undefined) return provesApproval(event, approval, subject);
  return actor === approval.by && data['statement'] === undefined;
}
