import type { Batch, PushMode, Run } from '../../../shared/domain/batch.ts';
import { countOutcomes } from '../../../shared/domain/outcome.ts';
import { refusal } from '../app-failure.ts';
import { canonicalJson } from '../canonical.ts';
import type { CallContext } from '../ports.ts';
import { whileActive } from './active-runs.ts';
import { checkPlace, newRun, requireBatch, storeStart } from './begin.ts';
import { chooseMode } from './choose-mode.ts';
import { chunkSizeOf, cutChunks } from './chunks.ts';
import { preflightPlan } from './preflight/preflight-plan.ts';
import { openSession, type PushDeps } from './session.ts';
import { workOnRun } from './work-on-run.ts';

/**
 * Runs the plan of an approved batch: once, and to its end unless it has to stop.
 *
 * Shape:  called after the batch stage has found the batch pushable; marks it `pushing` in the same step that stores the
 *         run. Answers with the run as it ended: completed, completed-with-errors, or stopped and resumable.
 * Errors: `refused` (paused, wrong-org, plan-changed, not-approved, plan-consumed, preflight, api-budget, run-active),
 *         the org's own failures before anything is sent, `audit-not-writable`.
 */
export async function startRun(deps: PushDeps, ctx: CallContext, input: { batch: Pick<Batch, 'id'>; mode: PushMode }): Promise<Run> {
  return whileActive(deps.active, input.batch.id, async (own) => {
    const batch = await requireBatch(deps, input.batch.id);
    if (batch.state !== 'approved') {
      throw batch.runId === null
        ? refusal('not-approved', `Batch ${batch.id} is ${batch.state}. Only an approved batch can be pushed.`, { batchId: batch.id, state: batch.state })
        : refusal('plan-consumed', `The plan of batch ${batch.id} has been run. Resume or retry its run instead.`, { batchId: batch.id, state: batch.state });
    }
    const { header, identity } = await checkPlace(deps, ctx, batch);
    if (canonicalJson(header.mapping) !== canonicalJson(deps.mapping)) {
      throw refusal('plan-changed', 'The mapping has changed since the plan was frozen. Submit the batch again.', { batchId: batch.id });
    }
    const chosen = chooseMode(input.mode, batch.creates + batch.updates, deps.policy);
    const preflight = await preflightPlan(deps, ctx, { batch, header, mode: chosen.mode, retryOf: null });
    const run = await newRun(deps, ctx, batch, chosen, null);
    const chunks = cutChunks({ creates: batch.creates, updates: batch.updates }, chunkSizeOf(chosen.mode, deps.policy));
    await storeStart(deps, ctx, { batch, run, chunks, identity, preflight });
    own.runId = run.id;
    return workOnRun(openSession(deps, ctx, own.stop.signal, { batch, run, mapping: header.mapping, chunks, counts: countOutcomes({ planned: batch.creates + batch.updates }) }));
  });
}
