import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp, type App } from '../../electron/core/app.ts';
import type { WarehouseAccess } from '../../electron/core/warehouse-ports.ts';
import { initWorkspace } from '../../electron/hosts/workspace/init-workspace.ts';
import { openWorkspace, type OpenWorkspace } from '../../electron/hosts/workspace/open-workspace.ts';
import { stopBackgroundOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { sessionSecrets } from '../../electron/hosts/session-secrets.ts';
import { csvSource } from '../hosts/csv-source.ts';

let source: ReturnType<typeof csvSource>;
let workspace: OpenWorkspace;
let app: App;
const ann = { actor: 'ann', signal: new AbortController().signal };
const kept: (string | null)[] = [];

/** A way in that keeps what it is given. */
const keeping: WarehouseAccess = {
  signInState: async () => ({ method: 'none', kept: null, canSignIn: true, canStoreToken: true }),
  test: async () => ({ ok: true, user: null, address: 'a', seconds: 0, checks: [] }),
  signIn: async () => {},
  storeToken: async (token) => {
    kept.push(token);
  },
  onProgress: () => () => {},
};

beforeEach(async () => {
  source = csvSource();
  const folder = join(source.root, 'workspace');
  await initWorkspace({ folder, from: 'config', configFile: source.config });
  workspace = await openWorkspace({ folder, host: 'browser', mode: 'write', threads: false, logger: { info() {}, warn() {}, error() {} }, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env: {} });
});
afterEach(async () => {
  await app.close();
  await workspace.close();
  await stopBackgroundOrg(join(source.root, 'workspace'));
  rmSync(source.root, { recursive: true, force: true });
});

const eventsOf = async (): Promise<unknown[]> => (await app.call('audit.page', { limit: 20 }, ann)).events.map(({ type, actor, data }) => [type, actor, data]);

test('what is kept of a sign-in is in the audit log, without the secret', async () => {
  app = await createApp({ ...workspace.ports, warehouseAccess: keeping });
  await app.call('warehouse.storeToken', { token: 'a-made-up-secret' }, ann);
  await app.call('warehouse.storeToken', { token: null }, ann);
  await app.call('warehouse.signIn', {}, ann);
  expect(kept).toEqual(['a-made-up-secret', null]);
  expect(await eventsOf()).toMatchObject([['warehouse.signing-in', 'ann', {}], ['warehouse.token-forgotten', 'ann', {}], ['warehouse.token-stored', 'ann', {}], ['ledger.created', 'countersign', {}]]);
  expect(JSON.stringify([await eventsOf(), await app.call('app.diagnostics', {}, ann), await app.call('settings.get', {}, ann)])).not.toContain('a-made-up-secret');
});

test('where nobody signs in, nothing is kept and nothing is told', async () => {
  app = await createApp(workspace.ports);
  await expect(app.call('warehouse.storeToken', { token: 'x' }, ann)).rejects.toMatchObject({ error: { code: 'not-available-here' } });
  await expect(app.call('warehouse.signIn', {}, ann)).rejects.toMatchObject({ error: { code: 'not-available-here' } });
  expect(await eventsOf()).toHaveLength(1);
});
