import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { RefreshProgress } from '../../../shared/domain/snapshot.ts';
import { refreshSnapshot } from '../../../electron/core/snapshot/refresh.ts';
import { showPending } from '../../../electron/core/review/show-pending.ts';
import { clock, mapping, openTestWorkspace, type TestWorkspace } from './workspace.ts';

let ws: TestWorkspace;
const progress: RefreshProgress[] = [];

beforeAll(async () => {
  ws = await openTestWorkspace({ sample: 400 });
  await ws.refresh({ onProgress: (step) => progress.push(step) });
});

afterAll(() => ws.close());

const everything = { filter: '', sort: 'key', descending: false, limit: 5_000 } as const;
const context = { actor: 'admin', signal: new AbortController().signal, onProgress: () => {} };

describe('a refresh', () => {
  test('goes through its steps in order and tells how far it is', () => {
    expect([...new Set(progress.map(({ step }) => step))]).toEqual(['source', 'views', 'org', 'compare', 'checks', 'save']);
    const compare = progress.filter(({ step }) => step === 'compare').at(-1);
    expect(compare?.done).toBe(compare?.total);
  });

  test('counts what is pending, and every ACTIVE property once', async () => {
    const snapshot = await ws.cache.snapshot();
    const page = await ws.cache.page(everything);
    expect(snapshot).toMatchObject({ creates: page.items.filter(({ kind }) => kind === 'create').length, updates: page.items.filter(({ kind }) => kind === 'update').length });
    expect(snapshot?.featureMismatches).toBe(page.items.filter(({ priority }) => priority === 'P2').length);
    expect(snapshot?.p1).toBe(page.items.filter(({ priority }) => priority === 'P1').length);
    const { activeMissing, coverage } = await ws.cache.metrics();
    expect((activeMissing?.numerator ?? 0) + (coverage?.numerator ?? 0)).toBe(snapshot?.activeProperties);
  });

  test('shows Park Kennedy as one update with the features of its ACTIVE property only', async () => {
    const { items } = await ws.cache.page({ ...everything, filter: 'name:"park kennedy"' });
    const park = await showPending(ws, items[0]!);
    expect(park).toMatchObject({ kind: 'update', contributorCount: 1, memberCount: 2, priority: 'P2' });
    expect(park.changedFields).toEqual(['Address__c', 'Identity_Verification_Enabled__c', 'Identity_Verification_Enabled_At__c', 'Bank_Linking_Enabled__c', 'Bank_Linking_Enabled_At__c']);
    expect(park.fields.find(({ field }) => field === 'Fraud_Detection_Enabled__c')).toMatchObject({ after: false, winner: null, losers: expect.arrayContaining([expect.objectContaining({ reason: 'ignored', value: true })]) });
  });

  test('writes its event and pins the org', async () => {
    const { events } = await ws.ledger.events({ type: 'snapshot.loaded', limit: 10 });
    expect(events[0]).toMatchObject({ actor: 'admin', data: { id: 'S-0001' } });
    expect(await ws.ledger.pinnedOrg()).toMatchObject({ environment: 'simulated', user: { id: expect.stringMatching(/^005/u), username: expect.stringContaining('@') } });
  });

  test('done again gives the same content under a new id', async () => {
    const before = await ws.cache.page(everything);
    expect(await ws.refresh()).toMatchObject({ id: 'S-0002', added: 0, changed: 0, removed: 0 });
    expect(await ws.cache.page(everything)).toEqual(before);
  });

  test('that is cancelled at any step leaves the old snapshot as it is', async () => {
    const before = await ws.cache.page(everything);
    const id = (await ws.cache.snapshot())?.id;
    for (const step of ['source', 'views', 'org', 'compare', 'checks', 'save']) {
      const controller = new AbortController();
      const refresh = ws.refresh({ signal: controller.signal, onProgress: (at) => { if (at.step === step) controller.abort(); } });
      await expect(refresh).rejects.toMatchObject({ error: { code: 'cancelled' } });
      expect((await ws.cache.snapshot())?.id).toBe(id);
    }
    expect(await ws.cache.page(everything)).toEqual(before);
  });

  test('is refused for another org, before anything is read', async () => {
    const org = { ...ws.org, identity: async () => ({ ...(await ws.org.identity(context.signal)), orgId: '00D000000000000AAA' }) };
    await expect(refreshSnapshot({ ...ws, org, mapping }, context)).rejects.toMatchObject({ error: { code: 'refused', details: { rule: 'wrong-org' } } });
  });

  test('does not become visible when the audit log cannot be written', async () => {
    const id = (await ws.cache.snapshot())?.id;
    const ledger = {
      ...ws.ledger,
      pinnedOrg: () => ws.ledger.pinnedOrg(),
      nextNumber: async () => 99,
      commit: async () => {
        throw new AppFailure('audit-not-writable', 'The disk is full.');
      },
    };
    await expect(refreshSnapshot({ ...ws, ledger, mapping }, context)).rejects.toMatchObject({ error: { code: 'audit-not-writable' } });
    expect((await ws.cache.snapshot())?.id).toBe(id);
  });

  test('reads the org by key when that takes fewer calls, with the same result', async () => {
    const before = await ws.cache.page(everything);
    const calls: string[] = [];
    const org = {
      ...ws.org,
      countRecords: async () => 1_000_000,
      readByKeys: (...input: Parameters<typeof ws.org.readByKeys>) => {
        calls.push('readByKeys');
        return ws.org.readByKeys(...input);
      },
    };
    await refreshSnapshot({ ...ws, org, mapping, clock }, context);
    expect(calls.length).toBeGreaterThan(0);
    expect(await ws.cache.page(everything)).toEqual(before);
  });

  test('says when the source changed while it was read, and which rules it was read by', async () => {
    let looks = 0;
    const warehouse = { ...ws.warehouse, fingerprint: async () => `state ${(looks += 1)}` };
    const rules = async () => ({ fingerprint: 'others', notices: ['properties_to_update as it is deployed differs from this version in 2 lines.'] });
    const snapshot = await refreshSnapshot({ ...ws, warehouse, rules, mapping }, context);
    expect(snapshot.notices).toEqual(expect.arrayContaining([expect.stringContaining('changed while it was read'), expect.stringContaining('differs from this version')]));
    expect(snapshot.readFrom).toMatchObject({ source: 'state 1', rules: 'others' });
    expect((await ws.refresh()).notices).toEqual([]);
  });

  test('blocks a create whose key the org has, and leaves out an update whose record is gone', async () => {
    const { items } = await ws.cache.page(everything);
    const create = items.find(({ kind, blockers }) => kind === 'create' && blockers === 0)!;
    const gone = items.find(({ kind }) => kind === 'update')!;
    const org = {
      ...ws.org,
      async *scan(...input: Parameters<typeof ws.org.scan>) {
        for await (const page of ws.org.scan(...input)) {
          yield page.filter((record) => record['Snappt_Property_ID__c'] !== gone.key).map((record, at) => (at === 0 ? { ...record, Snappt_Property_ID__c: create.key } : record));
        }
      },
    };
    const snapshot = await refreshSnapshot({ ...ws, org, mapping }, context);
    expect(snapshot.notices).toContain('The org already has 1 of the records to create. They are blocked.');
    expect(snapshot.notices.find((notice) => notice.includes('no longer has'))).toBeDefined();
    expect(await ws.cache.show(create.key, 'create')).toMatchObject({ checks: expect.arrayContaining(['already-in-org']), blockers: 1 });
    expect(await ws.cache.show(gone.key, undefined)).toBeNull();
    await expect(showPending(ws, gone)).rejects.toMatchObject({ error: { code: 'not-found' } });
  });
});
