import { afterEach, describe, expect, it } from 'vitest';
import { OrgCallError, type Org } from '../../../electron/core/org-ports.ts';
import { resumeRun } from '../../../electron/core/push/resume.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import type { Run, RunProgress } from '../../../shared/domain/batch.ts';
import { asAda, openWorkbench, outcomesOf, planOf, recordIdOf, type PushWorkbench } from '../../core/push/push-workbench.ts';

const batch = { id: 'B-1' };
const salesforceMs = 630_000;
let bench: PushWorkbench;
afterEach(async () => bench.close());

/** An org like Salesforce: its first update is lost, and takes effect only once somebody has waited for so long. */
function withLateUpdate(effectAfterMs: number): Org {
  let calls = 0;
  const { update } = bench.org;
  return {
    ...bench.org,
    lateEffectMs: salesforceMs,
    update: async (request, signal) => {
      calls += 1;
      if (calls > 1) return update(request, signal);
      const { sleep } = bench.clock;
      const due = bench.clock.elapsedMs() + effectAfterMs;
      bench.clock.sleep = async (ms, stop) => {
        const before = bench.clock.elapsedMs();
        await sleep(ms, stop);
        if (before <= due && before + ms >= due) await update(request, signal);
      };
      throw new OrgCallError({ effect: 'unknown', code: 'CONNECTION_LOST', message: 'The connection was lost.' });
    },
  };
}

const keysIn = async (): Promise<string[]> => (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);

async function push(org: Org, progress: RunProgress[] = []): Promise<Run> {
  const emit: typeof bench.deps.emit = (name, payload) => {
    if (name === 'run.progress') progress.push(payload as RunProgress);
  };
  return startRun({ ...bench.deps, org, emit }, asAda(), { batch, mode: 'collections' });
}

describe('Row 6: the answer is lost and the server has applied the call', () => {
  it('ends as succeeded after a look, at once and without a second write', async () => {
    bench = await openWorkbench(planOf(0, 4), { chunkSize: 2 });
    await bench.addFault({ match: { method: 'PATCH', path: '/composite/sobjects$' }, action: { drop: 'after-effect' } });
    const run = await push({ ...bench.org, lateEffectMs: salesforceMs });
    expect(run).toMatchObject({ state: 'completed', counts: { succeeded: 4 }, writeCalls: 2 });
    expect(Math.max(...bench.clock.waits)).toBeLessThan(60_000);
    expect(await keysIn()).toHaveLength(4);
  });
});

describe('Row 7: the server still works on the call while we look', () => {
  it('writes nothing twice: the records are set aside, the rest goes on, and the wait is told', async () => {
    bench = await openWorkbench(planOf(0, 6), { chunkSize: 2 });
    const progress: RunProgress[] = [];
    const run = await push(withLateUpdate(300_000), progress);
    expect(run).toMatchObject({ state: 'completed', counts: { planned: 6, succeeded: 6, unknown: 0 } });
    expect(new Set(await keysIn()).size).toBe(6);
    expect(await keysIn(), 'each record is written once').toHaveLength(6);
    const waiting = progress.filter(({ phase }) => phase === 'waiting').at(-1);
    expect(waiting?.waitsUntil).not.toBeNull();
    expect(waiting?.counts, 'everything else was done before the long wait').toMatchObject({ succeeded: 4, unknown: 2, notSent: 0 });
  });

  it('sends the records again once the lost call can no longer come', async () => {
    bench = await openWorkbench(planOf(0, 2));
    const run = await push(withLateUpdate(Number.POSITIVE_INFINITY));
    expect(run).toMatchObject({ state: 'completed', counts: { succeeded: 2 } });
    expect(bench.clock.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(salesforceMs);
    expect(await keysIn()).toHaveLength(2);
  });

  it('does not overwrite what somebody else has written meanwhile', async () => {
    bench = await openWorkbench(planOf(0, 2));
    const org = withLateUpdate(Number.POSITIVE_INFINITY);
    const { sleep } = bench.clock;
    bench.clock.sleep = async (ms, stop) => {
      await sleep(ms, stop);
      await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Waco' });
    };
    expect(await push(org)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 1, stale: 1 } });
    expect((await outcomesOf(bench.ledger)).get('old-00002')).toMatchObject({ outcome: 'stale', now: { City__c: 'Waco' } });
  });

  it('keeps the records unknown when the run is stopped meanwhile, and waits out the rest when it is resumed', async () => {
    bench = await openWorkbench(planOf(0, 4), { chunkSize: 2 });
    const stop = new AbortController();
    const emit: typeof bench.deps.emit = (name, payload) => {
      if (name === 'run.progress' && (payload as RunProgress).phase === 'waiting' && (payload as RunProgress).counts.notSent === 0) stop.abort();
    };
    const org = withLateUpdate(Number.POSITIVE_INFINITY);
    const stopped = await startRun({ ...bench.deps, org, emit }, asAda(stop.signal), { batch, mode: 'collections' });
    expect(stopped).toMatchObject({ state: 'stopped', counts: { succeeded: 2, unknown: 2 }, stopReason: { code: 'stop-requested' } });
    bench.clock.waits.length = 0;
    expect(await resumeRun({ ...bench.deps, org }, asAda(), { runId: stopped.id })).toMatchObject({ state: 'completed', counts: { succeeded: 4 } });
    expect(Math.max(...bench.clock.waits)).toBeGreaterThan(salesforceMs - 60_000);
    expect(await keysIn()).toHaveLength(4);
  });

  it('does not wait for creates, which their unique key guards', async () => {
    bench = await openWorkbench(planOf(3, 0));
    let calls = 0;
    const { insert } = bench.org;
    const org: Org = {
      ...bench.org,
      lateEffectMs: salesforceMs,
      insert: async (request, signal) => {
        calls += 1;
        if (calls === 1) throw new OrgCallError({ effect: 'unknown', code: 'CONNECTION_LOST', message: 'The connection was lost.' });
        if (calls === 2) await insert(request, signal);
        return insert(request, signal);
      },
    };
    expect(await push(org)).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
    expect(Math.max(...bench.clock.waits)).toBeLessThan(60_000);
    expect(await keysIn()).toHaveLength(3);
  });
});
