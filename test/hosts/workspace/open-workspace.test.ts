import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireWorkspaceLock } from '../../../electron/adapters/sqlite/workspace-lock.ts';
import type { AuditTable } from '../../../electron/core/warehouse-ports.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { openWorkspace, type OpenWorkspace } from '../../../electron/hosts/workspace/open-workspace.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';

let source: CsvSource;
let folder: string;
beforeEach(async () => {
  source = csvSource();
  folder = join(source.root, 'workspace');
  await initWorkspace({ folder, from: 'config', configFile: source.config });
});
afterEach(() => source.remove());

const open = (): Promise<OpenWorkspace> =>
  openWorkspace({ folder, host: 'browser', mode: 'write', threads: false, logger: { info() {}, warn() {}, error() {} }, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env: {} });

it('a workspace lets its lock go also when parts of it cannot be closed, and tells the first failure', async () => {
  const workspace = await open();
  const { warehouse, org } = workspace.ports;
  const auditTable = workspace.ports.auditTable as AuditTable & { close(): Promise<void> };
  const closed: string[] = [];
  for (const [part, name] of [[auditTable, 'audit table'], [warehouse, 'warehouse'], [org, 'org']] as const) {
    const close = part.close.bind(part);
    part.close = async () => {
      closed.push(name);
      await close();
      if (name !== 'org') throw new Error(`The ${name} does not close.`);
    };
  }
  await expect(workspace.close()).rejects.toThrow('The audit table does not close.');
  expect(closed).toEqual(['audit table', 'warehouse', 'org']);
  await workspace.close();
  acquireWorkspaceLock(folder).release();
});

it('a workspace that cannot be opened says why, and leaves no lock', async () => {
  const held = acquireWorkspaceLock(folder);
  await expect(open()).rejects.toMatchObject({ error: { code: 'workspace-busy' } });
  held.release();
  await (await open()).close();
});
