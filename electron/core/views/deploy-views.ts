import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { DeployPlan, ViewName } from '../../../shared/domain/warehouse.ts';
import { AppFailure, refusal, throwIfCancelled } from '../app-failure.ts';
import { sha256 } from '../canonical.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { CallContext } from '../ports.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';
import { planDeployment } from './plan-deployment.ts';

interface Statement {
  object: ViewName;
  sql: string;
}

/**
 * Runs the plan that was shown, statement by statement, and answers with it.
 *
 * Shape:  the audit log says what is about to run before the first statement, and how it ended after the last. When nothing
 *         is to be done nothing is written. After a lost answer plan again: what is there already is kept, and a view that was
 *         replaced is replaced by the same.
 * Errors: `refused` with rule `plan-changed` when what is deployed is no longer what the plan was made for, with `wrong-state`
 *         when a step is blocked; `audit-not-writable`, then nothing was run; whatever the warehouse throws, with the object and
 *         the number of statements that were run in `details`.
 */
export async function deployViews({ objects, ledger }: { objects: WarehouseObjects; ledger: Pick<Ledger, 'commit'> }, ctx: CallContext, { expect }: { expect: string }): Promise<DeployPlan> {
  const plan = await planDeployment(objects, ctx.signal);
  const { target, hash } = plan;
  if (hash !== expect) throw refusal('plan-changed', 'What is deployed has changed since this plan was made. Nothing was deployed. Look at the new plan.', { expected: expect, found: hash });
  const blocked = plan.steps.find(({ action }) => action === 'blocked');
  if (blocked) throw refusal('wrong-state', `Nothing was deployed. ${blocked.reason}`, { object: blocked.object });
  const statements = plan.steps.flatMap(({ object, sql }): Statement[] => (sql === null ? [] : [{ object, sql }]));
  if (statements.length === 0) return plan;

  const facts = { target, hash, statements: statements.length };
  const tell = (type: NewAuditEvent['type'], data: NewAuditEvent['data']) => ledger.commit({ events: [{ type, actor: ctx.actor, batchId: null, runId: null, keys: [], data: { ...facts, ...data } }], writes: [] });
  throwIfCancelled(ctx.signal, 'Deploying the views');
  await tell('views.deploying', { steps: plan.steps.map(({ object, action, sql }) => ({ object, action, sha256: sql === null ? null : sha256(sql) })) });
  for (const [done, { object, sql }] of statements.entries()) {
    try {
      throwIfCancelled(ctx.signal, 'Deploying the views');
      await objects.execute(sql, ctx.signal);
    } catch (error) {
      await tell('views.failed', { object, done, code: error instanceof AppFailure ? error.error.code : 'unexpected' });
      throw error instanceof AppFailure ? failureAt(error, object, done, statements.length) : error;
    }
  }
  await tell('views.deployed', {});
  return plan;
}

function failureAt({ error }: AppFailure, object: ViewName, done: number, statements: number): AppFailure {
  const rest = `${done} of ${statements} statements were run. Deploy again to run the rest: what is there already is kept.`;
  const message = error.code === 'cancelled' ? `Deploying the views was cancelled at ${object}. ${rest}` : `${object} could not be deployed. ${error.message} ${rest}`;
  return new AppFailure(error.code, message, { ...error.details, object, done, statements });
}
