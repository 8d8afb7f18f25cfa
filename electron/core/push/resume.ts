import type { Run } from '../../../shared/domain/batch.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { Ledger, RunRow } from '../ledger-ports.ts';
import type { CallContext, Clock } from '../ports.ts';
import { whileActive } from './active-runs.ts';
import { checkPlace, requireBatch } from './begin.ts';
import { openSession, type PushDeps } from './session.ts';
import { workOnRun } from './work-on-run.ts';

/** The actor of what the app does by itself. */
const appActor = 'countersign';

const cutOff = { code: 'interrupted', message: 'The process ended while the run was at work.' };

/**
 * Goes on with a run that was stopped or cut off: open intents are resolved by looking at Salesforce, then the rest is sent.
 *
 * Errors: `not-found`, `refused` (wrong-state, paused, wrong-org, run-active), the org's own failures before anything is
 *         sent, `audit-not-writable`.
 */
export async function resumeRun(deps: PushDeps, ctx: CallContext, input: { runId: string }): Promise<Run> {
  const found = await requireRun(deps, input.runId);
  return whileActive(deps.active, found.batchId, async (own) => {
    const { counts, ...run } = await requireRun(deps, input.runId);
    if (run.state === 'completed' || run.state === 'completed-with-errors' || run.state === 'abandoned') {
      throw refusal('wrong-state', `Run ${run.id} has ended (${run.state}). There is nothing to resume.`, { runId: run.id, state: run.state });
    }
    const batch = await requireBatch(deps, run.batchId);
    const { header, identity } = await checkPlace(deps, ctx, batch);
    const resumed: RunRow = { ...run, state: 'running', endedAt: null, stopReason: null };
    await deps.ledger.commit({
      events: [{ type: 'run.resumed', actor: ctx.actor, batchId: batch.id, runId: run.id, keys: [], data: { after: run.state, orgId: identity.orgId, user: identity.username, ...counts } }],
      writes: [{ write: 'run.put', run: resumed }],
    });
    own.runId = run.id;
    deps.emit('batches.changed', { id: batch.id });
    const session = openSession(deps, ctx, own.stop.signal, { batch, run: resumed, mapping: header.mapping, chunks: await deps.ledger.chunks(run.id), counts });
    return workOnRun(session);
  });
}

/**
 * Marks the runs that a dead process left at work as interrupted; for the start of the app.
 *
 * Shape:  the ids of those runs. Their batches stay `pushing` until the run is resumed.
 * Errors: `audit-not-writable`.
 */
export async function markInterrupted(deps: { ledger: Ledger; clock: Clock }): Promise<string[]> {
  const left = (await deps.ledger.runs(null)).filter((run) => run.state === 'running');
  for (const { counts, ...run } of left) {
    await deps.ledger.commit({
      events: [{ type: 'run.stopped', actor: appActor, batchId: run.batchId, runId: run.id, keys: [], data: { code: cutOff.code, reason: cutOff.message, ...counts } }],
      writes: [{ write: 'run.put', run: { ...run, state: 'interrupted', endedAt: deps.clock.now(), stopReason: cutOff } }],
    });
  }
  return left.map((run) => run.id);
}

async function requireRun(deps: PushDeps, id: string): Promise<Run> {
  const run = await deps.ledger.run(id);
  if (run === null) throw new AppFailure('not-found', `There is no run ${id}.`, { runId: id });
  return run;
}
