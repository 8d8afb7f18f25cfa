import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../../electron/core/app.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { openWorkspace, type OpenWorkspace } from '../../../electron/hosts/workspace/open-workspace.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { stopBackgroundOrg } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import { commandNames, endpointOf, queryNames, type CallInput, type CallName, type CallOutput } from '../../../shared/contract.ts';
import { ruleOf } from '../../core/batch/batch-workbench.ts';
import { csvSource, type CsvSource } from '../../hosts/csv-source.ts';

const context = { actor: 'ann', signal: new AbortController().signal };

let source: CsvSource;
let workspace: OpenWorkspace;
let app: App;

const call = <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => app.call(name, input, context);

async function draftOf(key: string): Promise<string> {
  await call('pending.decide', { selection: { filter: `key:${key}` }, decision: 'approve' });
  return (await call('batch.create', { name: key, draw: { by: 'keys', keys: [key] } })).id;
}

beforeAll(async () => {
  source = csvSource();
  const folder = join(source.root, 'workspace');
  await initWorkspace({ folder, from: 'config', configFile: source.config });
  workspace = await openWorkspace({ folder, host: 'browser', mode: 'write', threads: false, logger: { info() {}, warn() {}, error() {} }, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env: {} });
  app = await createApp(workspace.ports);
  await call('settings.savePolicy', { pilotGate: false });
  await call('snapshot.refresh', {});
});
afterAll(async () => {
  await app.close();
  await workspace.close();
  await stopBackgroundOrg(join(source.root, 'workspace'));
  source.remove();
});

describe('Row 41: a window that was taken over', () => {
  it('cannot push what nobody has approved, whatever it calls and in whatever order', async () => {
    const id = await draftOf('p3');
    const before = await call('batches.show', { id });
    expect(before.batch.state).toBe('draft');
    expect(await ruleOf(call('batch.push', { id }))).toBe('not-approved');
    await call('batch.submit', { id });
    expect(await ruleOf(call('batch.push', { id, confirm: before.batch.orgName }))).toBe('not-approved');
    expect(await ruleOf(call('batch.retry', { id }))).toBe('wrong-state');
    expect((await call('batches.show', { id })).runs).toEqual([]);
    await call('batch.withdraw', { id });
  });

  it.each([
    ['who it is', { by: 'bob', identity: 'bob' }],
    ['what is written', { records: [{ Id: 'a0P000000000001', City__c: 'Elsewhere' }] }],
    ['where it is written', { loginUrl: 'https://evil.example', instanceUrl: 'https://evil.example' }],
    ['what was approved', { planHash: '0'.repeat(64), approvals: [{ by: 'bob' }] }],
  ])('cannot say %s: no call takes it', async (_what, extra) => {
    const inputs = [{}, { id: 'B-1' }, { runId: 'R-1' }, { key: 'p1' }, { reason: 'x' }, { id: 'B-1', reason: 'x' }, { runId: 'R-1', reason: 'x' }];
    const accepted = [...queryNames, ...commandNames].flatMap((name) => {
      const input = inputs.find((each) => endpointOf(name)?.input.safeParse(each).success);
      return input === undefined ? [] : [[name, input] as const];
    });
    expect(accepted.length).toBeGreaterThan(30);
    for (const [name, input] of accepted) await expect(app.callByName(name, { ...input, ...extra }, context), name).rejects.toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('is told no secret by any query', async () => {
    const inputs: Record<string, object> = { 'pending.show': { key: 'p1' }, 'batches.show': { id: 'B-1' }, 'batches.records': { id: 'B-1' } };
    const answers = [];
    for (const name of queryNames) answers.push(await app.callByName(name, inputs[name] ?? {}, context).catch((failure: unknown) => failure));
    expect(JSON.stringify(answers)).not.toMatch(/access_?token|refresh_?token|client_?secret|countersign-secret|"password"|Bearer /iu);
  });
});

describe('Row 42: a double click', () => {
  it('on push makes one run, however often and however fast it is done', async () => {
    const id = await draftOf('p1');
    await call('batch.submit', { id });
    await call('batch.approve', { id });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ruleOf(call('batch.push', { id }))));
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    for (const answer of answers) expect(['done', 'run-active', 'plan-consumed']).toContain(answer);
    const { runs } = await call('batches.show', { id });
    expect(runs).toMatchObject([{ state: 'completed', counts: { planned: 1, succeeded: 1 } }]);
    expect(runs[0]?.writeCalls).toBe(1);
  });
});
