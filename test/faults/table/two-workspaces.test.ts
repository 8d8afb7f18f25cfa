import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { jsforceOrg } from '../../../electron/adapters/salesforce/jsforce-org.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import { asAda, keyOf, mapping, openWorkbench, outcomesOf, planOf, pushDeps, storeApprovedBatch, type PushWorkbench } from '../../core/push/push-workbench.ts';
import { batch, effectsOf, modes } from './modes-bench.ts';

let bench: PushWorkbench;
afterEach(async () => bench.close());

/** A second workspace, on another machine as it were: its own ledger with the same approved plan, signed in to the same org. */
async function openSecondWorkspace(plan: ReturnType<typeof planOf>) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-second-'));
  const ledger = await openLedger({ folder, threads: false });
  await storeApprovedBatch(ledger, plan, bench.simulated.orgId);
  const { username, password, clientId, clientSecret } = bench.simulated.credentials;
  const org = jsforceOrg({ connection: { loginUrl: bench.simulated.url, username, password, clientId, clientSecret }, apiVersion: '64.0', sleep: async () => undefined });
  return {
    deps: pushDeps({ ledger, org, chunkSize: 10 }),
    close: async () => {
      await ledger.close();
      await org.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe.each(modes)('Row 20: two workspaces push the same plan to one org at the same time by %s', (mode) => {
  it('no record is made twice, each says what it did itself, and the other one shows that it was there already', async () => {
    const plan = planOf(30, 30);
    bench = await openWorkbench(plan, { chunkSize: 10, org: { clock: () => Date.now() + 10_000 } });
    const second = await openSecondWorkspace(plan);
    try {
      const runs = await Promise.all([startRun(bench.deps, asAda(), { batch, mode }), startRun(second.deps, asAda(), { batch, mode })]);
      for (const { counts } of runs) {
        expect(counts).toMatchObject({ planned: 60, unknown: 0, notSent: 0 });
        expect(counts.succeeded + counts.skipped + counts.stale + counts.failed).toBe(60);
      }
      const effects = await effectsOf(bench);
      const creates = effects.filter((effect) => effect.startsWith('create'));
      expect([creates.length, new Set(creates).size]).toEqual([30, 30]);
      // A precondition lets the second write of a record through to nobody; the other modes may write the same values once more.
      if (mode === 'strict') expect(effects).toHaveLength(60);

      const told = await Promise.all([bench.ledger, second.deps.ledger].map((ledger) => outcomesOf(ledger)));
      for (const { key } of plan.filter(({ kind }) => kind === 'create')) {
        const both = told.map((outcomes) => outcomes.get(key));
        expect(both.filter((each) => each?.outcome === 'succeeded'), key).toHaveLength(1);
        const other = both.find((each) => each?.outcome !== 'succeeded');
        expect(['ALREADY_EQUAL', 'DUPLICATE_VALUE'], key).toContain(other?.code);
      }
      const { records } = await bench.control<{ records: Record<string, unknown>[] }>('GET', '/records?limit=1000');
      expect(records.map((record) => record[mapping.keyField]).toSorted()).toEqual(plan.map(({ key }) => key).toSorted());
      expect(records.every(({ City__c }) => City__c === 'Austin' || City__c === 'Denver')).toBe(true);

      for (const [index, deps] of [bench.deps, second.deps].entries()) {
        if ((runs[index]?.counts.failed ?? 0) === 0) continue;
        const again = await retryBatch(deps, asAda(), { batch });
        expect(again).toMatchObject({ state: 'completed', writeCalls: 0, counts: { skipped: again.counts.planned } });
      }
      expect((await effectsOf(bench)).length).toBe(effects.length);
    } finally {
      await second.close();
    }
  });
});

describe('Row 20: what a second workspace planned before the first one pushed', () => {
  it('is found to be there already, and nothing is written', async () => {
    const plan = planOf(5, 5);
    bench = await openWorkbench(plan);
    const second = await openSecondWorkspace(plan);
    try {
      await startRun(bench.deps, asAda(), { batch, mode: 'collections' });
      expect(await startRun(second.deps, asAda(), { batch, mode: 'collections' })).toMatchObject({ state: 'completed', writeCalls: 0, counts: { planned: 10, skipped: 10 } });
      expect((await outcomesOf(second.deps.ledger)).get(keyOf('create', 1))).toMatchObject({ outcome: 'skipped', code: 'ALREADY_EQUAL' });
      expect(await effectsOf(bench)).toHaveLength(10);
    } finally {
      await second.close();
    }
  });
});
