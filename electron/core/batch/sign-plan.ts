import type { CallOutput } from '../../../shared/contract.ts';
import type { Approval } from '../../../shared/domain/batch.ts';
import type { ApprovalStatement, PlanFileSummary, SignedApproval } from '../../../shared/domain/plan-file.ts';
import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { refusal } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import { openExportFile, type ExportPlace } from '../export-file.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { CallContext, Clock } from '../ports.ts';
import { fingerprintOf } from '../signature.ts';
import { checkExpected, hoursAfter } from './approve-batch.ts';
import { isSamePerson } from './batch-deps.ts';
import { readPlanFile, type PlanFile } from './plan-file.ts';

/** How many records a summary shows. */
const recordsShown = 100;

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What an exported plan holds, for the eyes of who may sign it. Errors: as `readPlanFile`. */
export async function summarizePlanFile(ledger: Pick<Ledger, 'lineage'>, ctx: CallContext, chunks: Chunks): Promise<PlanFileSummary> {
  const records: PlanRecord[] = [];
  const byField = new Map<string, number>();
  let fields = 0;
  const { head, end } = await readPlanFile(chunks, ctx.signal, (record) => {
    if (records.length < recordsShown) records.push(record);
    for (const field of Object.keys(record.fields)) {
      byField.set(field, (byField.get(field) ?? 0) + 1);
      fields += 1;
    }
  });
  const { header, kind: _, version: __, ...told } = head;
  const labels = new Map(header.mapping.fields.map(({ field, label }) => [field, label]));
  return {
    ...told, orgId: header.orgId, user: header.version === 1 ? null : header.user, apiVersion: header.apiVersion, object: header.mapping.object, fields,
    byField: [...byField].map(([field, count]) => ({ field, label: labels.get(field) ?? field, records: count })).sort((one, other) => other.records - one.records),
    records, fingerprint: fingerprintOf(end.publicKey), isOwn: head.lineage === (await ledger.lineage()),
  };
}

/** What signing works with: the ledger of the approver, not the one that holds the batch. */
export interface SignDeps extends ExportPlace {
  ledger: Ledger;
  clock: Clock;
  approvalHours: number;
}

/**
 * Approves an exported plan by file: states in the caller's name that this plan of this submission is approved, signed with
 * this installation's own key.
 *
 * Shape:  the statement is in the log of this installation before the file is written. It holds as long as the policy here says;
 *         the installation that takes it in may hold it for less.
 * Errors: as `readPlanFile`; `refused`: `plan-changed` (another hash is expected), `self-approval` (the plan is of this very
 *         workspace, or the caller proposed it), `already-approved`; `cancelled`, `invalid-input` of the file to write.
 */
export async function signPlan(deps: SignDeps, ctx: CallContext, input: { chunks: Chunks; expect?: string | undefined; note?: string | undefined }): Promise<CallOutput<'batch.sign'>> {
  const { head } = await readPlanFile(input.chunks, ctx.signal, () => {});
  checkExpected('The plan in the file', head.hash, input.expect);
  await refuseSigner(deps, ctx.actor, head);
  const target = await openExportFile(deps, `approval ${head.batch.id} ${head.hash.slice(0, 8)}.json`);
  try {
    const signedAt = deps.clock.now();
    const statement: ApprovalStatement = {
      kind: 'countersign-approval', version: 1, planHash: head.hash, batchId: head.batch.id, lineage: head.lineage, submittedAt: head.batch.submittedAt, orgId: head.header.orgId,
      signer: ctx.actor, signedAt, expiresAt: hoursAfter(signedAt, deps.approvalHours), note: input.note ?? null,
    };
    const signed: SignedApproval = { statement, ...(await deps.ledger.sign(canonicalJson(statement))) };
    const fingerprint = fingerprintOf(signed.publicKey);
    const data = { planHash: head.hash, of: head.batch.id, orgName: head.orgName, note: statement.note, fingerprint, ...signed };
    await deps.ledger.commit({ events: [{ type: 'plan.signed', actor: ctx.actor, batchId: null, runId: null, keys: [], data }], writes: [] });
    await target.write(oneLine(canonicalJson(signed)));
    const { expiresAt, note } = statement;
    const own: Approval = { by: ctx.actor, at: signedAt, planHash: head.hash, expiresAt, note, key: fingerprint };
    return { file: target.file, hash: head.hash, by: ctx.actor, expiresAt, fingerprint, approvals: [...head.approvals, own] };
  } finally {
    target.close();
  }
}

async function refuseSigner({ ledger }: Pick<SignDeps, 'ledger'>, signer: string, head: PlanFile['head']): Promise<void> {
  const { batch, approvals, selfApproval, lineage } = head;
  if (lineage === (await ledger.lineage())) throw refusal('self-approval', `The plan was exported from this very workspace. Approve batch ${batch.id} here, or have it signed in another installation.`, { batchId: batch.id });
  if (approvals.some(({ by }) => isSamePerson(by, signer))) throw refusal('already-approved', `${signer} has approved this plan already. Another person must sign it.`, { batchId: batch.id });
  const proposers = [batch.createdBy, batch.submittedBy];
  if (selfApproval || !proposers.some((name) => isSamePerson(name, signer))) return;
  throw refusal('self-approval', `${signer} proposed this batch. The policy of its workspace wants another person to approve it.`, { batchId: batch.id, proposers });
}

async function* oneLine(text: string): AsyncGenerator<string> {
  yield text;
}
