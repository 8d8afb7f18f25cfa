import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp, type App } from '../../../electron/core/app.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/contract.ts';
import { policySchema, type Policy } from '../../../shared/domain/policy.ts';
import { initWorkspace } from '../../../electron/hosts/workspace/init-workspace.ts';
import { openWorkspace, type OpenWorkspace } from '../../../electron/hosts/workspace/open-workspace.ts';
import { sessionSecrets } from '../../../electron/hosts/session-secrets.ts';
import { stopBackgroundOrg } from '../../../electron/hosts/workspace/simulated-org-process.ts';
import { csvSource, type CsvSource } from '../../hosts/csv-source.ts';
import { ruleOf } from '../batch/batch-workbench.ts';
import { scriptedAuditTable, type Fate } from './scripted-audit-table.ts';

const { signal } = new AbortController();

let source: CsvSource;
let workspace: OpenWorkspace;
let app: App;
let fate: Fate = 'answered';
const table = scriptedAuditTable(() => fate);
const warnings: string[] = [];

const call = <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => app.call(name, input, { actor: 'ann', signal });
const setPolicy = (policy: Partial<Policy>) => call('settings.savePolicy', policySchema.parse({ pilotGate: false, ...policy }));
const copied = () => table.rows.filter(({ event_kind }) => event_kind !== 'audit.anchor').map(({ sequence }) => sequence);

async function approved(key: string): Promise<string> {
  await call('pending.decide', { selection: { filter: `key:${key}` }, decision: 'approve' });
  const { id } = await call('batch.create', { name: key, draw: { by: 'keys', keys: [key] } });
  await call('batch.submit', { id });
  await call('batch.approve', { id });
  return id;
}

beforeAll(async () => {
  source = csvSource();
  const folder = join(source.root, 'workspace');
  await initWorkspace({ folder, from: 'config', configFile: source.config });
  const logger = { info() {}, warn: (event: string) => void warnings.push(event), error: (event: string) => void warnings.push(event) };
  workspace = await openWorkspace({ folder, host: 'browser', mode: 'write', threads: false, logger, desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env: {} });
  app = await createApp({ ...workspace.ports, auditTable: table });
  await setPolicy({});
});
afterAll(async () => {
  await app.close();
  await workspace.close();
  await stopBackgroundOrg(join(source.root, 'workspace'));
  source.remove();
});

describe('an app that stays open', () => {
  it('copies by itself what a refresh has written', async () => {
    await call('snapshot.refresh', {});
    await vi.waitFor(async () => expect(await call('audit.shipping', {})).toMatchObject({ place: table.place, backlog: 0, failure: null }));
    expect((await call('app.info', {})).auditBacklog).toEqual({ events: 0, failing: false });
    expect(warnings).toEqual([]);
  });

  it('Row 29: pushes on without the warehouse; what waits is shown and copied once it is back', async () => {
    fate = 'refused';
    const id = await approved('p1');
    expect(await call('batch.push', { id })).toMatchObject({ state: 'completed', counts: { planned: 1, succeeded: 1 } });
    await vi.waitFor(async () => expect((await call('app.info', {})).auditBacklog.failing).toBe(true));
    const { backlog, events, failure } = await call('audit.shipping', {});
    expect([backlog > 5, failure]).toMatchObject([true, { code: 'source-unavailable', fork: false }]);
    await expect(call('audit.anchor', {})).rejects.toMatchObject({ error: { code: 'source-unavailable' } });
    fate = 'answered';
    expect(await call('audit.anchor', {})).toMatchObject({ events, shipped: events, backlog: 0, anchor: { seq: events }, failure: null });
    expect(copied()).toEqual(Array.from({ length: events }, (_, place) => place + 1));
  });

  it('Row 29: starts no run beyond the limit of what may wait, and tries to copy first', async () => {
    await setPolicy({ auditBacklogLimit: 2 });
    fate = 'refused';
    const id = await approved('p3');
    await expect(call('batch.push', { id })).rejects.toMatchObject({ error: { code: 'refused', details: { rule: 'audit-backlog', limit: 2 } } });
    expect((await call('audit.shipping', {})).limit).toBe(2);
    fate = 'answered';
    expect(await call('batch.push', { id })).toMatchObject({ state: 'completed' });
    await setPolicy({});
  });

  it('backs the ledger up after a run; a copy that cannot be made is a warning and keeps no run from ending', async () => {
    const backups = join(source.root, 'workspace', 'backups');
    expect(readdirSync(backups)).toContain('ledger-0002.db');
    renameSync(backups, `${backups}-aside`);
    writeFileSync(backups, 'in the way');
    warnings.length = 0;
    const id = await approved('p5');
    expect(await call('batch.push', { id })).toMatchObject({ state: 'completed' });
    expect(warnings).toEqual(['ledger.not-backed-up']);
    rmSync(backups);
    renameSync(`${backups}-aside`, backups);
  });

  it('starts and resumes no run while the warehouse holds another history', async () => {
    const id = await approved('p4');
    await call('audit.anchor', {});
    const row = table.rows[1];
    if (row === undefined) throw new Error('There is no second row.');
    table.rows.push({ ...row, event_id: 'other', event_hash: 'f'.repeat(64) });
    const before = table.rows.length;
    await expect(call('audit.anchor', {})).rejects.toMatchObject({ error: { code: 'verification-failed', details: { fork: true } } });
    expect(await ruleOf(call('batch.push', { id }))).toBe('audit-fork');
    expect(await ruleOf(call('batch.retry', { id }))).toBe('audit-fork');
    expect(await ruleOf(call('run.resume', { runId: 'R-1' }))).toBe('audit-fork');
    expect(await call('audit.verify', {})).toMatchObject({ ok: false, firstBad: { problem: 'forked' }, anchor: { state: 'disagrees' } });
    expect(table.rows).toHaveLength(before);
    table.rows.pop();
    expect(await call('batch.push', { id })).toMatchObject({ state: 'completed' });
    expect((await call('audit.shipping', {})).failure).toBeNull();
  });

  it('verifies against the copy, and copies the rest when it closes', async () => {
    await call('audit.anchor', {});
    expect(await call('audit.verify', { anchor: 'required' })).toMatchObject({ ok: true, anchor: { state: 'agrees' } });
    const { events } = await call('audit.shipping', {});
    await app.close();
    expect(copied().at(-1)).toBe(events);
    expect(await workspace.ports.ledger.verify()).toMatchObject({ ok: true, events });
  });

  it('copies nothing where another process may be copying', async () => {
    const beside = await createApp({ ...workspace.ports, auditTable: table, isAlone: false });
    await expect(beside.call('audit.anchor', {}, { actor: 'ann', signal })).rejects.toMatchObject({ error: { code: 'workspace-busy' } });
    await beside.close();
  });
});
