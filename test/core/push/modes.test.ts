import { afterEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import { abandonRun } from '../../../electron/core/push/abandon.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { asAda, keyOf, openWorkbench, outcomesOf, plannedUpdate, planOf, recordIdOf, type PushWorkbench } from './push-workbench.ts';

const batch = { id: 'B-1' };
let bench: PushWorkbench;
afterEach(async () => bench.close());

const push = (mode: 'collections' | 'bulk' | 'strict', signal?: AbortSignal): Promise<Run> => startRun(bench.deps, asAda(signal), { batch, mode });
const effects = async (): Promise<string[]> => (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);
const jobStates = async (): Promise<unknown[]> => (await bench.ledger.eventsFrom(1, 10_000)).filter(({ type }) => type === 'job.changed').map(({ data }) => data['state']);

async function expectEachOnce(records: number): Promise<void> {
  expect(await effects()).toHaveLength(records);
  expect(new Set(await effects()).size).toBe(records);
}

describe('A bulk push', () => {
  it('writes every record by one job for creates and one for updates, and reads all of them back', async () => {
    bench = await openWorkbench(planOf(450, 450));
    const run = await push('bulk');
    expect(run).toMatchObject({ state: 'completed', mode: 'bulk', counts: { planned: 900, succeeded: 900 }, writeCalls: 6 });
    await expectEachOnce(900);
    const chunks = await bench.ledger.chunks(run.id);
    expect(chunks.map(({ operation, records, state, jobId }) => [operation, records, state, jobId?.slice(0, 3)])).toEqual([['create', 450, 'done', '750'], ['update', 450, 'done', '750']]);
    expect(await jobStates()).toEqual(['creating', 'open', 'closing', 'ended', 'creating', 'open', 'closing', 'ended']);
    expect(await bench.ledger.verify()).toMatchObject({ ok: true });
  });

  it('sends what a job cannot carry by a call, and leaves fields alone that a record does not change', async () => {
    const odd = plannedUpdate(2, { fields: { Name: { before: 'Old 2', after: '#N/A' } } });
    const blank = plannedUpdate(3, { fields: { City__c: { before: 'Boston', after: null }, State__c: { before: null, after: 'say "hi",\nthere' } } });
    bench = await openWorkbench([plannedUpdate(1), odd, blank]);
    expect(await push('bulk')).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
    const { records } = await bench.control<{ records: Record<string, unknown>[] }>('GET', '/records');
    expect(records.map(({ Name, City__c, State__c }) => [Name, City__c, State__c])).toEqual([['Old 1', 'Denver', null], ['#N/A', 'Boston', null], ['Old 3', null, 'say "hi",\nthere']]);
  });

  it('keeps the reason of each refused row apart, and retries only those', async () => {
    bench = await openWorkbench(planOf(4, 4));
    await bench.addFault({ action: { recordErrors: [{ key: keyOf('update', 2), statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Zip: wrong', fields: ['Zip__c'] }] } });
    expect(await push('bulk')).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 7, failed: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ outcome: 'failed', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Zip: wrong', fields: ['Zip__c'] });
    expect(await retryBatch(bench.deps, asAda(), { batch })).toMatchObject({ state: 'completed', mode: 'collections', counts: { planned: 1, succeeded: 1 } });
    await expectEachOnce(8);
  });

  it('tries locked rows again alone', async () => {
    bench = await openWorkbench(planOf(0, 6));
    await bench.addFault({ action: { lockRows: { keys: [keyOf('update', 1), keyOf('update', 4)], times: 2 } } });
    expect(await push('bulk')).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
    await expectEachOnce(6);
  });

  it('goes on after a lost answer at each step of a job, and still writes every record once', async () => {
    for (const [method, path] of [['POST', '/jobs/ingest$'], ['PUT', '/batches$'], ['PATCH', '/jobs/ingest/\\w+$'], ['GET', '/jobs/ingest/\\w+$'], ['GET', 'successfulResults']] as const) {
      for (const drop of ['before-effect', 'after-effect'] as const) {
        bench = await openWorkbench(planOf(3, 3));
        await bench.addFault({ match: { method, path }, action: { drop } });
        expect(await push('bulk'), `${method} ${path} ${drop}`).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
        await expectEachOnce(6);
        await bench.close();
      }
    }
    bench = await openWorkbench(planOf(1, 0));
  });

  it('stops by aborting the job at work, and plans the rows again that it never reached', async () => {
    bench = await openWorkbench(planOf(0, 600));
    await bench.addFault({ match: { method: 'PATCH', path: '/jobs/ingest/\\w+$' }, action: { job: { rowsPerStep: 100, stepMs: 200 } } });
    const stop = new AbortController();
    const { bulk } = bench.org;
    const org = { ...bench.org, bulk: { ...bulk, close: async (jobId: string, signal: AbortSignal) => { stop.abort(); return bulk.close(jobId, signal); } } };
    const stopped = await startRun({ ...bench.deps, org }, asAda(stop.signal), { batch, mode: 'bulk' });
    expect(stopped).toMatchObject({ state: 'stopped', counts: { planned: 600, unknown: 0 } });
    expect(stopped.counts.succeeded + stopped.counts.notSent).toBe(600);
    expect(await resumeRun(bench.deps, asAda(), { runId: stopped.id })).toMatchObject({ state: 'completed', counts: { succeeded: 600 } });
    await expectEachOnce(600);
  });

  it('takes up the job again when the org went away while it was at work', async () => {
    bench = await openWorkbench(planOf(3, 0));
    await bench.addFault({ match: { method: 'GET', path: '/jobs/ingest/\\w+$' }, times: -1, action: { status: 503 } });
    expect(await push('bulk')).toMatchObject({ state: 'stopped', counts: { unknown: 3 } });
    await bench.control('DELETE', '/faults');
    await bench.control('DELETE', '/calls');
    expect(await resumeRun(bench.deps, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
    expect(await bench.control('GET', '/calls')).toMatchObject({ writes: 0 });
    await expectEachOnce(3);
  });
});

describe('A bulk push that something comes across', () => {
  const slowJob = { match: { method: 'PATCH', path: '/jobs/ingest/\\w+$' }, action: { job: { rowsPerStep: 20, stepMs: 200 } } };

  it('writes nothing more once pushes are paused: the job is aborted, and what it left is not sent by calls', async () => {
    bench = await openWorkbench(planOf(0, 400));
    await bench.addFault(slowJob);
    const { bulk } = bench.org;
    const pause = { by: 'bob', at: bench.clock.now(), reason: 'Rollback' };
    const close = async (jobId: string, signal: AbortSignal) => {
      await bench.ledger.commit({ events: [{ type: 'pushes.paused', actor: 'bob', batchId: null, runId: null, keys: [], data: {} }], writes: [{ write: 'pause.set', pause }] });
      return bulk.close(jobId, signal);
    };
    const run = await startRun({ ...bench.deps, org: { ...bench.org, bulk: { ...bulk, close } } }, asAda(), { batch, mode: 'bulk' });
    expect(run).toMatchObject({ state: 'stopped', stopReason: { code: 'paused' }, counts: { unknown: 0 } });
    expect(await effects()).toHaveLength(run.counts.succeeded);
    expect(run.counts.notSent).toBeGreaterThan(0);
  });

  it('is resumed when it was cut off after a part of the results was stored', async () => {
    bench = await openWorkbench(planOf(0, 6));
    await bench.addFault({ action: { lockRows: { keys: [keyOf('update', 1), keyOf('update', 4)], times: 1 } } });
    const commit: typeof bench.ledger.commit = async (step) => {
      if (step.writes.some((write) => write.write === 'job.put' && write.job.state === 'ended')) throw new AppFailure('audit-not-writable', 'The disk is full.');
      return bench.ledger.commit(step);
    };
    await expect(startRun({ ...bench.deps, ledger: { ...bench.ledger, commit } }, asAda(), { batch, mode: 'bulk' })).rejects.toThrow('The disk is full.');
    await markInterrupted(bench.deps);
    expect(await resumeRun(bench.deps, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
    await expectEachOnce(6);
  });

  it('does not send the records again because Salesforce does not find the job for a moment', async () => {
    bench = await openWorkbench(planOf(0, 40));
    await bench.addFault(slowJob);
    await bench.addFault({ match: { method: 'GET', path: '/jobs/ingest/\\w+$' }, times: 3, action: { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] } });
    expect(await push('bulk')).toMatchObject({ state: 'completed', counts: { succeeded: 40 }, writeCalls: 3 });
    await expectEachOnce(40);
  });

  it('looks at the records again before each new job', async () => {
    bench = await openWorkbench(planOf(0, 2));
    await bench.addFault({ match: { method: 'PUT', path: '/batches$' }, action: { status: 503 } });
    const { sleep } = bench.clock;
    bench.clock.sleep = async (ms, stop) => {
      await sleep(ms, stop);
      await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Waco' });
    };
    expect(await push('bulk')).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 1, stale: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ outcome: 'stale', now: { City__c: 'Waco' } });
  });

  it('is abandoned only once its job has ended: the job is aborted, and its results are read', async () => {
    bench = await openWorkbench(planOf(0, 400));
    await bench.addFault(slowJob);
    await bench.addFault({ match: { method: 'GET', path: '/jobs/ingest/\\w+$' }, times: 5, action: { status: 503 } });
    expect(await push('bulk')).toMatchObject({ state: 'stopped', counts: { unknown: 400 } });
    const abandoned = await abandonRun(bench.deps, asAda(), { runId: 'R-1', reason: 'Wrong zips' });
    expect(abandoned).toMatchObject({ state: 'abandoned', counts: { unknown: 0 } });
    const written = (await effects()).length;
    expect(abandoned.counts.succeeded).toBe(written);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await effects(), 'nothing is written afterwards').toHaveLength(written);
    expect(await bench.ledger.batch('B-1')).toMatchObject({ state: 'aborted' });
  });
});

describe('A record that was certainly not written', () => {
  it('does not count as ours when somebody else writes it meanwhile', async () => {
    bench = await openWorkbench(planOf(1, 0));
    await bench.addFault({ match: { method: 'POST', path: '/composite/sobjects$' }, times: -1, action: { status: 503 } });
    expect(await push('collections')).toMatchObject({ state: 'stopped', counts: { notSent: 1 } });
    await bench.control('DELETE', '/faults');
    const created = Object.fromEntries(Object.entries(planOf(1, 0)[0]?.fields ?? {}).map(([field, { after }]) => [field, after]));
    expect(await bench.org.insert({ object: 'Product_Property__c', records: [{ Snappt_Property_ID__c: keyOf('create', 1), ...created }] }, new AbortController().signal)).toMatchObject([{ ok: true }]);
    expect(await resumeRun(bench.deps, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'completed', counts: { succeeded: 0, skipped: 1 } });
  });
});

describe('A strict push', () => {
  it('writes 25 records a call, each by itself', async () => {
    bench = await openWorkbench(planOf(30, 30));
    expect(await push('strict')).toMatchObject({ state: 'completed', mode: 'strict', counts: { succeeded: 60 }, writeCalls: 4 });
    await expectEachOnce(60);
  });

  it('writes nothing to a record that was changed after it was read', async () => {
    // Salesforce tells changes apart by the second: this one comes ten seconds after the records were made.
    bench = await openWorkbench(planOf(0, 3), { org: { clock: () => Date.now() + 10_000 } });
    const { updateStrict } = bench.org;
    let isChanged = false;
    const org = {
      ...bench.org,
      updateStrict: async (...[request, signal]: Parameters<typeof updateStrict>) => {
        if (!isChanged) await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Waco' });
        isChanged = true;
        return updateStrict(request, signal);
      },
    };
    expect(await startRun({ ...bench.deps, org }, asAda(), { batch, mode: 'strict' })).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 2, stale: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ outcome: 'stale', now: { City__c: 'Waco' } });
  });

  it('goes on at once after a lost answer, since the precondition guards the record', async () => {
    for (const drop of ['before-effect', 'after-effect', 'mid-body'] as const) {
      bench = await openWorkbench(planOf(3, 3));
      await bench.addFault({ match: { method: 'POST', path: '/composite$' }, action: { drop } });
      await bench.addFault({ match: { method: 'POST', path: '/composite$', after: 1 }, action: { drop } });
      expect(await push('strict'), drop).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
      await expectEachOnce(6);
      await bench.close();
    }
    bench = await openWorkbench(planOf(1, 0));
  });
});

describe('The mode of a run', () => {
  it('is collections up to the threshold and bulk above it, and says why', async () => {
    bench = await openWorkbench(planOf(3, 3));
    const deps = { ...bench.deps, policy: { ...bench.deps.policy, bulkThreshold: 5 } };
    expect(await startRun(deps, asAda(), { batch, mode: 'auto' })).toMatchObject({ mode: 'bulk', why: expect.stringContaining('6 records are more than the 5') });
  });
});
