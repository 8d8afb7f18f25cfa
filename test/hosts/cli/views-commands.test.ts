import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../../electron/core/app.ts';
import { planDeployment } from '../../../electron/core/views/plan-deployment.ts';
import { readArguments } from '../../../electron/hosts/cli/arguments.ts';
import { askYes } from '../../../electron/hosts/cli/ask-yes.ts';
import type { CommandAnswer } from '../../../electron/hosts/cli/command.ts';
import { findCommand } from '../../../electron/hosts/cli/command-table.ts';
import { openWorkspace, type OpenWorkspace } from '../../../electron/hosts/workspace/open-workspace.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { stopBackgroundOrg } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import { viewNames } from '../../../shared/domain/warehouse.ts';
import { deployedWarehouse, type DeployedWarehouse } from '../../core/views/deployed-warehouse.ts';
import { csvSource, type CsvSource } from '../csv-source.ts';
import { cli } from './run-cli.ts';

let source: CsvSource;
let folder: string;
beforeAll(async () => {
  source = csvSource();
  folder = join(source.root, 'workspace');
  await cli(['init', folder, '--config', source.config]);
});
afterAll(async () => {
  await stopBackgroundOrg(folder);
  source.remove();
});

describe('on an embedded workspace', () => {
  const run = (...words: string[]) => cli([...words, '-w', folder]);

  it('views verify holds, and views deploy has nothing to do', async () => {
    const verify = await run('views', 'verify', '--json');
    expect([verify.code, verify.json.target, verify.json.ok, verify.json.views.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`)]).toEqual([0, null, true, viewNames.map((name) => `${name} same`)]);
    const deploy = await run('views', 'deploy', '--json');
    expect([deploy.code, deploy.json.target, deploy.json.applied, deploy.json.views]).toEqual([0, null, false, viewNames.map((name) => ({ name, action: 'keep', state: 'same' }))]);
    expect((await run('audit', 'list', '--json')).json.events.filter(({ type }: { type: string }) => type.startsWith('views.'))).toEqual([]);
    expect((await run('views', 'verify')).stdout).toContain('What is deployed is what this version has.');
  });

  it('refresh --if-changed refreshes only when there is something new, and changes tells what', async () => {
    expect((await run('refresh', '--if-changed', '--json')).json).toMatchObject({ snapshot: { id: 'S-0001' }, unchanged: false, probe: { changed: true, snapshotId: null } });
    const same = await run('refresh', '--if-changed', '--json');
    expect([same.code, same.json]).toMatchObject([0, { unchanged: true, probe: { changed: false, source: 'same', org: 'same', rules: 'same', snapshotId: 'S-0001' } }]);
    expect((await run('refresh', '--if-changed')).stdout).toBe('Nothing has changed since S-0001.\n');

    source.write('properties.csv', `${source.read('properties.csv')}p7,New Place,7 New Road,Boston,MA,02101,c2,Elm Living,ACTIVE,,2024-01-01,2026-01-02\n`);
    expect((await run('refresh', '--if-changed', '--json')).json).toMatchObject({ snapshot: { id: 'S-0002' }, unchanged: false, added: 1, probe: { source: 'changed', org: 'same' } });
    expect((await run('changes', '--json')).json).toEqual({ total: 1, items: [{ kind: 'create', key: 'p7', state: 'added', name: 'New Place', fields: [], fallen: null }], next: null });
    expect((await run('changes', '--state', 'removed', '--json')).json).toEqual({ total: 0, items: [], next: null });
    expect((await run('changes')).stdout).toMatch(/^added +create +p7 +New Place$/mu);
    expect((await run('changes', '--state', 'lost', '--json')).code).toBe(2);
  });

  it('changes pages', async () => {
    await run('refresh', '--json');
    source.write('properties.csv', source.read('properties.csv').replaceAll('Elm Living', 'Elm Homes'));
    await run('refresh');
    const { json: all } = await run('changes', '--json');
    const keys: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { json: page } = await run('changes', '--limit', '1', '--json', ...(after === '' ? [] : ['--after', after]));
      expect([page.total, page.items.length]).toEqual([all.total, 1]);
      keys.push(page.items[0].key);
      after = page.next;
    }
    expect([all.total > 1, keys]).toEqual([true, all.items.map(({ key }: { key: string }) => key)]);
  });

  it('warehouse test finds everything there', async () => {
    const test = await run('warehouse', 'test', '--json');
    expect([test.code, test.json]).toMatchObject([0, { ok: true, checks: [] }]);
  });
});

describe('views print', () => {
  const texts = (json: { views: { name: string; sql: string }[] }) => Object.fromEntries(json.views.map(({ name, sql }) => [name, sql]));

  it('gives the texts of both targets without a workspace', async () => {
    const [embedded, databricks] = await Promise.all([cli(['views', 'print', '--json']), cli(['views', 'print', '--target', 'databricks', '--json'])]);
    expect([embedded.json.target, Object.keys(texts(embedded.json))]).toEqual(['embedded', [...viewNames]]);
    expect(texts(embedded.json)['properties_to_create']).toContain('FROM rds_properties_enriched e');
    expect(texts(databricks.json)['rds_properties_enriched']).toContain('FROM rds.pg_rds_public.properties p');
    expect(texts(databricks.json)['properties_to_create']).toContain('FROM crm.sfdc_dbx.rds_properties_enriched e');
    expect(texts(embedded.json)['property_sync_audit_log']).toContain('CONSTRAINT event_hash_is_sha256');
    expect((await cli(['views', 'print', '--target', 'oracle', '--json'])).code).toBe(2);
  });

  it('gives what a deployment runs for the audit table on Databricks, and the views as they are deployed', async () => {
    const [{ json }, { stdout }] = await Promise.all([cli(['views', 'print', '--target', 'databricks', '--json']), cli(['views', 'print', '--target', 'databricks'])]);
    const { steps } = await planDeployment(deployedWarehouse(), new AbortController().signal);
    const run = (object: string) => steps.flatMap((step) => (step.object === object && step.sql !== null ? [step.sql] : []));
    const table = run('property_sync_audit_log');
    expect([table.length, table[0], table[1]]).toEqual([7, expect.stringMatching(/^CREATE TABLE IF NOT EXISTS [^]+\nUSING DELTA\n[^]+'delta\.appendOnly' = 'true'/u), expect.stringMatching(/^ALTER TABLE crm\.sfdc_dbx\.property_sync_audit_log ADD CONSTRAINT /u)]);
    for (const { name, sql } of json.views as { name: string; sql: string }[]) {
      if (name === 'property_sync_audit_log') expect(sql).toBe(table.join(';\n'));
      else expect(run(name)[0]?.endsWith(`\nAS\n${sql.trimEnd()}`)).toBe(true);
      expect(stdout).toContain(`${sql.trimEnd()};\n\n`);
    }
  });

  it('uses the names of a workspace on Databricks, and asks nobody', async () => {
    const config = join(source.root, 'databricks.json');
    writeFileSync(config, JSON.stringify({ warehouse: { kind: 'databricks', host: 'dbc-0.example.com', httpPath: '/sql/1.0/warehouses/0', catalog: 'main', schema: 'sync' }, org: { kind: 'simulated' } }));
    const databricks = join(source.root, 'databricks');
    expect((await cli(['init', databricks, '--config', config, '--json'])).code).toBe(0);
    const { json } = await cli(['views', 'print', '-w', databricks, '--json']);
    expect(json.target).toBe('databricks');
    expect(texts(json)['properties_to_create']).toContain('FROM main.sync.rds_properties_enriched e');
    expect(texts((await cli(['views', 'print', '--target', 'embedded', '-w', databricks, '--json'])).json)['properties_to_create']).toContain('FROM rds_properties_enriched e');
  });
});

describe('on a warehouse that things are deployed to', () => {
  let objects: DeployedWarehouse;
  let workspace: OpenWorkspace;
  let app: App;
  const hadTerminal = process.stdin.isTTY;

  beforeEach(async () => {
    process.stdin.isTTY = false;
    objects = deployedWarehouse();
    workspace = await openWorkspace({ folder, host: 'cli', mode: 'write', threads: false, logger: { info() {}, warn() {}, error() {} }, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env: {} });
    app = await createApp({ ...workspace.ports, warehouseObjects: objects });
  });
  afterEach(async () => {
    process.stdin.isTTY = hadTerminal;
    await app.close();
    await workspace.close();
  });

  /** Runs a command in this process; `lines` is what a person reads before the answer. */
  async function run(line: string): Promise<CommandAnswer & { json: any; said: string[] }> { // oxlint-disable-line typescript/no-explicit-any -- answers are looked into freely
    const words = line.split(' ');
    const { command, length } = findCommand(words)!;
    const { signal } = new AbortController();
    const said: string[] = [];
    const answer = await command.run!({
      args: readArguments(words.slice(length), command.options ?? {}, command.words ?? 0),
      json: words.includes('--json'),
      env: {},
      signal,
      say: (text) => void said.push(text),
      folder: () => folder,
      open: async () => ({ ports: workspace.ports, call: (name, input) => app.call(name, input, { actor: 'ann', signal }) }),
      announce: (early) => void said.push(...early.text),
    });
    return { ...answer!, json: answer!.json, said };
  }
  const deployments = async () => (await app.call('audit.page', { limit: 50 }, { actor: 'ann', signal: new AbortController().signal })).events.filter(({ type }) => type.startsWith('views.')).length;

  it('views deploy --dry-run prints a script of every statement and changes nothing', async () => {
    const before = await deployments();
    const dry = await run('views deploy --dry-run');
    const script = dry.text.join('\n');
    expect(dry.text.slice(0, 2)).toEqual([expect.stringMatching(/^-- Plan for crm\.sfdc_dbx \([0-9a-f]{8}\)$/u), '-- create    rds_properties_enriched: There is no such view yet.']);
    expect(script.split(/;\n/u).filter((part) => part.trim() !== '')).toHaveLength(12);
    expect(script).toContain("ALTER TABLE crm.sfdc_dbx.property_sync_audit_log ADD CONSTRAINT event_id_is_given CHECK (TRIM(event_id) <> '');");
    expect([dry.exit, dry.json.applied, dry.json.views[0], objects.ran, await deployments()]).toEqual([0, false, { name: 'rds_properties_enriched', action: 'create', state: 'missing' }, [], before]);
  });

  it('views deploy prints the plan, runs it, and proves it; views verify then holds until somebody changes a view', async () => {
    const before = await deployments();
    const deploy = await run('views deploy');
    expect([deploy.said.length, deploy.text, deploy.exit]).toEqual([13, ['Deployed: 12 statements were run in crm.sfdc_dbx.'], 0]);
    expect([objects.ran.length, deploy.json.applied, await deployments()]).toEqual([12, true, before + 2]);
    expect(deploy.json.views.map(({ action, state }: { action: string; state: string }) => `${action} ${state}`)).toEqual(viewNames.map(() => 'create same'));
    expect((await run('views verify')).exit).toBe(0);
    expect((await run('views deploy')).text).toEqual(['Nothing to deploy: everything is there as this version has it.']);

    const view = objects.there.get('properties_to_update')!;
    objects.there.set('properties_to_update', { ...view, text: `${view.text} AND\u202e 1 = 1` });
    const drift = await run('views verify');
    expect([drift.exit, drift.json.ok]).toEqual([6, false]);
    expect(drift.text.join('\n')).toMatch(/^properties_to_update:\n {2}expected +\d+ {2}WHERE m\.takes_own_values\n {2}deployed +\d+ {2}WHERE m\.takes_own_values AND {2}1 = 1$/mu);
    expect((await run('views deploy --json')).json.views.find(({ name }: { name: string }) => name === 'properties_to_update')).toEqual({ name: 'properties_to_update', action: 'replace', state: 'same' });
  });

  it('a deployment that cannot be is refused with its reason, in a dry run by the exit code', async () => {
    objects.there.set('properties_to_create', { kind: 'table', text: null, properties: {}, columns: [] });
    expect((await run('views deploy --dry-run')).exit).toBe(3);
    await expect(run('views deploy')).rejects.toMatchObject({ error: { code: 'refused', message: expect.stringContaining('DROP TABLE crm.sfdc_dbx.properties_to_create') } });
    expect(objects.ran).toEqual([]);
  });

  it('warehouse test prints each missing grant as a statement to copy', async () => {
    const grant = 'GRANT SELECT ON VIEW crm.sfdc_dbx.properties_to_create TO `ann@example.com`';
    const own = app;
    app = await createApp({
      ...workspace.ports,
      warehouseObjects: objects,
      warehouseAccess: {
        ...workspace.ports.warehouseAccess,
        test: async () => ({ ok: false, user: 'ann@example.com', address: 'dbc-0.example.com', seconds: 1.25, checks: [{ id: 'create', need: 'Read what is to be created', state: 'missing', grant, detail: null }, { id: 'session', need: 'Open a session', state: 'ok', grant: null, detail: null }] }),
      },
    });
    await own.close();
    const test = await run('warehouse test');
    expect([test.exit, test.text]).toEqual([5, ['dbc-0.example.com, signed in as ann@example.com, 1.3 s', 'missing      Read what is to be created', 'ok           Open a session', '', 'An administrator can run:', `${grant};`, '', 'Something that is needed is missing.']]);
  });
});

describe('a question on the terminal', () => {
  async function answered(typed: string | null): Promise<[boolean, string]> {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const asked = askYes('Deploy?', new AbortController().signal, { input, output });
    if (typed === null) input.end();
    else input.write(typed);
    return [await asked, String(output.read())];
  }

  it('is yes only for a yes', async () => {
    expect(await answered('y\n')).toEqual([true, 'Deploy? [y/N] ']);
    expect(await answered(' YES \n')).toEqual([true, 'Deploy? [y/N] ']);
    for (const typed of ['\n', 'n\n', 'yeah\n', 'yes please\n', null]) expect((await answered(typed))[0]).toBe(false);
  });

  it('is cancelled by Ctrl-C', async () => {
    const stop = new AbortController();
    const asked = askYes('Deploy?', stop.signal, { input: new PassThrough(), output: new PassThrough() });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ error: { code: 'cancelled' } });
  });
});
