import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type App, type AppPorts } from '../../electron/core/app.ts';
import { sessionSecrets } from '../../electron/hosts/session-secrets.ts';
import { initWorkspace } from '../../electron/hosts/workspace/init-workspace.ts';
import { openWorkspace, type OpenWorkspace } from '../../electron/hosts/workspace/open-workspace.ts';
import { stopBackgroundOrg } from '../../electron/hosts/workspace/simulated-org-process.ts';
import { commandNames, queryNames } from '../../shared/contract.ts';
import { csvSource, type CsvSource } from '../hosts/csv-source.ts';

const { signal } = new AbortController();
const asAdmin = { actor: 'admin', signal };

let source: CsvSource;
let folder: string;
let workspace: OpenWorkspace;
let app: App;
const events: string[] = [];
const logged: [string, Record<string, unknown> | undefined][] = [];

async function open(mode: 'read' | 'write', change: Partial<AppPorts> = {}): Promise<App> {
  workspace = await openWorkspace({
    folder,
    host: 'cli',
    mode,
    threads: false,
    logger: { info() {}, warn() {}, error: (event, facts) => logged.push([event, facts]) },
    desktop: { chooseSaveFile: async (name) => join(source.root, name), openExternal: async () => false },
    secrets: sessionSecrets(),
    env: {},
  });
  return createApp({ ...workspace.ports, ...change });
}

beforeAll(async () => {
  source = csvSource();
  folder = join(source.root, 'workspace');
  await initWorkspace({ folder, from: 'config', configFile: source.config });
  app = await open('write');
  app.onEvent((name) => events.push(name));
});
afterAll(async () => {
  await app.close();
  await workspace.close();
  await stopBackgroundOrg(folder);
  source.remove();
});

describe('the app', () => {
  it('takes a pilot from the refresh to the proof, telling each time what changed', async () => {
    expect(await app.call('snapshot.refresh', {}, asAdmin)).toMatchObject({ creates: 2, updates: 2 });
    const batch = await app.call('batch.create', { name: 'Pilot', draw: { by: 'pilot', creates: 1, updates: 1, seed: '7' } }, asAdmin);
    await app.call('batch.submit', { id: batch.id }, asAdmin);
    await app.call('batch.approve', { id: batch.id }, asAdmin);
    expect(await app.call('batch.push', { id: batch.id }, asAdmin)).toMatchObject({ state: 'completed', counts: { planned: 2, succeeded: 2 } });
    expect(await app.call('app.info', {}, asAdmin)).toMatchObject({ identity: 'admin', org: { name: 'Sample Org', environment: 'simulated' }, openBatches: 0, interruptedRun: null });
    expect(await app.call('audit.verify', {}, asAdmin)).toMatchObject({ ok: true });
    expect([...new Set(events)]).toEqual(expect.arrayContaining(['snapshot.progress', 'snapshot.changed', 'batches.changed', 'run.progress']));
  });

  it('answers every query of the contract in the form the contract gives', async () => {
    const draft = await app.call('batch.create', { name: 'Others', draw: { by: 'pilot', creates: 1, updates: 1, seed: '7' } }, asAdmin);
    await app.call('batch.submit', { id: draft.id }, asAdmin);
    const { file } = await app.call('batch.export', { id: draft.id }, asAdmin);
    const draftRule = { field: 'Bank_Linking_Enabled__c', rule: 'primary' } as const;
    const [{ shapes }, whatIf, { items }] = [await app.call('shapes.list', {}, asAdmin), await app.call('whatIf.run', { draft: draftRule }, asAdmin), await app.call('pending.page', {}, asAdmin)];
    const inputs: Record<string, object> = {
      'pending.show': { key: 'p1' },
      'pending.locate': { item: { key: items[0]?.key, kind: items[0]?.kind } },
      'pending.open': { item: null, pageSize: 2, before: 1 },
      'pending.find': { prefix: 'a' },
      'pending.values': { field: 'Name' },
      'shapes.show': { id: shapes[0]?.id },
      'samples.show': { filter: '' },
      'records.runs': { key: 'p1' },
      'whatIf.draft': { draft: draftRule },
      'whatIf.records': { id: whatIf.id },
      'batches.show': { id: 'B-1' },
      'batches.records': { id: 'B-1' },
      'batch.readExport': { text: readFileSync(file, 'utf8') },
    };
    for (const name of queryNames.filter((known) => known !== 'whatIf.run')) expect(await app.callByName(name, inputs[name] ?? {}, asAdmin)).toBeTypeOf('object');
  });

  it('Row 40: refuses names and inputs that the contract does not have', async () => {
    for (const name of ['nope', '__proto__', 'constructor', 'toString', '']) await expect(app.callByName(name, {}, asAdmin)).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    for (const input of [null, undefined, 7, 'x', [], { extra: 1 }, { filter: 1 }, { limit: 5_001 }, { limit: 0.5 }]) {
      await expect(app.callByName('pending.page', input, asAdmin)).rejects.toMatchObject({ error: { code: 'invalid-input' } });
    }
    await expect(app.callByName('pending.page', { filter: 'colour:red' }, asAdmin)).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('never takes the identity from an input', async () => {
    await expect(app.callByName('pushes.pause', { reason: 'x', actor: 'mallory' }, asAdmin)).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('gives what nobody expected a reference that the log explains, and tells no more', async () => {
    const broken = await createApp({ ...workspace.ports, isAlone: false, cache: { ...workspace.ports.cache, page: () => Promise.reject(new Error('secret detail')) } });
    const error = await broken.call('pending.page', {}, asAdmin).then(() => null, (reason: { error: { code: string; message: string; details: { reference: string } } }) => reason.error);
    expect(error).toMatchObject({ code: 'unexpected', details: { reference: expect.stringMatching(/^R-[0-9A-F]{4}$/u) } });
    expect(error?.message).not.toContain('secret');
    expect(logged.at(-1)).toMatchObject(['call.unexpected', { reference: error?.details.reference, error: expect.stringContaining('secret detail') }]);
  });

  it('lets no answer out that is not in the form of the contract', async () => {
    const broken = await createApp({ ...workspace.ports, isAlone: false, cache: { ...workspace.ports.cache, page: async () => ({ total: 1, items: [], next: null, token: 'x' }) as never } });
    await expect(broken.call('pending.page', {}, asAdmin)).rejects.toMatchObject({ error: { code: 'unexpected' } });
  });

  it('keeps the last 200 calls for the diagnostics, without names that came from outside', async () => {
    for (let call = 0; call < 205; call += 1) await app.callByName('audit.checkpoints', {}, asAdmin);
    await app.callByName('<img src=x>', {}, asAdmin).catch(() => null);
    const { calls } = await app.call('app.diagnostics', {}, asAdmin);
    expect([calls.length, calls.at(-1)]).toMatchObject([200, { name: 'unknown call', outcome: 'invalid-input' }]);
  });

  it('asks Salesforce who is there when the identity is nobody else’s to give', async () => {
    const real = await createApp({ ...workspace.ports, isAlone: false });
    await real.call('pushes.pause', { reason: 'a look' }, { actor: null, signal });
    expect((await real.call('app.info', {}, { actor: null, signal })).paused?.by).toBe('admin@sample-org.example');
    await real.call('pushes.unpause', {}, { actor: null, signal });
  });

  it('refuses two refreshes at once', async () => {
    const [first, second] = await Promise.allSettled([app.call('snapshot.refresh', {}, asAdmin), app.call('snapshot.refresh', {}, asAdmin)]);
    expect([first.status, second]).toMatchObject(['fulfilled', { status: 'rejected', reason: { error: { details: { rule: 'run-active' } } } }]);
  });

  it('leaves the old snapshot when a refresh is cancelled', async () => {
    const before = (await app.call('app.info', {}, asAdmin)).snapshot;
    const abort = new AbortController();
    const stop = app.onEvent((name) => name === 'snapshot.progress' && abort.abort());
    await expect(app.call('snapshot.refresh', {}, { actor: 'admin', signal: abort.signal })).rejects.toMatchObject({ error: { code: 'cancelled' } });
    stop();
    expect((await app.call('app.info', {}, asAdmin)).snapshot).toEqual(before);
  });

  it('changes nothing where it is opened to be read, whatever the command', async () => {
    await app.close();
    await workspace.close();
    app = await open('read');
    const inputs: Record<string, object> = {
      'pending.decide': { selection: { filter: '' }, decision: 'approve' },
      'pending.mark': { item: { key: 'p1', kind: 'update' }, mark: 'viewed' },
      'batch.create': { name: 'x', draw: { by: 'all-approved' } },
      'batch.rename': { id: 'B-1', name: 'x' },
      'batch.reject': { id: 'B-1', reason: 'x' },
      'pushes.pause': { reason: 'x' },
      'run.stop': { runId: 'R-1' },
      'audit.export': { format: 'csv' },
      'identity.switch': { name: 'x' },
    };
    for (const name of commandNames.filter((known) => known !== 'audit.verify')) {
      await expect([name, await app.callByName(name, inputs[name] ?? { id: 'B-1' }, asAdmin).catch((reason: { error: { code: string; details: { rule?: string } } }) => reason.error.details.rule ?? reason.error.code)]).toSatisfy(
        ([, outcome]: [string, unknown]) => outcome === 'read-only' || outcome === 'invalid-input',
      );
    }
    expect(await app.call('audit.verify', {}, asAdmin)).toMatchObject({ ok: true });
    rmSync(join(source.root, 'audit.csv'), { force: true });
  });
});
