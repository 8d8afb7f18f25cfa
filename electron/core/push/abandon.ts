import type { Run } from '../../../shared/domain/batch.ts';
import { isOpenRun } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { whileActive } from './active-runs.ts';
import { requireBatch } from './begin.ts';
import type { PushDeps } from './session.ts';

/**
 * Ends a run that stands still for good, in somebody's name. Nothing is sent; what was not sent stays unsent, what is unknown
 * stays unknown and is never shown as anything else. The batch is aborted; its records can be drawn into a new one.
 *
 * Errors: `not-found`; `refused` (`run-active`, `wrong-state` for a run that is at work or has ended); `audit-not-writable`.
 */
export async function abandonRun(deps: PushDeps, ctx: CallContext, input: { runId: string; reason: string }): Promise<Run> {
  const found = await deps.ledger.run(input.runId);
  if (found === null) throw new AppFailure('not-found', `There is no run ${input.runId}.`, { runId: input.runId });
  return whileActive(deps.active, found.batchId, async () => {
    const { counts, ...run } = (await deps.ledger.run(input.runId)) ?? found;
    const batch = await requireBatch(deps, run.batchId);
    if (!isOpenRun(run) || batch.runId !== run.id) {
      throw refusal('wrong-state', `Run ${run.id} is ${run.state}. Only a run that stands still can be abandoned.`, { runId: run.id, state: run.state });
    }
    await deps.ledger.commit({
      events: [{ type: 'run.abandoned', actor: ctx.actor, batchId: batch.id, runId: run.id, keys: [], data: { reason: input.reason, ...counts } }],
      writes: [
        { write: 'run.put', run: { ...run, state: 'abandoned', endedAt: deps.clock.now(), stopReason: { code: 'abandoned', message: `The run was abandoned by ${ctx.actor}: ${input.reason}` } } },
        { write: 'batch.change', batchId: batch.id, change: { state: 'aborted' } },
      ],
    });
    deps.emit('batches.changed', { id: batch.id });
    return (await deps.ledger.run(run.id)) ?? found;
  });
}
