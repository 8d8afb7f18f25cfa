import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App, AppPorts } from '../../electron/core/app.ts';
import { openRuleTrial } from '../../electron/adapters/embedded/rule-trial/open-rule-trial.ts';
import { embeddedAccess } from '../../electron/adapters/embedded/embedded-access.ts';
import { embeddedAuditTable } from '../../electron/adapters/embedded/embedded-audit-table.ts';
import { embeddedObjects } from '../../electron/adapters/embedded/embedded-objects.ts';
import { createApp } from '../../electron/core/app.ts';
import { AppFailure } from '../../electron/core/app-failure.ts';
import type { Org } from '../../electron/core/org-ports.ts';
import { workspaceConfigSchema } from '../../electron/core/workspace/workspace-config.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts';
import { policySchema, thresholdsSchema, type Policy } from '../../shared/domain/policy.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from './snapshot/workspace.ts';
import { ruleOf } from './batch/batch-workbench.ts';

const { signal } = new AbortController();

let ws: TestWorkspace;
let app: App;
let ports: AppPorts;
/** Awaited before the org says who it is. */
let beforeIdentity: () => Promise<void>;
let beforeCommit: (types: readonly string[]) => void;

function call<N extends CallName>(actor: string, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  return app.call(name, input, { actor, signal });
}

async function setPolicy(policy: Partial<Policy>): Promise<void> {
  await call('ann', 'settings.savePolicy', policySchema.parse(policy));
}

/** A batch of so many pending updates that nobody has pushed, approved by ann. */
async function drawnBatch(count: number): Promise<string> {
  const { items } = await call('ann', 'pending.page', { filter: 'kind:update severity:passed -decision:exclude', limit: 400 });
  const taken = new Set((await Promise.all((await call('ann', 'batches.list', {})).batches.map(async ({ id }) => ws.ledger.members(id, null, 1_000)))).flat().map(({ key }) => key));
  const keys = items.map(({ key }) => key).filter((key) => !taken.has(key)).slice(0, count);
  await call('ann', 'pending.decide', { selection: { items: keys.map((key) => ({ key, kind: 'update' as const })) }, decision: 'approve' });
  return (await call('ann', 'batch.create', { name: 'Odd', draw: { by: 'keys', keys } })).id;
}

async function approvedBatch(count = 2): Promise<string> {
  const id = await drawnBatch(count);
  await call('ann', 'batch.submit', { id });
  await call('bob', 'batch.approve', { id });
  return id;
}

beforeAll(async () => {
  ws = await openTestWorkspace({ sample: 400 });
  await ws.refresh();
  const org: Org = { ...ws.org, identity: async (given) => { await beforeIdentity(); return ws.org.identity(given); } };
  const ledger: AppPorts['ledger'] = { ...ws.ledger, commit: async (step) => { beforeCommit(step.events.map(({ type }) => type)); return ws.ledger.commit(step); } };
  const config = workspaceConfigSchema.parse({ version: 1, name: 'Odd', mapping, warehouse: { kind: 'embedded', source: null }, org: { kind: 'simulated', production: false, apiVersion: '64.0' }, policy: policySchema.parse({}), thresholds: thresholdsSchema.parse({}) });
  const logger = { info() {}, warn() {}, error() {} };
  ports = { cache: ws.cache, ledger, warehouse: ws.warehouse, warehouseObjects: embeddedObjects(), warehouseAccess: embeddedAccess('sample'), auditTable: embeddedAuditTable(join(ws.folder, 'warehouse-audit.db')), ruleTrial: openRuleTrial({ cacheFile: join(ws.folder, 'cache.db'), mapping: config.mapping }), org, clock: { ...ws.clock, now: () => new Date().toISOString() }, logger, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, config, folder: ws.folder, host: 'cli', version: '0', readOnly: false, isAlone: true };
  app = await createApp(ports);
});
afterAll(() => ws.close());
beforeEach(() => {
  beforeIdentity = async () => {};
  beforeCommit = () => {};
});

describe('calls in an odd order', () => {
  it('cannot take a batch back between the look at its approval and the start of its run', async () => {
    const id = await approvedBatch();
    const others: Promise<unknown>[] = [];
    beforeIdentity = async () => {
      if (others.length === 0) others.push(ruleOf(call('cy', 'batch.reject', { id, reason: 'no' })), ruleOf(call('ann', 'batch.withdraw', { id })), ruleOf(call('ann', 'batch.submit', { id })), call('ann', 'batch.rename', { id, name: 'Renamed' }));
    };
    expect(await call('bob', 'batch.push', { id })).toMatchObject({ state: 'completed', counts: { planned: 2, succeeded: 2 } });
    expect(await Promise.all(others)).toMatchObject(['wrong-state', 'wrong-state', 'plan-consumed', { name: 'Renamed' }]);
    expect((await call('ann', 'batches.show', { id })).batch).toMatchObject({ state: 'completed', name: 'Renamed', approvals: [{ by: 'bob' }] });
  });

  it('count two approvals that come at the same moment as two', async () => {
    await setPolicy({ approvals: 2 });
    const id = await drawnBatch(2);
    await call('ann', 'batch.submit', { id });
    const results = await Promise.all(['bob', 'cy', 'BOB', 'dee'].map((who) => ruleOf(call(who, 'batch.approve', { id }))));
    expect(results).toEqual(['done', 'done', 'already-approved', 'wrong-state']);
    expect((await call('ann', 'batches.show', { id })).batch).toMatchObject({ state: 'approved', approvals: [{ by: 'bob' }, { by: 'cy' }] });
    await setPolicy({});
  });

  it('leave a rejected batch rejected, whoever approves at that moment', async () => {
    const id = await drawnBatch(2);
    await call('ann', 'batch.submit', { id });
    expect(await Promise.all([ruleOf(call('cy', 'batch.reject', { id, reason: 'no' })), ruleOf(call('bob', 'batch.approve', { id }))])).toEqual(['done', 'wrong-state']);
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('not-approved');
  });

  it('make one run of many pushes, and two batches never mix', async () => {
    const [one, other] = [await approvedBatch(), await approvedBatch()];
    const results = await Promise.all([one, one, other, one].map((id) => ruleOf(call('bob', 'batch.push', { id }))));
    expect(results).toEqual(['done', 'plan-consumed', 'run-active', 'plan-consumed']);
    expect(await ruleOf(call('bob', 'batch.push', { id: other }))).toBe('done');
    expect((await ws.ledger.runs(one)).length + (await ws.ledger.runs(other)).length).toBe(2);
  });

  it('do not find a way round a stricter policy', async () => {
    const id = await approvedBatch();
    await setPolicy({ approvals: 2 });
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('not-approved');
    await setPolicy({ selfApproval: false });
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('done');
    const own = await drawnBatch(1);
    await call('ann', 'batch.submit', { id: own });
    for (const alias of ['ann', 'ANN', ' ann ', 'a\u200Bnn', 'ａｎｎ', 'ann\u00AD']) expect(await ruleOf(call(alias, 'batch.approve', { id: own }))).toBe('self-approval');
    await setPolicy({});
  });

  it('are told of a pause and of a missing approval also while the org is away', async () => {
    const id = await approvedBatch();
    beforeIdentity = () => Promise.reject(new AppFailure('org-unavailable', 'Away.'));
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('org-unavailable');
    await call('cy', 'pushes.pause', { reason: 'stop' });
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('paused');
    await call('cy', 'pushes.unpause', {});
    expect(await ruleOf(call('bob', 'batch.push', { id: await drawnBatch(1) }))).toBe('not-approved');
  });

  it('write no field that was left out, and write the others', async () => {
    const { items } = await call('ann', 'pending.page', { filter: 'kind:update severity:passed decision:none', limit: 400 });
    const item = items.find(({ changedFields }) => changedFields.length > 1);
    if (!item) throw new Error('No update of several fields is left.');
    const [leftOut = '', ...others] = item.changedFields;
    const one = { items: [{ key: item.key, kind: item.kind }] };
    await call('ann', 'pending.excludeField', { selection: one, field: leftOut, isExcluded: true, reason: 'Wrong source' });
    await call('ann', 'pending.decide', { selection: one, decision: 'approve', expect: 1 });
    const shown = await call('ann', 'pending.show', { key: item.key, kind: item.kind });
    expect([shown.without, shown.fields.find(({ field }) => field === leftOut)?.excluded, shown.mark]).toEqual([[leftOut], { by: 'ann', at: expect.any(String) as string, reason: 'Wrong source' }, 'viewed']);
    const { id } = await call('ann', 'batch.create', { name: 'Without', draw: { by: 'keys', keys: [item.key] } });
    await call('ann', 'batch.submit', { id });
    await call('bob', 'batch.approve', { id });
    expect(await call('bob', 'batch.push', { id })).toMatchObject({ state: 'completed', counts: { planned: 1, succeeded: 1 } });
    const [record] = (await call('ann', 'records.runs', { key: item.key })).runs;
    expect(Object.keys(record?.sent ?? {}).filter((field) => item.changedFields.includes(field)).toSorted()).toEqual(others.toSorted());
    await ws.refresh();
    const after = await call('ann', 'pending.show', { key: item.key, kind: item.kind });
    expect(after.changedFields, 'what Salesforce holds now still lacks this field alone').toEqual([leftOut]);
    expect(after.without, 'the record has other content now').toEqual([]);
    expect(after.history.some(({ summary }) => /^Approved by ann on .* fell away: Salesforce held other values in S-\d+$/u.test(summary))).toBe(true);
  });

  it('name who stopped a run', async () => {
    await setPolicy({ chunkSize: 1 });
    const id = await approvedBatch(3);
    const stop = app.onEvent((name, payload) => {
      if (name === 'run.progress' && 'runId' in payload && 'chunk' in payload && payload.chunk === 1) void call('cy', 'run.stop', { runId: payload.runId });
    });
    expect(await call('bob', 'batch.push', { id })).toMatchObject({ state: 'stopped', stopReason: { code: 'stop-requested', message: 'The run was stopped by cy.' } });
    stop();
    expect(await call('dee', 'run.resume', {})).toMatchObject({ state: 'completed', counts: { planned: 3, succeeded: 3 } });
    await setPolicy({});
  });

  it('resume a run whose audit log failed, in the same process', async () => {
    await setPolicy({ chunkSize: 1 });
    const id = await approvedBatch(3);
    let pushed = 0;
    beforeCommit = (types) => {
      if (types.includes('record.pushed') && (pushed += 1) === 2) throw new AppFailure('audit-not-writable', 'The disk is full.');
    };
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('audit-not-writable');
    expect((await call('ann', 'app.info', {})).interruptedRun).not.toBeNull();
    expect(await call('bob', 'run.resume', {})).toMatchObject({ batchId: id, state: 'completed', counts: { planned: 3, succeeded: 3, unknown: 0 } });
    await setPolicy({});
  });

  it('send nothing from a process that does not have the workspace alone', async () => {
    const id = await approvedBatch();
    const beside = await createApp({ ...ports, isAlone: false });
    expect(await ruleOf(beside.call('batch.push', { id }, { actor: 'bob', signal }))).toBe('workspace-busy');
    expect(await ruleOf(beside.call('run.resume', { runId: 'R-1' }, { actor: 'bob', signal }))).toBe('workspace-busy');
    await beside.close();
    expect(await ruleOf(call('bob', 'batch.push', { id }))).toBe('done');
  });

  it('are refused once the app is closing', async () => {
    await app.close();
    await expect(call('ann', 'app.info', {})).rejects.toMatchObject({ error: { code: 'cancelled' } });
  });
});
