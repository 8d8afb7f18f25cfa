import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Ledger } from '../../electron/core/ledger-ports.ts';
import { resumeRun } from '../../electron/core/push/resume.ts';
import { startRun } from '../../electron/core/push/run.ts';
import type { Run } from '../../shared/domain/batch.ts';
import { asAda, outcomesOf, planOf, pushDeps, seededRecord, storeApprovedBatch } from '../core/push/push-workbench.ts';
import { scriptedOrg, scriptedOrgId, writeActions, type ScriptedOrg, type WriteAction } from './scripted-org.ts';

const timeoutMs = 300_000;
const creates = 5;
const updates = 6;
const plan = planOf(creates, updates);

const script = fc.record({
  writes: fc.array(fc.constantFrom(...writeActions), { maxLength: 12 }),
  reads: fc.array(fc.boolean(), { maxLength: 12 }).map((reads) => reads.map((ok, index) => ok || index % 3 !== 0)),
  chunkSize: fc.integer({ min: 1, max: 6 }),
});

function expectCountsAddUp({ counts }: Run): void {
  expect(counts.succeeded + counts.failed + counts.stale + counts.skipped + counts.unknown + counts.notSent).toBe(counts.planned);
  expect(counts.planned).toBe(plan.length);
}

async function pushToTheEnd(ledger: Ledger, scripted: ScriptedOrg, chunkSize: number): Promise<Run> {
  const deps = pushDeps({ ledger, org: scripted.org, chunkSize });
  let run = await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: 'auto' });
  for (let resumes = 0; run.state === 'stopped'; resumes += 1) {
    expect(resumes).toBeLessThan(30);
    expectCountsAddUp(run);
    run = await resumeRun(deps, asAda(), { runId: run.id });
  }
  return run;
}

async function check(writes: readonly WriteAction[], reads: readonly boolean[], chunkSize: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-model-'));
  const ledger = await openLedger({ folder, threads: false });
  try {
    await storeApprovedBatch(ledger, plan, scriptedOrgId);
    const scripted = scriptedOrg(Array.from({ length: updates }, (_, index) => seededRecord(index + 1) as unknown as Record<string, string | boolean | null>), { writes, reads });
    const run = await pushToTheEnd(ledger, scripted, chunkSize);
    expectCountsAddUp(run);
    expect(run.counts).toMatchObject({ unknown: 0, notSent: 0, stale: 0, skipped: 0 });
    const outcomes = await outcomesOf(ledger);
    for (const record of plan) {
      const effects = scripted.effects.filter(({ key }) => key === record.key).length;
      const held = [...scripted.records.values()].filter((each) => each['Snappt_Property_ID__c'] === record.key);
      const isWritten = held.length === 1 && Object.entries(record.fields).every(([field, { after }]) => held[0]?.[field] === after);
      expect({ key: record.key, outcome: outcomes.get(record.key)?.outcome, isWritten }).toEqual({ key: record.key, outcome: isWritten ? 'succeeded' : 'failed', isWritten });
      expect(held.length).toBe(record.kind === 'create' && !isWritten ? 0 : 1);
      if (record.kind === 'create' || !writes.includes('late')) expect(effects).toBe(isWritten ? 1 : 0);
    }
    expect(await ledger.verify()).toMatchObject({ ok: true });
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

it('Whatever goes wrong, in any order: every record ends written once and succeeded, or not written and failed', async () => {
  await fc.assert(
    fc.asyncProperty(script, ({ writes, reads, chunkSize }) => check(writes, reads, chunkSize)),
    { numRuns: 60 },
  );
}, timeoutMs);
