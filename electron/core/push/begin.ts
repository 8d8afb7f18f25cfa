import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { PlanHeader } from '../../../shared/domain/plan.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { ChunkRow, RunRow } from '../ledger-ports.ts';
import type { OrgIdentity } from '../org-ports.ts';
import type { CallContext } from '../ports.ts';
import type { ChosenMode } from './choose-mode.ts';
import type { Preflight } from './preflight/preflight-plan.ts';
import type { PushDeps } from './session.ts';

/** The batch by its id, as it is now. */
export async function requireBatch(deps: PushDeps, id: string): Promise<Batch> {
  const batch = await deps.ledger.batch(id);
  if (batch === null) throw new AppFailure('not-found', `There is no batch ${id}.`, { batchId: id });
  return batch;
}

/** Refuses while pushes are paused and when the connected org is not the one of the plan. */
export async function checkPlace(deps: PushDeps, ctx: CallContext, batch: Batch): Promise<{ header: PlanHeader; identity: OrgIdentity }> {
  const paused = await deps.ledger.paused();
  if (paused !== null) throw refusal('paused', `Pushes are paused by ${paused.by}: ${paused.reason}`, { ...paused });
  return checkOrg(deps, ctx, batch);
}

/** Refuses when the connected org is not the one of the plan. */
export async function checkOrg(deps: PushDeps, ctx: CallContext, batch: Batch): Promise<{ header: PlanHeader; identity: OrgIdentity }> {
  const plan = await deps.ledger.planHeader(batch.id);
  if (plan === null) throw refusal('plan-changed', `Batch ${batch.id} has no frozen plan. Submit it again.`, { batchId: batch.id });
  const identity = await deps.org.identity(ctx.signal);
  if (identity.orgId.slice(0, 15) !== plan.header.orgId.slice(0, 15)) {
    throw refusal('wrong-org', `The plan is for org ${plan.header.orgId}, but the connected org is ${identity.orgId} (${identity.orgName}).`, { planned: plan.header.orgId, connected: identity.orgId });
  }
  return { header: plan.header, identity };
}

/** A run that is about to start. */
export async function newRun(deps: PushDeps, ctx: CallContext, batch: Batch, chosen: ChosenMode, retryOf: string | null): Promise<RunRow> {
  return {
    id: `R-${await deps.ledger.nextNumber('run')}`,
    batchId: batch.id,
    state: 'running',
    ...chosen,
    startedBy: ctx.actor,
    startedAt: deps.clock.now(),
    endedAt: null,
    apiCalls: 0,
    writeCalls: 0,
    seconds: 0,
    retryOf,
    stopReason: null,
  };
}

/** Stores the run with its records, marks the batch `pushing` and says so, all in one step: a plan is used once. */
export async function storeStart(
  deps: PushDeps,
  ctx: CallContext,
  start: { batch: Batch; run: RunRow; chunks: readonly ChunkRow[]; identity: OrgIdentity; preflight: Preflight },
): Promise<void> {
  const { batch, run, chunks } = start;
  const event: NewAuditEvent = {
    type: 'run.started',
    actor: ctx.actor,
    batchId: batch.id,
    runId: run.id,
    keys: [],
    data: {
      mode: run.mode,
      why: run.why,
      planned: chunks.reduce((sum, chunk) => sum + chunk.records, 0),
      chunks: chunks.length,
      planHash: batch.planHash,
      retryOf: run.retryOf,
      orgId: start.identity.orgId,
      orgName: start.identity.orgName,
      user: start.identity.username,
      apiBudget: { ...start.preflight.budget },
      notChecked: [...start.preflight.notChecked],
    },
  };
  await deps.ledger.commit({
    events: [event],
    writes: [
      { write: 'run.start', run, retryOf: run.retryOf },
      { write: 'batch.change', batchId: batch.id, seen: batch, change: { state: 'pushing' } },
      ...chunks.map((chunk) => ({ write: 'chunk.put', runId: run.id, chunk }) as const),
    ],
  });
  deps.onStored?.();
  deps.emit('batches.changed', { id: batch.id });
}
