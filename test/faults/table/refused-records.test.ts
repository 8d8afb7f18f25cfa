import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { retryBatch } from '../../../electron/core/push/retry.ts';
import { asAda, keyOf, mapping, openWorkbench, outcomesOf, planOf, recordIdOf, type PushWorkbench } from '../../core/push/push-workbench.ts';
import { batch, beforeFirstWrite, effectsOf, expectEachOnce, modes, pushBy, type Mode } from './modes-bench.ts';

let bench: PushWorkbench;
afterEach(async () => bench.close());

/** Salesforce tells changes apart by the second: the org's clock is ahead of that of the records it was made with. */
const later = { org: { clock: () => Date.now() + 10_000 } };
const change = (number: number, values: Record<string, unknown>): Promise<unknown> => bench.control('PATCH', `/records/${recordIdOf(number)}`, values);
const outcomeOf = async (kind: 'create' | 'update', number: number) => (await outcomesOf(bench.ledger)).get(keyOf(kind, number));

describe.each(modes)('Row 13: rows are locked during a push by %s', (mode) => {
  it('only those are tried again, alone and not for ever', async () => {
    bench = await openWorkbench(planOf(0, 20));
    await bench.addFault({ action: { lockRows: { keys: [keyOf('update', 2), keyOf('update', 4)], times: 2 } } });
    await bench.addFault({ action: { lockRows: { keys: [keyOf('update', 5)], times: -1 } } });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 19, failed: 1 } });
    const outcomes = await outcomesOf(bench.ledger);
    expect([1, 2, 4, 5, 6].map((number) => outcomes.get(keyOf('update', number))?.attempts)).toEqual([1, 3, 3, 4, 1]);
    expect(outcomes.get(keyOf('update', 5))).toMatchObject({ outcome: 'failed', code: 'UNABLE_TO_LOCK_ROW' });
    await expectEachOnce(bench, 19);
  });
});

it('Row 13: locked rows go in ever smaller calls, one call after the other', async () => {
  bench = await openWorkbench(planOf(0, 130));
  await bench.addFault({ action: { lockRows: { keys: Array.from({ length: 120 }, (_, index) => keyOf('update', index + 1)), times: 2 } } });
  const sizes: number[] = [];
  const { update } = bench.org;
  const org = { ...bench.org, update: async (...[request, signal]: Parameters<typeof update>) => { sizes.push(request.records.length); return update(request, signal); } };
  expect(await pushBy(bench, 'collections', org)).toMatchObject({ state: 'completed', counts: { succeeded: 130 } });
  expect(sizes[0]).toBe(130);
  expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(50);
  expect(Math.min(...sizes)).toBeLessThanOrEqual(20);
  await expectEachOnce(bench, 130);
});

describe('Row 14: part of a call succeeds', () => {
  it('what succeeded is final, what failed is listed with its code and fields, and only that is sent again', async () => {
    const records = 6;
    const mask = fc.array(fc.boolean(), { minLength: records * 2, maxLength: records * 2 });
    bench = await openWorkbench(planOf(0, 0));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Mode>(...modes), mask, async (mode, refused) => {
        await bench.close();
        bench = await openWorkbench(planOf(records, records));
        const plan = planOf(records, records);
        const failing = plan.filter((_, index) => refused[index]).map(({ key }) => key);
        await bench.addFault({ times: -1, action: { recordErrors: failing.map((key) => ({ key, statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'City is frozen', fields: ['City__c'] })) } });
        const run = await pushBy(bench, mode);
        expect(run).toMatchObject({ state: failing.length === 0 ? 'completed' : 'completed-with-errors', counts: { succeeded: plan.length - failing.length, failed: failing.length, unknown: 0, notSent: 0 } });
        const outcomes = await outcomesOf(bench.ledger);
        for (const key of failing) expect(outcomes.get(key)).toMatchObject({ outcome: 'failed', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'City is frozen', fields: ['City__c'] });
        await expectEachOnce(bench, plan.length - failing.length);
        await bench.control('DELETE', '/faults');
        if (failing.length === 0) return;
        const before = await effectsOf(bench);
        expect(await retryBatch(bench.deps, asAda(), { batch })).toMatchObject({ state: 'completed', counts: { planned: failing.length, succeeded: failing.length } });
        expect((await effectsOf(bench)).slice(before.length).map((effect) => effect.split(' ')[1]).toSorted()).toEqual(failing.toSorted());
        await expectEachOnce(bench, plan.length);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

describe.each(modes)('Row 15: all or none, in a push by %s', (mode) => {
  it('is never asked for, so that one bad record takes no other with it', async () => {
    bench = await openWorkbench(planOf(3, 3));
    await bench.addFault({ match: { bodyIncludes: '"allOrNone":true' }, times: -1, action: { status: 400, body: [{ errorCode: 'TEST', message: 'asked for all or none' }] } });
    await bench.addFault({ action: { recordErrors: [{ key: keyOf('create', 2), statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no' }] } });
    expect(await pushBy(bench, mode)).toMatchObject({ counts: { succeeded: 5, failed: 1 } });
    const { faults } = await bench.control<{ faults: { used: number }[] }>('GET', '/faults');
    expect(faults.map(({ used }) => used)).toEqual([0, 1]);
    await expectEachOnce(bench, 5);
  });

  it('if Salesforce undid a call all the same, its records are told as failed with that code', async () => {
    bench = await openWorkbench(planOf(0, 2));
    await bench.addFault({ action: { recordErrors: [{ key: keyOf('update', 1), statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message: 'Record rolled back' }] } });
    expect(await pushBy(bench, mode)).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
    expect(await outcomeOf('update', 1)).toMatchObject({ outcome: 'failed', code: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' });
  });
});

describe.each(modes)('Row 16: a record was changed since the review, in a push by %s', (mode) => {
  it('it is not written and shown with what is there now; a change of other fields does not matter', async () => {
    bench = await openWorkbench(planOf(0, 4));
    await change(2, { City__c: 'Chicago' });
    await change(3, { Zip__c: '78701' });
    await change(4, { City__c: 'Denver', Bank_Linking_Enabled__c: true });
    expect(await pushBy(bench, mode)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 2, stale: 1, skipped: 1 } });
    expect(await outcomeOf('update', 2)).toMatchObject({ outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', fields: ['City__c'], before: { City__c: 'Boston' }, after: { City__c: 'Denver' }, now: { City__c: 'Chicago' } });
    expect((await effectsOf(bench)).toSorted()).toEqual([`update ${keyOf('update', 1)}`, `update ${keyOf('update', 3)}`]);
  });
});

it('Row 16: a strict push does not write over a change that came between the look and the write', async () => {
  bench = await openWorkbench(planOf(0, 3), later);
  const org = beforeFirstWrite(bench.org, () => change(2, { City__c: 'Waco' }));
  expect(await pushBy(bench, 'strict', org)).toMatchObject({ counts: { succeeded: 2, stale: 1 } });
  expect(await outcomeOf('update', 2)).toMatchObject({ outcome: 'stale', now: { City__c: 'Waco' } });
  await expectEachOnce(bench, 2);
});

it('Row 16: a strict push writes a record again whose other fields were changed meanwhile', async () => {
  bench = await openWorkbench(planOf(0, 3), later);
  const org = beforeFirstWrite(bench.org, () => change(2, { Zip__c: '78701' }));
  expect(await pushBy(bench, 'strict', org)).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
  expect(await outcomeOf('update', 2)).toMatchObject({ attempts: 2 });
  await expectEachOnce(bench, 3);
});

describe.each(modes)('Row 17: a record was deleted, in a push by %s', (mode) => {
  it.each(['before the look', 'between the look and the write'])('%s: it is a conflict and never made anew', async (when) => {
    bench = await openWorkbench(planOf(1, 3), later);
    const remove = () => bench.control('DELETE', `/records/${recordIdOf(2)}`);
    if (when === 'before the look') await remove();
    const inTheWindow = when !== 'before the look';
    const { readByIds } = bench.org;
    let looks = 0;
    const org = {
      ...bench.org,
      readByIds: async (...args: Parameters<typeof readByIds>) => {
        const found = await readByIds(...args);
        if (inTheWindow && args[0].ids.length === 3 && looks++ === 0) await remove();
        return found;
      },
    };
    expect(await pushBy(bench, mode, org)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 3, stale: 1 } });
    expect(await outcomeOf('update', 2)).toMatchObject({ outcome: 'stale', code: 'ENTITY_IS_DELETED' });
    expect((await effectsOf(bench)).toSorted()).toEqual([`create ${keyOf('create', 1)}`, `update ${keyOf('update', 1)}`, `update ${keyOf('update', 3)}`]);
  });
});

describe.each(modes)('Row 18: somebody else made a record with the key of a create, in a push by %s', (mode) => {
  it.each(['before the look', 'between the look and the write'])('%s: theirs is left as it is, and ours is told', async (when) => {
    bench = await openWorkbench(planOf(2, 0));
    const signal = new AbortController().signal;
    const makeTheirs = () => bench.org.insert({ object: mapping.object, records: [{ [mapping.keyField]: keyOf('create', 2), Name: 'Theirs' }] }, signal);
    if (when === 'before the look') await makeTheirs();
    const org = when === 'before the look' ? bench.org : beforeFirstWrite(bench.org, makeTheirs);
    expect(await pushBy(bench, mode, org)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 1, unknown: 0, notSent: 0 } });
    const ours = await outcomeOf('create', 2);
    expect([ours?.outcome, ours?.code]).toEqual(when === 'before the look' ? ['stale', 'ALREADY_EXISTS'] : ['failed', 'DUPLICATE_VALUE']);
    const { records } = await bench.control<{ records: Record<string, unknown>[] }>('GET', '/records');
    expect(records.filter((record) => record[mapping.keyField] === keyOf('create', 2)).map(({ Name }) => Name)).toEqual(['Theirs']);
  });
});

describe.each(modes)('What the org made of a write, in a push by %s', (mode) => {
  it('is read back, and a record that holds other values than were sent is told as failed', async () => {
    bench = await openWorkbench(planOf(0, 3));
    const { readByIds } = bench.org;
    let reads = 0;
    const org = {
      ...bench.org,
      readByIds: async (...args: Parameters<typeof readByIds>) => {
        reads += 1;
        if (reads === 2) await change(2, { City__c: 'Automated' });
        return readByIds(...args);
      },
    };
    expect(await pushBy(bench, mode, org)).toMatchObject({ state: 'completed-with-errors', counts: { succeeded: 2, failed: 1 } });
    expect(await outcomeOf('update', 2)).toMatchObject({ outcome: 'failed', code: 'READ_BACK_DIFFERS', fields: ['City__c'], now: { City__c: 'Automated' } });
  });
});
