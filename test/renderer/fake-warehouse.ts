import type { CallInput, CallOutput } from '../../shared/contract.ts';
import { viewNames, type AccessReport, type Shipping, type SignIn, type ViewReport, type WarehouseProgress } from '../../shared/domain/warehouse.ts';
import { CallFailure, type CancelSignal } from '../../shared/transport.ts';
import type { FakeState } from './fake-client.ts';

const place = 'main.countersign';
export const tablePlace = `${place}.property_sync_audit_log`;
const user = 'admin.a@snappt.example';
const grantOn = (privilege: string, kind: string, name: string): string => `GRANT ${privilege} ON ${kind} ${name} TO \`${user}\`;`;

function accessReport(isGranted: boolean): AccessReport {
  const missing = (id: string, need: string, grant: string) => ({ id, need, state: isGranted ? ('ok' as const) : ('missing' as const), grant: isGranted ? null : grant, detail: isGranted ? null : '[INSUFFICIENT_PERMISSIONS] Insufficient privileges. SQLSTATE: 42501' });
  return {
    ok: isGranted,
    user,
    address: 'dbc-a1b2c3d4.cloud.databricks.com',
    seconds: 3.4,
    checks: [
      { id: 'warehouse', need: 'Use the SQL warehouse', state: 'ok', grant: null, detail: null },
      { id: 'catalog', need: 'Use the catalog main', state: 'ok', grant: grantOn('USE CATALOG', 'CATALOG', '`main`'), detail: null },
      missing('properties', 'Read the RDS properties', grantOn('SELECT', 'TABLE', '`rds`.`pg_rds_public`.`properties`')),
      missing('audit', 'Write the copy of the audit log', grantOn('MODIFY', 'TABLE', '`main`.`countersign`.`property_sync_audit_log`')),
      { id: 'create', need: 'Deploy the views', state: 'not-checked', grant: grantOn('CREATE TABLE', 'SCHEMA', '`main`.`countersign`'), detail: 'Only who deploys needs it; the schema is not there yet.' },
    ],
  };
}

function viewReports(state: FakeState): ViewReport[] {
  const text = (name: string) => [`-- ${name}`, 'SELECT', ...Array.from({ length: 12 }, (_, index) => `  p.column_${index + 1},`), '  p.company_name', 'FROM rds.pg_rds_public.properties AS p', "WHERE p.status = 'ACTIVE'"].join('\n');
  return viewNames.map((name): ViewReport => {
    const expected = text(name);
    const report = { name, kind: name === 'property_sync_audit_log' ? ('table' as const) : ('view' as const), expected, deployed: expected, differences: [], detail: null, state: 'same' as const };
    if (state.warehouse === 'embedded') return report;
    if (name === 'sync_monitoring_dashboard') return { ...report, state: 'missing', deployed: null, detail: `There is no ${place}.${name}. Deploy the views.` };
    if (name !== 'properties_to_update') return report;
    const deployed = expected.replace("WHERE p.status = 'ACTIVE'", "WHERE p.status IN ('ACTIVE', 'DISABLED')");
    return { ...report, state: 'differs', deployed, differences: [{ line: 17, side: 'expected', text: "WHERE p.status = 'ACTIVE'" }, { line: 17, side: 'deployed', text: "WHERE p.status IN ('ACTIVE', 'DISABLED')" }] };
  });
}

/** How far the made-up audit log is copied. */
export function shippingOf(state: FakeState): Shipping {
  const failing = state.audit === 'failing' || state.audit === 'fork';
  const shipped = failing ? 12_360 : 12_480;
  return {
    place: state.warehouse === 'embedded' ? 'a file on this machine' : tablePlace,
    events: 12_480,
    shipped,
    backlog: 12_480 - shipped,
    at: '2026-11-23T09:30:00.000Z',
    anchor: state.anchored ?? (state.audit === 'none' ? null : { seq: 490, head: '5c9a1d20'.repeat(8), at: '2026-11-23T09:30:00.000Z' }),
    failure: failing ? { at: '2026-11-23T10:20:00.000Z', code: 'permission-denied', message: '[INSUFFICIENT_PERMISSIONS] User does not have MODIFY on Table main.countersign.property_sync_audit_log. SQLSTATE: 42501', fork: state.audit === 'fork' } : null,
    limit: state.policy.auditBacklogLimit,
  };
}

/** Waits for the warehouse as the core does, until the caller gives up. */
async function untilCancelled(state: FakeState, progress: WarehouseProgress, signal: CancelSignal | undefined): Promise<never> {
  state.emit('warehouse.progress', progress);
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new CallFailure({ code: 'cancelled', message: 'It was cancelled. Nothing was changed.', details: {} }))));
}

const starting: WarehouseProgress = { state: 'starting', attempt: 2, nextInSeconds: 4, reason: 'TEMPORARILY_UNAVAILABLE: warehouse 8f2c is starting' };

/** The calls of the warehouse; `slow` waits for a start that never ends. */
export function warehouseDoubles(state: FakeState) {
  const signInState = (): SignIn => {
    if (state.warehouse === 'embedded') return { method: 'none-needed', kept: null, canSignIn: false, canStoreToken: false };
    return { ...(state.hasToken ? { method: 'token', kept: 'session' } : { method: 'none', kept: null }), canSignIn: true, canStoreToken: true };
  };
  return {
    'warehouse.signInState': signInState,
    'warehouse.test': (_: object, signal?: CancelSignal): AccessReport | Promise<never> => {
      if (state.warehouse === 'embedded') return { ok: true, user: null, address: 'sample', seconds: 0, checks: [] };
      if (state.isSlow) return untilCancelled(state, starting, signal);
      return accessReport(state.isGranted);
    },
    'warehouse.signIn': (_: object, signal?: CancelSignal) => untilCancelled(state, { state: 'signing-in', attempt: 1, nextInSeconds: null, reason: 'https://dbc-a1b2c3d4.cloud.databricks.com/oidc/v1/authorize?state=made-up' }, signal),
    'warehouse.storeToken': ({ token }: CallInput<'warehouse.storeToken'>) => {
      if (token !== null && !token.startsWith('dapi')) throw new CallFailure({ code: 'not-signed-in', message: 'Databricks does not accept this token. Nothing was stored.', details: { problem: 'not-signed-in', verbatim: 'Invalid access token.' } });
      state.hasToken = token !== null;
      state.emit('settings.changed', {});
      return signInState();
    },
    'views.verify': (): CallOutput<'views.verify'> => {
      const views = viewReports(state);
      return { target: state.warehouse === 'embedded' ? null : place, ok: views.every((view) => view.state === 'same'), views };
    },
    'audit.shipping': () => shippingOf(state),
    'audit.anchor': () => {
      if (state.audit === 'failing') throw new CallFailure({ code: 'permission-denied', message: `Copying the audit log: this user may not do that. ${shippingOf(state).failure?.message ?? ''}`, details: { problem: 'permission', verbatim: shippingOf(state).failure?.message ?? '' } });
      state.anchored = { seq: 12_480, head: 'd40c77e1'.repeat(8), at: new Date().toISOString() };
      state.emit('audit.shipped', { backlog: 0 });
      return shippingOf(state);
    },
    /** A refresh that waits for the warehouse, or that it refuses. */
    refresh: (signal?: CancelSignal): Promise<never> | null => {
      if (state.warehouse === 'embedded') return null;
      if (state.isSlow) return untilCancelled(state, starting, signal);
      if (state.isGranted) return null;
      const verbatim = '[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table rds.pg_rds_public.properties. SQLSTATE: 42501';
      throw new CallFailure({ code: 'permission-denied', message: `Refreshing: this user may not do that in Databricks: ${verbatim} "countersign warehouse test" lists the grants to ask for.`, details: { problem: 'permission', verbatim, host: 'dbc-a1b2c3d4.cloud.databricks.com' } });
    },
  };
}
