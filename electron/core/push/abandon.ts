import { isOpenRun, type Batch, type Run } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { CallContext } from '../ports.ts';
import { StopRequest, whileActive } from './active-runs.ts';
import { checkOrg, requireBatch } from './begin.ts';
import { readChunks } from './chunks.ts';
import { resolveOpenIntents } from './reconcile.ts';
import { isLost, openSession, type PushDeps, type PushSession } from './session.ts';

/**
 * Ends a run that stands still for good, in somebody's name. Nothing more is sent: a job that is still at work is aborted and its
 * results are read, and open records are looked up. What stays unknown is never shown as anything else. The batch is aborted; its
 * records can be drawn into a new one.
 *
 * Errors: `not-found`; `refused` (`run-active`, `wrong-state` for a run that has ended, `may-still-write` while a job or a lost
 *         call of it may still write); `audit-not-writable`.
 */
export async function abandonRun(deps: PushDeps, ctx: CallContext, input: { runId: string; reason: string }): Promise<Run> {
  const found = await deps.ledger.run(input.runId);
  if (found === null) throw new AppFailure('not-found', `There is no run ${input.runId}.`, { runId: input.runId });
  return whileActive(deps.active, found.batchId, async () => {
    const standing = (await deps.ledger.run(input.runId)) ?? found;
    const batch = await requireBatch(deps, standing.batchId);
    // A run that is marked as running and is not at work here was cut off.
    if ((!isOpenRun(standing) && standing.state !== 'running') || batch.runId !== standing.id) {
      throw refusal('wrong-state', `Run ${standing.id} is ${standing.state}. Only a run that stands still can be abandoned.`, { runId: standing.id, state: standing.state });
    }
    if (standing.counts.unknown > 0) await settleWhatIsOpen(deps, ctx, batch, standing);
    const { counts, ...run } = (await deps.ledger.run(standing.id)) ?? standing;
    await deps.ledger.commit({
      events: [{ type: 'run.abandoned', actor: ctx.actor, batchId: batch.id, runId: run.id, keys: [], data: { reason: input.reason, ...counts } }],
      writes: [
        { write: 'run.put', run: { ...run, state: 'abandoned', endedAt: deps.clock.now(), stopReason: { code: 'abandoned', message: `The run was abandoned by ${ctx.actor}: ${input.reason}` } } },
        { write: 'batch.change', batchId: batch.id, change: { state: 'aborted' } },
      ],
    });
    deps.emit('batches.changed', { id: batch.id });
    return (await deps.ledger.run(run.id)) ?? standing;
  });
}

/** Looks up what may have been written, and refuses while anything of the run may still write. */
async function settleWhatIsOpen(deps: PushDeps, ctx: CallContext, batch: Batch, { counts, ...run }: Run): Promise<void> {
  const { header } = await checkOrg(deps, ctx, batch);
  const stop = AbortSignal.abort(new StopRequest(ctx.actor));
  const session = openSession(deps, ctx, stop, { batch, run, mapping: header.mapping, chunks: await deps.ledger.chunks(run.id), counts });
  const unresolved = await resolveOpenIntents(session);
  if (unresolved !== null) {
    throw refusal('may-still-write', `Salesforce could not be asked what became of run ${run.id}, and something of it may still be written: ${unresolved.reason.message} Try again later.`, { runId: run.id, code: unresolved.reason.code });
  }
  if (await hasLost(session)) {
    throw refusal('may-still-write', `A call of run ${run.id} was lost, and Salesforce may still be working on it. Abandon the run in ${Math.ceil(deps.org.lateEffectMs / 60_000)} minutes, or resume it.`, { runId: run.id });
  }
}

async function hasLost(session: PushSession): Promise<boolean> {
  for await (const { items } of readChunks(session)) {
    if (items.some((item) => item.isOpen && isLost(session, item))) return true;
  }
  return false;
}
