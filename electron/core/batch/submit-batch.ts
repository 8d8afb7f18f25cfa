import type { Batch } from '../../../shared/domain/batch.ts';
import type { PlanHeader, PlanRecord } from '../../../shared/domain/plan.ts';
import { refusal, throwIfCancelled } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { batchEvent, planRecordOf, readMembers, requireBatch, requireState, type BatchDeps, type Member } from './batch-deps.ts';
import { returnToDraft } from './change-batch.ts';
import { isGated, readPilotGates } from './pilot-gates.ts';
import { createPlanHasher, rehashPlan } from './plan-hash.ts';

/** How many keys a refusal names. */
const keysNamed = 20;

interface Survey {
  hash: string;
  creates: number;
  updates: number;
  fields: number;
  keys: string[];
}

/**
 * Freezes the plan of a batch from its members as they are now, and puts it up for approval.
 *
 * Shape:  may be repeated: a plan with the same hash keeps its approvals while they have not expired, any other drops them.
 * Errors: `refused`: `no-snapshot` (it is not known for which Salesforce user), `nothing-to-do` (no records, or records of which every field is left out), `blockers`, `not-approved` (members not approved or no longer pending, with counts),
 *         `pilot-gate`, `plan-consumed`, `wrong-state`, `wrong-org`, `plan-changed` when a refresh came in between.
 */
export async function submitBatch(deps: BatchDeps, ctx: CallContext, input: { id: string; overridePilot?: string | undefined }): Promise<Batch> {
  const batch = await requireBatch(deps, input.id);
  if (batch.runId !== null) throw refusal('plan-consumed', `The plan of batch ${batch.id} has been pushed. Make a new batch.`, { batchId: batch.id, state: batch.state });
  requireState(batch, ['draft', 'submitted', 'approved', 'rejected', 'expired'], 'submitted');
  if (batch.orgId !== deps.org.id) throw refusal('wrong-org', `Batch ${batch.id} was drawn for the org ${batch.orgName}, not for ${deps.org.name}.`, { expected: batch.orgId, found: deps.org.id });
  const header = headerNow(deps, batch);
  const survey = await surveyMembers(deps, ctx, batch, header);
  await checkPilotGate(deps, batch, survey, input.overridePilot);

  const isSame = (batch.state === 'submitted' || batch.state === 'approved') && !isExpired(batch, deps.clock.now()) && (await rehashPlan(deps.ledger, batch.id)) === survey.hash;
  if (!isSame) await storePlan(deps, ctx, batch, header, survey.hash);
  await storeSubmission(deps, ctx, { batch: await requireBatch(deps, batch.id), survey, overridePilot: input.overridePilot ?? null, isSame });
  return requireBatch(deps, batch.id);
}

function headerNow({ org, mapping }: BatchDeps, batch: Batch): PlanHeader {
  if (org.user === null) throw refusal('no-snapshot', 'It is not known yet for which Salesforce user the plan would be made. Refresh first.', { batchId: batch.id });
  return { version: 2, orgId: org.id, user: org.user, apiVersion: org.apiVersion, mapping };
}

/** True when the approval of a batch has run out. */
export function isExpired(batch: Batch, now: string): boolean {
  return batch.expiresAt !== null && batch.expiresAt <= now;
}

async function surveyMembers(deps: BatchDeps, ctx: CallContext, batch: Batch, header: PlanHeader): Promise<Survey> {
  const hasher = createPlanHasher(header);
  const survey = { creates: 0, updates: 0, fields: 0, keys: [] as string[] };
  const problems = { notPending: [] as string[], blocked: [] as string[], notApproved: [] as string[], emptied: [] as string[] };
  for await (const members of readMembers(deps, batch.id)) {
    throwIfCancelled(ctx.signal, 'Submitting the batch');
    for (const { item, change } of members) {
      survey.keys.push(item.key);
      if (change === null) problems.notPending.push(item.key);
      else if (change.blockers > 0) problems.blocked.push(item.key);
      else if (change.decision !== 'approve') problems.notApproved.push(item.key);
      else if (Object.keys(change.fields).length === 0) problems.emptied.push(item.key);
      else {
        survey[item.kind === 'create' ? 'creates' : 'updates'] += 1;
        survey.fields += Object.keys(change.fields).length;
        hasher.add(planRecordOf(change));
      }
    }
  }
  if (survey.keys.length === 0) throw refusal('nothing-to-do', `Batch ${batch.id} is empty.`, { batchId: batch.id });
  refuseProblems(batch, problems);
  return { ...survey, hash: hasher.digest() };
}

function refuseProblems(batch: Batch, { notPending, blocked, notApproved, emptied }: { notPending: string[]; blocked: string[]; notApproved: string[]; emptied: string[] }): void {
  if (notPending.length + blocked.length + notApproved.length + emptied.length === 0) return;
  const details = { batchId: batch.id, notApproved: notApproved.length, notPending: notPending.length, blocked: blocked.length };
  if (blocked.length > 0) {
    throw refusal('blockers', `Checks block ${blocked.length} records of batch ${batch.id}. Resolve the blockers, or draw the batch anew without them.`, { ...details, keys: blocked.slice(0, keysNamed) });
  }
  if (notApproved.length > 0) {
    throw refusal('not-approved', `${notApproved.length} records of batch ${batch.id} are not approved. Approve them, or draw the batch anew without them.`, { ...details, keys: notApproved.slice(0, keysNamed) });
  }
  if (notPending.length === 0) {
    throw refusal('nothing-to-do', `Every changed field of ${emptied.length} records of batch ${batch.id} is left out, so that nothing would be sent to them. Take a field in again, or exclude them and draw the batch anew.`, { ...details, keys: emptied.slice(0, keysNamed) });
  }
  throw refusal('not-approved', `${notPending.length} records of batch ${batch.id} are no longer pending. Draw the batch anew from the current snapshot.`, { ...details, keys: notPending.slice(0, keysNamed) });
}

async function checkPilotGate(deps: BatchDeps, batch: Batch, survey: Survey, overridePilot: string | undefined): Promise<void> {
  const records = survey.creates + survey.updates;
  if (!isGated(batch, records, deps.policy) || (overridePilot ?? '').trim() !== '') return;
  const shut = (await readPilotGates(deps.ledger)).filter(({ passed }) => !passed);
  if (shut.length === 0) return;
  throw refusal('pilot-gate', `A batch of ${records} records waits for a pilot whose gates are all green (not yet: ${shut.map(({ id }) => id).join(', ')}). Push a pilot first, or override with a reason.`, {
    batchId: batch.id,
    records,
    shut: shut.map(({ id }) => id),
    pilotId: shut[0]?.pilotId ?? null,
  });
}

async function storePlan(deps: BatchDeps, ctx: CallContext, batch: Batch, header: PlanHeader, hash: string): Promise<void> {
  if (batch.state !== 'draft') await returnToDraft(deps, ctx, batch, 'The plan is frozen anew.');
  else await deps.ledger.commit({ events: [], writes: [{ write: 'plan.clear', batchId: batch.id }] });
  const hasher = createPlanHasher(header);
  for await (const members of readMembers(deps, batch.id)) {
    const records = members.flatMap(plannedRecord);
    for (const record of records) hasher.add(record);
    await deps.ledger.commit({ events: [], writes: [{ write: 'plan.records', batchId: batch.id, records }] });
  }
  if (hasher.digest() !== hash) throw refusal('plan-changed', 'The pending changes were changed while the plan was being frozen. Submit again.', { batchId: batch.id });
  await deps.ledger.commit({ events: [], writes: [{ write: 'plan.header', batchId: batch.id, header, hash }] });
}

function plannedRecord({ change }: Member): PlanRecord[] {
  return change === null ? [] : [planRecordOf(change)];
}

async function storeSubmission(deps: BatchDeps, ctx: CallContext, step: { batch: Batch; survey: Survey; overridePilot: string | null; isSame: boolean }): Promise<void> {
  const { batch, survey, overridePilot, isSame } = step;
  const { hash, creates, updates, fields, keys } = survey;
  const snapshot = await deps.cache.snapshot();
  const snapshotId = snapshot?.id ?? batch.snapshotId;
  const submittedAt = isSame ? batch.submittedAt : deps.clock.now();
  await deps.ledger.commit({
    events: [batchEvent('batch.submitted', ctx.actor, batch.id, { planHash: hash, creates, updates, fields, snapshotId, overridePilot, samePlan: isSame, submittedAt }, keys)],
    writes: [
      {
        write: 'batch.change',
        batchId: batch.id,
        seen: batch,
        change: {
          ...(isSame ? {} : { state: 'submitted' as const, submittedBy: ctx.actor, submittedAt, expiresAt: null, rejectedBy: null, rejectedReason: null }),
          creates, updates, fields, planHash: hash, snapshotId,
          approvalsNeeded: deps.policy.approvals,
          overridePilotReason: overridePilot ?? (isSame ? batch.overridePilotReason : null),
        },
      },
    ],
  });
}
