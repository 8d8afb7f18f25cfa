import { apiBudget, describeBudget, estimateCalls, isWithinBudget, type ApiBudget, type RunMode } from '../../../../shared/domain/api-budget.ts';
import type { Batch } from '../../../../shared/domain/batch.ts';
import { neverChecked } from '../../../../shared/domain/check.ts';
import type { PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { PlanHeader, PlanRecord } from '../../../../shared/domain/plan.ts';
import { refusal, throwIfCancelled } from '../../app-failure.ts';
import type { Ledger } from '../../ledger-ports.ts';
import type { CallContext } from '../../ports.ts';
import type { PushDeps } from '../session.ts';
import { createPlanCheck, planProblems, type FoundProblem } from './check-plan.ts';

/** What was found before a run, for the event that tells of its start. */
export interface Preflight {
  budget: ApiBudget;
  /** What nobody has looked at, in words for people. */
  notChecked: readonly string[];
}

const recordsPerPage = 2_000;

/**
 * Asks the org once more what it can hold, right before a run, and refuses a plan that it cannot take or that it has too few calls for.
 *
 * Shape:  one call. Looks at the records that the run would send: of a retry only those that failed. Nothing is stored.
 * Errors: `refused` (`preflight` with the problems, `api-budget` with the numbers); the org's own failures; `cancelled`.
 */
export async function preflightPlan(deps: PushDeps, ctx: CallContext, start: { batch: Batch; header: PlanHeader; mode: RunMode; retryOf: string | null }): Promise<Preflight> {
  const { batch, header, mode, retryOf } = start;
  const { mapping } = header;
  const check = createPlanCheck(mapping, await deps.org.describe(mapping.object, ctx.signal));
  const records = { creates: 0, updates: 0 };
  for await (const page of readRecords(deps.ledger, batch.id, retryOf)) {
    throwIfCancelled(ctx.signal, 'The push');
    for (const record of page) {
      records[record.kind === 'create' ? 'creates' : 'updates'] += 1;
      check.add(record);
    }
  }
  const problems = check.problems();
  if (problems.length > 0) {
    throw refusal('preflight', `The org cannot hold the plan of batch ${batch.id} as it is: ${problems.map(sentenceOf).join('; ')}. Nothing was sent.`, {
      batchId: batch.id,
      problems: problems.map((each) => ({ ...each })),
    });
  }
  const budget = apiBudget(estimateCalls(records, mode, deps.policy.chunkSize), deps.org.usage(), deps.policy);
  if (!isWithinBudget(budget)) {
    throw refusal('api-budget', `${describeBudget(budget)} Nothing was sent. Wait until the org has calls again, push a smaller batch, or lower the reserve in the policy.`, { batchId: batch.id, ...budget });
  }
  return { budget, notChecked: neverChecked };
}

/** Streams the records of a plan in its order, a page at a time. */
async function* readRecords(ledger: Ledger, batchId: string, retryOf: string | null): AsyncGenerator<readonly PlanRecord[]> {
  let after: PendingKey | null = null;
  for (;;) {
    const page: readonly PlanRecord[] =
      retryOf === null ? await ledger.planRecords(batchId, after, recordsPerPage) : await ledger.runRecords({ runId: retryOf, states: ['failed'], after, limit: recordsPerPage });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = { key: last.key, kind: last.kind };
  }
}

function sentenceOf({ problem, field, count, keys }: FoundProblem): string {
  return `${field} ${planProblems[problem]} (${count === 1 ? 'record' : `${count} records, first`} ${keys[0] ?? ''})`;
}
