import type { AuditEventType } from '../../shared/domain/audit-event.ts';
import type { Handlers } from './answer-calls.ts';
import { AppFailure } from './app-failure.ts';
import type { AppPorts } from './app.ts';
import { listViews } from './describe-app.ts';
import type { InTurn } from './in-turn.ts';
import type { CallContext, Emit } from './ports.ts';
import { deployViews } from './views/deploy-views.ts';
import { planDeployment } from './views/plan-deployment.ts';
import { verifyViews } from './views/verify-views.ts';

const notHere = (message: string): AppFailure => new AppFailure('not-available-here', message);

type WarehouseHandlers = Pick<Handlers, 'views.list' | 'views.plan' | 'views.verify' | 'views.deploy' | 'warehouse.signInState' | 'warehouse.test' | 'warehouse.signIn' | 'warehouse.storeToken'>;

/**
 * The calls that set a warehouse up: its views, and the way in.
 *
 * Shape:  what is kept of a sign-in is told to the audit log before it is kept, without the secret.
 */
export function warehouseHandlers({ ledger, warehouseObjects: objects, warehouseAccess: access }: AppPorts, emit: Emit, inTurn: InTurn): WarehouseHandlers {
  const tell = (type: AuditEventType, { actor }: CallContext) => ledger.commit({ events: [{ type, actor, batchId: null, runId: null, keys: [], data: {} }], writes: [] });
  const changed = () => {
    emit('settings.changed', {});
    return access.signInState();
  };
  return {
    'views.list': async () => listViews(),
    'views.plan': (_, { signal }) => planDeployment(objects, signal),
    'views.verify': (_, { signal }) => verifyViews(objects, signal),
    'views.deploy': (input, context) => inTurn(() => deployViews({ objects, ledger }, context, input)),
    'warehouse.signInState': () => access.signInState(),
    'warehouse.test': (_, { signal }) => access.test(signal),
    'warehouse.signIn': async (_, context) => {
      if (!(await access.signInState()).canSignIn) throw notHere('Nobody can sign in with a browser here: the sign-in comes from the environment, no OAuth client is configured, or none is needed.');
      await tell('warehouse.signing-in', context);
      await access.signIn(context.signal);
      return changed();
    },
    'warehouse.storeToken': async ({ token }, context) => {
      if (!(await access.signInState()).canStoreToken) throw notHere('No token is kept here: the sign-in comes from the environment, or none is needed.');
      await tell(token === null ? 'warehouse.token-forgotten' : 'warehouse.token-stored', context);
      await access.storeToken(token);
      return changed();
    },
  };
}
