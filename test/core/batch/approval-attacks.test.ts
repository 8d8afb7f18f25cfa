import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRuleTrial } from '../../../electron/adapters/embedded/rule-trial/open-rule-trial.ts';
import { embeddedAccess } from '../../../electron/adapters/embedded/embedded-access.ts';
import { embeddedAuditTable } from '../../../electron/adapters/embedded/embedded-audit-table.ts';
import { embeddedObjects } from '../../../electron/adapters/embedded/embedded-objects.ts';
import { createApp, type App, type AppPorts } from '../../../electron/core/app.ts';
import { workspaceConfigSchema } from '../../../electron/core/workspace/workspace-config.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { policyChoiceSchema, thresholdsSchema } from '../../../shared/domain/policy.ts';
import { mapping, openTestWorkspace, type TestWorkspace } from '../snapshot/workspace.ts';
import { ruleOf } from './batch-workbench.ts';

const { signal } = new AbortController();

let ws: TestWorkspace;
let app: App;

/** As a hostile caller would: any name, any input. */
const call = (actor: string, name: string, input: unknown): Promise<unknown> => app.callByName(name, input, { actor, signal });
const batchOf = async (id: string) => ((await call('ann', 'batches.show', { id })) as { batch: Batch }).batch;

async function submitted(): Promise<string> {
  const { id } = (await call('ann', 'batch.create', { name: 'Pilot', draw: { by: 'pilot', creates: 1, updates: 1, seed: '1' } })) as Batch;
  await call('ann', 'batch.submit', { id });
  return id;
}

beforeAll(async () => {
  ws = await openTestWorkspace({ sample: 100 });
  await ws.refresh();
  // Nothing in this config calls the org a production org; the org says so itself.
  const pinned = await ws.ledger.pinnedOrg();
  await ws.ledger.commit({ events: [{ type: 'snapshot.loaded', actor: 'ann', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'org.pin', org: { ...pinned!, environment: 'production' } }] });
  const config = workspaceConfigSchema.parse({ version: 1, name: 'Attacked', mapping, warehouse: { kind: 'embedded', source: null }, org: { kind: 'simulated', production: false, apiVersion: '64.0' }, policy: policyChoiceSchema.parse({ approvals: 2 }), thresholds: thresholdsSchema.parse({}) });
  const ports: AppPorts = { cache: ws.cache, ledger: ws.ledger, warehouse: ws.warehouse, warehouseObjects: embeddedObjects(), warehouseAccess: embeddedAccess('sample'), auditTable: embeddedAuditTable(join(ws.folder, 'warehouse-audit.db')), ruleTrial: openRuleTrial({ cacheFile: join(ws.folder, 'cache.db'), mapping: config.mapping }), org: ws.org, clock: { ...ws.clock, now: () => new Date().toISOString() }, logger: { info() {}, warn() {}, error() {} }, desktop: { chooseSaveFile: async (name) => join(ws.folder, name), openExternal: async () => false }, config, folder: ws.folder, host: 'cli', version: '0', readOnly: false, isAlone: true };
  app = await createApp(ports);
}, 120_000);
afterAll(() => ws.close());

test('Row 32: a production org that wants two approvals wants two other people, also when the policy is silent and no config calls it production', async () => {
  const id = await submitted();
  for (const name of ['ann', 'ANN', ' ann', 'a\u200Bnn', 'ａｎｎ']) expect(await ruleOf(call(name, 'batch.approve', { id }))).toBe('self-approval');
  for (const input of [{ id, actor: 'bob' }, { id, by: 'bob' }, { id, as: 'bob' }]) expect(await ruleOf(call('ann', 'batch.approve', input))).toBe('invalid-input');
  expect(await ruleOf(call('bob', 'batch.approve', { id }))).toBe('done');
  expect(await ruleOf(call('ann', 'batch.push', { id }))).toBe('not-approved');
  expect(await ruleOf(call('BOB', 'batch.approve', { id }))).toBe('already-approved');
  expect(await ruleOf(call('cy', 'batch.approve', { id }))).toBe('done');
});

test('Row 32: no installation signs its own export for a second person', async () => {
  const id = await submitted();
  const { file } = (await call('ann', 'batch.export', { id })) as { file: string };
  const text = readFileSync(file, 'utf8');
  expect(await call('eve', 'batch.readExport', { text })).toMatchObject({ isOwn: true, batch: { id } });
  expect(await ruleOf(call('eve', 'batch.sign', { text }))).toBe('self-approval');
  expect(await ruleOf(call('eve', 'batch.sign', {}))).toBe('not-available-here');
  expect(await ruleOf(call('eve', 'batch.sign', { text: 'x'.repeat(9_000_000) }))).toBe('limit-exceeded');
});

test('Row 41: whatever a page sends to approve, sign or take in, nothing is approved and nothing breaks', async () => {
  const id = await submitted();
  const junk = fc.oneof(fc.anything(), fc.record({ id: fc.oneof(fc.string(), fc.constant(`${id} `)), expect: fc.anything(), note: fc.anything() }), fc.record({ text: fc.oneof(fc.string(), fc.json(), fc.anything()) }));
  await fc.assert(fc.asyncProperty(fc.constantFrom('batch.approve', 'batch.sign', 'batch.import', 'batch.readExport', 'batch.export'), junk, async (name, input) => {
    expect(['invalid-input', 'verification-failed', 'not-found', 'not-available-here', 'limit-exceeded']).toContain(await ruleOf(call('bob', name, input)));
  }), { numRuns: 300 });
  expect(await batchOf(id)).toMatchObject({ state: 'submitted', approvals: [] });
});

test('Row 32: an approval given while the plan is frozen anew is for the plan that is frozen, or for none', async () => {
  const id = await submitted();
  await fc.assert(fc.asyncProperty(fc.shuffledSubarray(['submit', 'withdraw', 'bob', 'cy', 'dee', 'reject'], { minLength: 2 }), async (order) => {
    await Promise.allSettled(order.map((who) => (who === 'reject' ? call('cy', 'batch.reject', { id, reason: 'no' }) : who === 'submit' || who === 'withdraw' ? call('ann', `batch.${who}`, { id }) : call(who, 'batch.approve', { id }))));
    const batch = await batchOf(id);
    expect(batch.approvals.every(({ planHash }) => planHash === batch.planHash)).toBe(true);
    if (batch.state === 'approved') expect(batch.approvals).toHaveLength(2);
    if (batch.state === 'draft' || batch.state === 'rejected') expect(batch.approvals).toEqual([]);
    await call('ann', 'batch.submit', { id });
  }), { numRuns: 25 });
});

test('Row 42: a push that is asked for twice at once is one run', async () => {
  const id = await submitted();
  for (const name of ['bob', 'cy']) await call(name, 'batch.approve', { id });
  const rules = await Promise.all([1, 2, 3].map(() => ruleOf(call('ann', 'batch.push', { id, confirm: 'Sample Org:1+1' }))));
  expect(rules.filter((rule) => rule === 'done')).toHaveLength(1);
  expect(await ws.ledger.runs(id)).toHaveLength(1);
  expect((await ws.ledger.verify()).ok).toBe(true);
});
