import type { Batch, Run } from '../../../shared/domain/batch.ts';
import { countOutcomes } from '../../../shared/domain/outcome.ts';
import { refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { whileActive } from './active-runs.ts';
import { checkPlace, newRun, requireBatch, storeStart } from './begin.ts';
import { chooseMode } from './choose-mode.ts';
import { chunkSizeOf, countFailed, cutChunks } from './chunks.ts';
import { preflightPlan } from './preflight/preflight-plan.ts';
import { openSession, type PushDeps } from './session.ts';
import { workOnRun } from './work-on-run.ts';

/**
 * Pushes again what failed in the newest run of a batch, as a new run, guarded like any other.
 *
 * Shape:  strict when the run before was strict, else chosen by size; called after the batch stage has found the batch retryable. Stale records are not retried: they need a new plan.
 * Errors: `refused` (wrong-state, nothing-to-do, paused, wrong-org, preflight, api-budget, run-active), the org's own failures
 *         before anything is sent, `audit-not-writable`.
 */
export async function retryBatch(deps: PushDeps, ctx: CallContext, input: { batch: Pick<Batch, 'id'> }): Promise<Run> {
  return whileActive(deps.active, input.batch.id, async (own) => {
    const batch = await requireBatch(deps, input.batch.id);
    if (batch.state !== 'completed-with-errors' || batch.runId === null) {
      throw refusal('wrong-state', `Batch ${batch.id} is ${batch.state}. Only a batch that was completed with errors can be retried.`, { batchId: batch.id, state: batch.state });
    }
    const failed = await countFailed(deps.ledger, batch.runId);
    const planned = failed.creates + failed.updates;
    if (planned === 0) throw refusal('nothing-to-do', `Nothing failed in run ${batch.runId}. Stale records need a new batch.`, { batchId: batch.id, runId: batch.runId });
    const { header, identity } = await checkPlace(deps, ctx, batch);
    const before = await deps.ledger.run(batch.runId);
    const chosen = chooseMode(before?.mode === 'strict' ? 'strict' : 'auto', planned, deps.policy);
    const preflight = await preflightPlan(deps, ctx, { batch, header, mode: chosen.mode, retryOf: batch.runId });
    const run = await newRun(deps, ctx, batch, chosen, batch.runId);
    const chunks = cutChunks(failed, chunkSizeOf(chosen.mode, deps.policy));
    await storeStart(deps, ctx, { batch, run, chunks, identity, preflight });
    own.runId = run.id;
    return workOnRun(openSession(deps, ctx, own.stop.signal, { batch, run, mapping: header.mapping, chunks, counts: countOutcomes({ planned }) }));
  });
}
