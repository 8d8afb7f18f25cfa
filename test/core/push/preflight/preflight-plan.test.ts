import { afterEach, describe, expect, it } from 'vitest';
import type { AppFailure } from '../../../../electron/core/app-failure.ts';
import type { PushDeps } from '../../../../electron/core/push/session.ts';
import { retryBatch } from '../../../../electron/core/push/retry.ts';
import { startRun } from '../../../../electron/core/push/run.ts';
import { estimateCalls } from '../../../../shared/domain/api-budget.ts';
import { asAda, keyOf, mapping, openWorkbench, plannedCreate, plannedUpdate, planOf, type PushWorkbench } from '../push-workbench.ts';
import { describedObject } from './described-object.ts';

const batch = { id: 'B-1' };
let bench: PushWorkbench;
afterEach(async () => bench.close());

const push = (deps: PushDeps = bench.deps) => startRun(deps, asAda(), { batch, mode: 'collections' });

async function refusalOf(work: Promise<unknown>): Promise<AppFailure['error']> {
  return work.then(
    () => { throw new Error('It should have been refused.'); },
    (failure: AppFailure) => failure.error,
  );
}

/** Nothing was sent, stored or used up: the same batch can be pushed as if nobody had tried. */
async function expectUntouched(): Promise<void> {
  expect(await bench.journal()).toEqual([]);
  expect(bench.org.usage().writeCalls).toBe(0);
  expect(await bench.ledger.runs(null)).toEqual([]);
  expect(await bench.ledger.batch('B-1')).toMatchObject({ state: 'approved', runId: null });
  expect((await bench.ledger.chainHead()).events).toBe(2);
  expect(bench.deps.active.current).toBeNull();
}

describe('Right before a run the org is asked what it can hold', () => {
  it('and a plan that it cannot take any more is refused as a whole, before anything is sent', async () => {
    bench = await openWorkbench([...planOf(2, 1), plannedUpdate(2, { fields: { City__c: { before: 'Boston', after: 'Colorado Springs' } } })], {
      org: { fields: [{ name: 'City__c', label: 'City', type: 'string', length: 10 }, { name: 'Region__c', label: 'Region', type: 'string', required: true }] },
    });
    const error = await refusalOf(push());
    expect(error).toMatchObject({
      code: 'refused',
      details: {
        rule: 'preflight',
        batchId: 'B-1',
        problems: [
          { problem: 'required-blank', field: 'Region__c', count: 2, keys: [keyOf('create', 1), keyOf('create', 2)] },
          { problem: 'text-too-long', field: 'City__c', count: 1, keys: [keyOf('update', 2)] },
        ],
      },
    });
    expect(error.message).toBe('The org cannot hold the plan of batch B-1 as it is: Region__c is needed in new records and blank (2 records, first new-00001); City__c is too short for the text (record old-00002). Nothing was sent.');
    await expectUntouched();
  });

  it('so that what was put right is pushed under the first number, as if nobody had tried', async () => {
    bench = await openWorkbench(planOf(1, 1));
    const shut = { ...bench.deps, org: { ...bench.org, describe: async () => describedObject({ fields: { City__c: { updateable: false } } }) } };
    expect(await refusalOf(push(shut))).toMatchObject({ details: { rule: 'preflight', problems: [{ problem: 'field-not-updateable', field: 'City__c', count: 1 }] } });
    await expectUntouched();
    expect(await push()).toMatchObject({ id: 'R-1', state: 'completed', counts: { succeeded: 2 } });
  });

  it('with one call, and the start says what was not looked at', async () => {
    bench = await openWorkbench(planOf(1, 1));
    await bench.org.identity(new AbortController().signal);
    await bench.control('DELETE', '/calls');
    await push();
    const { byRoute } = await bench.control<{ byRoute: Record<string, number> }>('GET', '/calls');
    expect(byRoute[`GET /sobjects/${mapping.object}/describe`]).toBe(1);
    const [started] = (await bench.ledger.events({ type: 'run.started', limit: 1 })).events;
    expect(started?.data['notChecked']).toEqual(expect.arrayContaining(['Triggers', 'Flows', 'Validation rules', 'Duplicate rules', 'Record types', 'Sharing']));
    expect(started?.data['apiBudget']).toMatchObject({ needed: estimateCalls({ creates: 1, updates: 1 }, 'collections', 200), limit: 100_000, reserve: 1_000 });
  });

  it('again for a retry, of which only the records count that failed', async () => {
    bench = await openWorkbench([plannedCreate(1), plannedUpdate(1), plannedUpdate(2, { fields: { Zip__c: { before: null, after: '78701' } } })]);
    const refuse = (key: string) => ({ key, statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no', fields: [] });
    await bench.addFault({ match: { path: '/composite/sobjects$' }, times: 2, action: { recordErrors: [refuse(keyOf('update', 1))] } });
    await push();
    const shut = (field: string) => ({ ...bench.deps, org: { ...bench.org, describe: async () => describedObject({ fields: { [field]: null } }) } });
    await bench.control('DELETE', '/faults');
    expect(await refusalOf(retryBatch(shut('City__c'), asAda(), { batch }))).toMatchObject({ details: { rule: 'preflight', problems: [{ field: 'City__c', count: 1, keys: [keyOf('update', 1)] }] } });
    expect(await retryBatch(shut('Zip__c'), asAda(), { batch })).toMatchObject({ id: 'R-2', state: 'completed', counts: { planned: 1, succeeded: 1 } });
  });
});

describe('The API calls of the org', () => {
  it('are counted before a run, and a run that would use those kept for others is refused with the numbers', async () => {
    bench = await openWorkbench(planOf(3, 3), { org: { dailyApiLimit: 1_007 } });
    const error = await refusalOf(push());
    const needed = estimateCalls({ creates: 3, updates: 3 }, 'collections', 200);
    const { dailyUsed } = bench.org.usage();
    const left = 1_007 - (dailyUsed ?? 0);
    expect(error).toMatchObject({ code: 'refused', details: { rule: 'api-budget', needed, left, limit: 1_007, reserve: 1_000 } });
    expect(error.message).toContain(`The push needs about ${needed} API calls; ${left} of the day's 1007 are left, of which 1000 are kept for others. Nothing was sent.`);
    await expectUntouched();
    const patient = { ...bench.deps, policy: { ...bench.deps.policy, apiReserve: 100 } };
    expect(await push(patient)).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
  });

  it('stand in no way while the org does not tell its limit', async () => {
    bench = await openWorkbench(planOf(1, 1));
    const silent = { ...bench.deps, org: { ...bench.org, usage: () => ({ ...bench.org.usage(), dailyUsed: null, dailyLimit: null }) } };
    expect(await push(silent)).toMatchObject({ state: 'completed' });
  });

  it.each([
    ['collections', 450, 230, 200],
    ['collections', 7, 0, 200],
    ['collections', 0, 41, 4],
    ['strict', 60, 30, 200],
    ['bulk', 2_100, 2_100, 200],
  ] as const)('that %s need for %i creates and %i updates in chunks of %i are estimated closely, and never too low', async (mode, creates, updates, chunkSize) => {
    bench = await openWorkbench(planOf(creates, updates), { chunkSize });
    const { apiCalls } = await startRun(bench.deps, asAda(), { batch, mode });
    const estimate = estimateCalls({ creates, updates }, mode, chunkSize);
    expect(estimate).toBeGreaterThanOrEqual(apiCalls);
    expect(estimate).toBeLessThanOrEqual(apiCalls * 2);
  });
});
