import { afterEach, describe, expect, it } from 'vitest';
import { resumeRun } from '../../electron/core/push/resume.ts';
import { startRun } from '../../electron/core/push/run.ts';
import type { Run } from '../../shared/domain/batch.ts';
import { asAda, keyOf, openWorkbench, outcomesOf, plannedCreate, plannedUpdate, planOf, recordIdOf, type PushWorkbench } from '../core/push/push-workbench.ts';

const batch = { id: 'B-1' };
const creates = { method: 'POST', path: '/composite/sobjects$' };
const updates = { method: 'PATCH', path: '/composite/sobjects$' };
let bench: PushWorkbench;
afterEach(async () => bench.close());

const push = (): Promise<Run> => startRun(bench.deps, asAda(), { batch, mode: 'auto' });
const resume = (): Promise<Run> => resumeRun(bench.deps, asAda(), { runId: 'R-1' });

/** Every planned record has taken effect exactly once. */
async function expectEachOnce(records: number): Promise<void> {
  const keys = (await bench.journal()).map(({ operation, externalKey }) => `${operation} ${externalKey}`);
  expect(keys).toHaveLength(records);
  expect(new Set(keys).size).toBe(records);
}

describe('A call whose answer is lost', () => {
  for (const drop of ['before-effect', 'after-effect', 'mid-body'] as const) {
    it(`takes effect exactly once when the connection drops ${drop}`, async () => {
      bench = await openWorkbench(planOf(5, 5));
      await bench.addFault({ match: creates, action: { drop } });
      await bench.addFault({ match: updates, action: { drop } });
      expect(await push()).toMatchObject({ state: 'completed', counts: { planned: 10, succeeded: 10 } });
      await expectEachOnce(10);
    });
  }

  it('takes effect exactly once when the answer is truncated, not JSON, or an error after the effect', async () => {
    bench = await openWorkbench(planOf(6, 6), { chunkSize: 3 });
    await bench.addFault({ match: creates, action: { truncateJson: true } });
    await bench.addFault({ match: { ...creates, after: 1 }, action: { html: '<html>Down for a moment</html>', status: 200 } });
    await bench.addFault({ match: updates, action: { effectThen: { status: 502 } } });
    await bench.addFault({ match: { ...updates, after: 1 }, action: { effectThen: { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred' }] } } });
    expect(await push()).toMatchObject({ state: 'completed', counts: { succeeded: 12 } });
    await expectEachOnce(12);
  });

  it('stops after five tries, with everything that was certainly not written planned again', async () => {
    bench = await openWorkbench(planOf(3, 0));
    await bench.addFault({ match: creates, times: -1, action: { drop: 'before-effect' } });
    expect(await push()).toMatchObject({ state: 'stopped', counts: { planned: 3, unknown: 0, notSent: 3 }, writeCalls: 5 });
    await bench.control('DELETE', '/faults');
    expect(await resume()).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
    await expectEachOnce(3);
  });

  it('stays unknown while the org cannot be asked, and is resolved by looking before anything is sent again', async () => {
    bench = await openWorkbench(planOf(0, 4), { chunkSize: 2 });
    await bench.addFault({ match: updates, action: { drop: 'after-effect' } });
    await bench.addFault({ match: { path: '/composite/sobjects/Product_Property__c$', after: 1 }, times: -1, action: { status: 503 } });
    expect(await push()).toMatchObject({ state: 'stopped', counts: { unknown: 2, notSent: 2 } });
    expect((await bench.ledger.chunks('R-1')).map(({ state }) => state)).toEqual(['unknown', 'waiting']);
    await bench.control('DELETE', '/faults');
    await bench.control('DELETE', '/calls');
    expect(await resume()).toMatchObject({ state: 'completed', counts: { succeeded: 4 } });
    expect(await bench.control('GET', '/calls')).toMatchObject({ writes: 1 });
    await expectEachOnce(4);
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 1))).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  });

  it('is stale when somebody else changed the record meanwhile', async () => {
    bench = await openWorkbench(planOf(0, 2));
    await bench.addFault({ match: updates, action: { drop: 'after-effect' } });
    const { sleep } = bench.clock;
    bench.clock.sleep = async (ms, stop) => {
      await sleep(ms, stop);
      await bench.control('PATCH', `/records/${recordIdOf(2)}`, { City__c: 'Boston' });
    };
    expect(await push()).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 1, stale: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 2))).toMatchObject({ outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', now: { City__c: 'Boston' } });
  });

  it('is recognised as ours when the server still worked on it while we looked', async () => {
    bench = await openWorkbench(planOf(1, 0));
    const { insert } = bench.org;
    let tries = 0;
    const org = {
      ...bench.org,
      insert: async (...args: Parameters<typeof insert>) => {
        tries += 1;
        if (tries === 2) await insert(...args);
        return insert(...args);
      },
    };
    await bench.addFault({ match: creates, action: { drop: 'before-effect' } });
    const run = await startRun({ ...bench.deps, org }, asAda(), { batch, mode: 'auto' });
    expect(run).toMatchObject({ state: 'completed', counts: { succeeded: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('create', 1))?.salesforceId).toMatch(/^a0P/u);
    await expectEachOnce(1);
  });
});

describe('An answer that is not about the records sent', () => {
  it('is never believed by position', async () => {
    bench = await openWorkbench(planOf(4, 4), { chunkSize: 4 });
    const { insert, update } = bench.org;
    let spoiled = 0;
    const shuffleOnce = <T>(answer: T[]): T[] => {
      spoiled += 1;
      return spoiled % 2 === 1 ? answer.toReversed() : answer;
    };
    const org = {
      ...bench.org,
      insert: async (...args: Parameters<typeof insert>) => shuffleOnce(await insert(...args)),
      update: async (...args: Parameters<typeof update>) => shuffleOnce(await update(...args)),
    };
    expect(await startRun({ ...bench.deps, org }, asAda(), { batch, mode: 'auto' })).toMatchObject({ state: 'completed', counts: { succeeded: 8 } });
    await expectEachOnce(8);
    const journal = await bench.journal();
    const found = await outcomesOf(bench.ledger);
    for (const { externalKey, recordId } of journal.filter(({ operation }) => operation === 'create')) expect(found.get(externalKey ?? '')?.salesforceId).toBe(recordId);
  });
});

describe('A call refused as a whole', () => {
  it('is tried again after 503, not before Salesforce asked for', async () => {
    bench = await openWorkbench(planOf(2, 0));
    await bench.addFault({ match: creates, times: 2, action: { status: 503, headers: { 'retry-after': '7' }, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'Later' }] } });
    expect(await push()).toMatchObject({ state: 'completed', writeCalls: 3, counts: { succeeded: 2 } });
    expect(bench.clock.waits).toEqual([7_000, 7_000]);
    await expectEachOnce(2);
  });

  it('stops the run at the limit without burning tries, and goes on later', async () => {
    bench = await openWorkbench(planOf(2, 2), { chunkSize: 2 });
    await bench.addFault({ match: updates, action: { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] } });
    expect(await push()).toMatchObject({ state: 'stopped', counts: { succeeded: 2, notSent: 2, unknown: 0 }, writeCalls: 2 });
    const [stopped] = (await bench.ledger.events({ type: 'run.stopped', limit: 1 })).events;
    expect(stopped?.data).toMatchObject({ code: 'REQUEST_LIMIT_EXCEEDED' });
    expect(await resume()).toMatchObject({ state: 'completed', counts: { succeeded: 4 } });
    await expectEachOnce(4);
  });

  it('stops before the org has used its last calls of the day, when others use them up during the run', async () => {
    bench = await openWorkbench(planOf(1, 0));
    const { usage } = bench.org;
    let dailyUsed = 0;
    const org = { ...bench.org, usage: () => ({ ...usage(), dailyUsed, dailyLimit: 100 }) };
    const deps = { ...bench.deps, org, policy: { ...bench.deps.policy, apiReserve: 0 }, onStored: () => { dailyUsed = 97; } };
    expect(await startRun(deps, asAda(), { batch, mode: 'auto' })).toMatchObject({ state: 'stopped', counts: { notSent: 1 }, writeCalls: 0 });
  });

  it('stops the run when the user may not write', async () => {
    bench = await openWorkbench(planOf(1, 0));
    await bench.addFault({ match: creates, action: { status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'insufficient access rights on object' }] } });
    expect(await push()).toMatchObject({ state: 'stopped', counts: { notSent: 1 }, writeCalls: 1 });
  });

  it('is split until the bad records are found; the others are written', async () => {
    const bad = [3, 11];
    const plan = Array.from({ length: 16 }, (_, index) => plannedUpdate(index + 1, bad.includes(index + 1) ? { fields: { City__c: { before: 'Boston', after: 'Poison' } } } : {}));
    bench = await openWorkbench(plan);
    await bench.addFault({ match: { ...updates, bodyIncludes: 'Poison' }, times: -1, action: { status: 400, body: [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize instance of string' }] } });
    expect(await push()).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 14, failed: 2 } });
    const found = await outcomesOf(bench.ledger);
    expect([...found.values()].filter(({ outcome }) => outcome === 'failed').map(({ key, code }) => `${key} ${code}`)).toEqual(['old-00003 JSON_PARSER_ERROR', 'old-00011 JSON_PARSER_ERROR']);
    await expectEachOnce(14);
  });

  it('does not split for ever when every record is refused', async () => {
    bench = await openWorkbench(planOf(0, 64));
    await bench.addFault({ match: updates, times: -1, action: { status: 400, body: [{ errorCode: 'INVALID_FIELD', message: 'No such column' }] } });
    const run = await push();
    expect(run).toMatchObject({ state: 'stopped', counts: { failed: 10, notSent: 54 } });
    expect(run.writeCalls).toBeLessThan(30);
  });
});

describe('Refused records', () => {
  it('that were locked are retried alone, at most three times', async () => {
    bench = await openWorkbench(planOf(0, 6));
    await bench.addFault({ match: updates, times: -1, action: { lockRows: { keys: [keyOf('update', 2), keyOf('update', 4)], times: 2 } } });
    await bench.addFault({ match: updates, times: -1, action: { lockRows: { keys: [keyOf('update', 5)], times: -1 } } });
    expect(await push()).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 5, failed: 1 }, writeCalls: 4 });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 5))).toMatchObject({ code: 'UNABLE_TO_LOCK_ROW', attempts: 4 });
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 4))).toMatchObject({ outcome: 'succeeded', attempts: 3 });
    await expectEachOnce(5);
  });

  it('as duplicates fail unless the record is ours', async () => {
    bench = await openWorkbench([plannedCreate(1), plannedCreate(2)]);
    await bench.addFault({ match: creates, action: { recordErrors: [{ key: keyOf('create', 2), statusCode: 'DUPLICATE_VALUE', message: 'duplicate value found' }] } });
    expect(await push()).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
    expect((await outcomesOf(bench.ledger)).get(keyOf('create', 2))).toMatchObject({ code: 'DUPLICATE_VALUE' });
  });

  it('that were deleted between the look and the call are stale', async () => {
    bench = await openWorkbench(planOf(0, 1));
    await bench.addFault({ match: updates, action: { recordErrors: [{ key: keyOf('update', 1), statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' }] } });
    expect(await push()).toMatchObject({ state: 'completed-with-errors', counts: { stale: 1 } });
  });
});

describe('Sign-in', () => {
  it('that expires in the middle of a run is renewed, and nothing is sent twice', async () => {
    bench = await openWorkbench(planOf(4, 4), { chunkSize: 2 });
    const { emit } = bench.deps;
    const expiring = { ...bench.deps, emit: ((...args: Parameters<typeof emit>) => {
      void bench.control('POST', '/tokens/expire');
      emit(...args);
    }) as typeof emit };
    await bench.addFault({ match: creates, action: { unauthorized: true } });
    expect(await startRun(expiring, asAda(), { batch, mode: 'auto' })).toMatchObject({ state: 'completed', counts: { succeeded: 8 } });
    await expectEachOnce(8);
  });

  it('that is refused for good stops the run with its states intact', async () => {
    bench = await openWorkbench(planOf(2, 2), { chunkSize: 2 });
    await bench.addFault({ match: updates, times: -1, action: { unauthorized: true } });
    expect(await push()).toMatchObject({ state: 'stopped', counts: { succeeded: 2, notSent: 2, unknown: 0 } });
    await bench.control('DELETE', '/faults');
    expect(await resume()).toMatchObject({ state: 'completed', counts: { succeeded: 4 } });
    await expectEachOnce(4);
  });
});
