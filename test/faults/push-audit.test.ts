import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { AppFailure } from '../../electron/core/app-failure.ts';
import type { Ledger } from '../../electron/core/ledger-ports.ts';
import { markInterrupted, resumeRun } from '../../electron/core/push/resume.ts';
import { startRun } from '../../electron/core/push/run.ts';
import { asAda, planOf, pushDeps, seededRecord, storeApprovedBatch } from '../core/push/push-workbench.ts';
import { scriptedOrg, scriptedOrgId } from './scripted-org.ts';

const plan = planOf(5, 4);
/** Start, two chunks of creates and one of updates with two steps each, end. */
const commits = 8;

/** A ledger whose n-th commit throws: before anything is written, or after it has become durable all the same. */
function failingAt(ledger: Ledger, failing: number, isDurable: boolean): Ledger {
  let count = 0;
  return {
    ...ledger,
    commit: async (step) => {
      count += 1;
      if (count !== failing) return ledger.commit(step);
      if (isDurable) await ledger.commit(step);
      throw new AppFailure('audit-not-writable', 'The disk is full.');
    },
  };
}

async function pushWithFailure(failing: number, isDurable: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
  const ledger = await openLedger({ folder, threads: false });
  try {
    await storeApprovedBatch(ledger, plan, scriptedOrgId);
    const scripted = scriptedOrg([1, 2, 3, 4].map((number) => seededRecord(number) as unknown as Record<string, string | boolean | null>), { writes: [], reads: [] });
    const spoiled = pushDeps({ ledger: failingAt(ledger, failing, isDurable), org: scripted.org, chunkSize: 4 });
    await expect(startRun(spoiled, asAda(), { batch: { id: 'B-1' }, mode: 'auto' })).rejects.toMatchObject({ error: { code: 'audit-not-writable' } });
    const callsThen = scripted.org.usage().writeCalls;
    expect(callsThen).toBe(Math.floor((failing - 1) / 2));

    const deps = pushDeps({ ledger, org: scripted.org, chunkSize: 4 });
    const [left] = await ledger.runs('B-1');
    expect(await markInterrupted(deps)).toEqual(left?.state === 'running' ? ['R-1'] : []);
    if (left === undefined) await startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: 'auto' });
    else if (left.state === 'running') await resumeRun(deps, asAda(), { runId: left.id });
    const [run] = await ledger.runs('B-1');
    expect(run).toMatchObject({ state: 'completed', counts: { planned: 9, succeeded: 9 } });
    expect(scripted.effects).toHaveLength(9);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('Row 30: without an audit log nothing is sent', () => {
  for (let failing = 1; failing <= commits; failing += 1) {
    it(`when commit ${failing} of ${commits} cannot be made durable; the run is finished later, each record once`, () => pushWithFailure(failing, false));
    it(`when commit ${failing} of ${commits} throws although it has become durable`, () => pushWithFailure(failing, true));
  }
});
