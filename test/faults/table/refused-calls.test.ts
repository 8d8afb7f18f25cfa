import { afterEach, describe, expect, it } from 'vitest';
import { resumeRun } from '../../../electron/core/push/resume.ts';
import { asAda, keyOf, openWorkbench, outcomesOf, plannedUpdate, planOf, type PushWorkbench } from '../../core/push/push-workbench.ts';
import { expectEachOnce, modes, pushBy, writeCall } from './modes-bench.ts';

let bench: PushWorkbench;
afterEach(async () => bench.close());

const limit = { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] };

describe.each(modes)('Row 11: the API limit of the day is used up during a push by %s', (mode) => {
  it('stops the run after one call, without a record in doubt, and goes on when it is resumed', async () => {
    bench = await openWorkbench(planOf(4, 4));
    await bench.addFault({ match: writeCall[mode], times: -1, action: limit });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'stopped', writeCalls: 1, counts: { planned: 8, notSent: 8, unknown: 0, failed: 0 }, stopReason: { code: 'REQUEST_LIMIT_EXCEEDED' } });
    expect(bench.clock.waits).toEqual([]);
    expect(bench.progress.at(-1)).toMatchObject({ state: 'stopped', apiUsed: expect.any(Number), apiLimit: 100_000 });
    await bench.control('DELETE', '/faults');
    expect(await resumeRun(bench.deps, asAda(), { runId: 'R-1' })).toMatchObject({ state: 'completed', counts: { succeeded: 8 } });
    await expectEachOnce(bench, 8);
  });
});

describe.each(modes)('Row 12: the server is busy or an edge fails during a push by %s', (mode) => {
  it.each([503, 429])('HTTP %i is waited out for as long as Salesforce asks, and every record is written once', async (status) => {
    bench = await openWorkbench(planOf(3, 3));
    await bench.addFault({ match: writeCall[mode], times: 2, action: { status, headers: { 'retry-after': '7' }, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'Later' }] } });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
    expect(bench.clock.waits.filter((ms) => ms >= 7_000)).toHaveLength(2);
    await expectEachOnce(bench, 6);
  });

  it('HTTP 503 is tried five times at most, with waits that grow and are never the same for everybody', async () => {
    bench = await openWorkbench(planOf(2, 0));
    await bench.addFault({ match: writeCall[mode], times: -1, action: { status: 503, body: [] } });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'stopped', writeCalls: 5, counts: { notSent: 2, unknown: 0 } });
    expect(bench.clock.waits).toHaveLength(4);
    for (const [index, ms] of bench.clock.waits.entries()) {
      expect(ms).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(ms).toBeLessThanOrEqual(500 * 2 ** index);
    }
  });

  it('a wait of an hour stops the run instead', async () => {
    bench = await openWorkbench(planOf(2, 0));
    await bench.addFault({ match: writeCall[mode], times: -1, action: { status: 503, headers: { 'retry-after': '3600' }, body: [] } });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'stopped', writeCalls: 1, counts: { notSent: 2 } });
  });

  it.each([
    ['502 without effect', { status: 502, html: '<html>Bad gateway</html>' }],
    ['502 after the effect', { effectThen: { status: 502 } }],
    ['504 without effect', { status: 504, html: '<html>Gateway time-out</html>' }],
    ['504 after the effect', { effectThen: { status: 504 } }],
  ])('HTTP %s is looked up before anything is sent again, and every record is written once', async (_name, action) => {
    bench = await openWorkbench(planOf(3, 3));
    await bench.addFault({ match: writeCall[mode], action });
    await bench.addFault({ match: { ...writeCall[mode], after: 1 }, action });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'completed', counts: { succeeded: 6, unknown: 0 } });
    await expectEachOnce(bench, 6);
  });
});

describe.each(['collections', 'strict'] as const)('A call by %s that is refused as a whole', (mode) => {
  it.each([[400, 'JSON_PARSER_ERROR'], [413, 'REQUEST_TOO_LARGE']])('with HTTP %i is split until the bad record is found, and the others are written', async (status, errorCode) => {
    const plan = Array.from({ length: 20 }, (_, index) => plannedUpdate(index + 1, index === 6 ? { fields: { City__c: { before: 'Boston', after: 'Poison' } } } : {}));
    bench = await openWorkbench(plan);
    await bench.addFault({ match: { ...writeCall[mode], bodyIncludes: 'Poison' }, times: -1, action: { status, body: [{ errorCode, message: 'Cannot be read' }] } });
    const run = await pushBy(bench, mode);
    expect(run).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 19, failed: 1 } });
    expect(run.writeCalls).toBeLessThanOrEqual(11);
    expect((await outcomesOf(bench.ledger)).get(keyOf('update', 7))).toMatchObject({ outcome: 'failed', code: errorCode });
    await expectEachOnce(bench, 19);
  });
});
