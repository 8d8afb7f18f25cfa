import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { connectOrg } from '../../../electron/hosts/workspace/connect-org.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { serveSimulatedOrg } from '../../../electron/hosts/workspace/serve-simulated-org.ts';
import { ensureSimulatedOrg, findRunningOrg, stopBackgroundOrg, type OrgAnnouncement } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import { readWorkspaceConfig } from '../../../electron/hosts/workspace/workspace-folder.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';

describe('the simulated org of a workspace', () => {
  let source: CsvSource;
  let folder: string;

  beforeAll(async () => {
    source = csvSource();
    folder = join(source.root, 'workspace');
    await initWorkspace({ folder, from: 'config', configFile: source.config });
  });
  afterAll(async () => {
    await stopBackgroundOrg(folder);
    source.remove();
  });

  it('is started once however many callers want it, and found again', async () => {
    const found = await Promise.all(Array.from({ length: 6 }, () => ensureSimulatedOrg(folder)));
    expect(new Set(found.map((org) => org.pid)).size).toBe(1);
    expect((await ensureSimulatedOrg(folder)).pid).toBe(found[0]?.pid);
  });

  it('is started anew when the announcement is that of a dead one', async () => {
    await stopBackgroundOrg(folder);
    const stale: OrgAnnouncement = { url: 'http://127.0.0.1:1', orgId: 'x', pid: 1, username: 'a', password: 'b', clientId: 'c', clientSecret: 'd', foreground: false };
    writeFileSync(join(folder, 'org.json'), JSON.stringify(stale));
    expect(await findRunningOrg(folder)).toBeNull();
    expect((await ensureSimulatedOrg(folder)).url).not.toBe(stale.url);
  });

  it('can be taken over by a server in the foreground, which every command then uses', async () => {
    const before = await ensureSimulatedOrg(folder);
    const stopping = new AbortController();
    const ready = Promise.withResolvers<OrgAnnouncement>();
    const serving = serveSimulatedOrg(folder, 0, stopping.signal, ready.resolve);
    const announced = await ready.promise;
    expect(announced.url).not.toBe(before.url);
    expect((await ensureSimulatedOrg(folder)).url).toBe(announced.url);
    await expect(serveSimulatedOrg(folder, 0, stopping.signal, () => {})).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    stopping.abort();
    await serving;
    expect(await findRunningOrg(folder)).toBeNull();
  });

  it('is reached through the same adapter as a real one, and again after it has gone', async () => {
    const org = connectOrg(folder, readWorkspaceConfig(folder), {}, sessionSecrets());
    const { signal } = new AbortController();
    const identity = await org.identity(signal);
    expect(identity).toMatchObject({ orgName: 'Sample Org', isProduction: false });
    expect(await org.countRecords('Product_Property__c', signal)).toBe(3);
    await org.close();
    await stopBackgroundOrg(folder);
    expect((await org.identity(signal)).orgId).toBe(identity.orgId);
    await org.close();
  });

  it('keeps no secret of a real org in the workspace', async () => {
    const text = readFileSync(join(folder, 'workspace.json'), 'utf8');
    expect(text).not.toMatch(/password|token|secret/iu);
  });
});
