import { describe, expect, test } from 'vitest';
import { AppFailure } from '../../../electron/core/app-failure.ts';
import type { Cache, Chosen } from '../../../electron/core/ports.ts';
import { reviewHandlers } from '../../../electron/core/review/review-handlers.ts';
import { createDecisionWriter } from '../../../electron/core/write-decisions.ts';
import type { Kind, PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import { openWorkbench, type Workbench } from '../batch/batch-workbench.ts';

const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => ({ key, kind: 'update' as const }));
const created = records.map(({ key }) => ({ key, kind: 'create' as const }));
const undecided: Selection = { filter: 'decision:none', except: [] };

/** A workspace in which something happens after the records were chosen and before they are decided on, as long as there is something. */
async function openOvertaken(inBetween: ((bench: Workbench) => Promise<unknown>)[], pending: readonly PendingKey[] = records) {
  const bench = await openWorkbench(pending);
  const { cache, ledger } = bench.deps;
  const chosen: number[] = [];
  const overtaken: Cache = {
    ...cache,
    async choose(selection): Promise<Chosen> {
      const found = await cache.choose(selection);
      chosen.push(found.count);
      await inBetween.shift()?.(bench);
      return found;
    },
  };
  const told: string[] = [];
  const handlers = reviewHandlers({ cache: overtaken, ledger, emit: (name) => told.push(name), decisionWriter: createDecisionWriter(ledger, { info() {}, warn() {}, error() {} }) });
  return {
    bench,
    /** How many records were chosen, each time. */
    chosen,
    told,
    decide: (facts: { decision?: 'approve' | 'hold'; expect?: number; selection?: Selection } = {}) =>
      handlers['pending.decide']({ selection: facts.selection ?? undecided, decision: facts.decision ?? 'approve', ...(facts.expect === undefined ? {} : { expect: facts.expect }) }, bench.as('ann')),
    leaveOut: () => handlers['pending.excludeField']({ selection: undecided, field: 'City__c', isExcluded: true }, bench.as('ann')),
    decisions: async () => Object.fromEntries((await cache.page({ filter: '', sort: 'key', descending: false, limit: 100 })).items.map(({ key, decision }) => [key, decision])),
  };
}

const bobHolds = (key: string, kind: Kind = 'update') => ({ deps }: Workbench) => deps.ledger.decide({ selection: { items: [{ key, kind }] }, decision: 'hold', reason: 'mine', actor: 'bob' });

async function errorOf(work: PromiseLike<unknown>): Promise<AppFailure['error'] | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AppFailure) return error.error;
    throw error;
  }
}

describe('a decision on all records of a filter', () => {
  test('is about the records that are there when it is made: what somebody decides in between is left as it is', async () => {
    const { decide, chosen, decisions, told } = await openOvertaken([bobHolds('b'), bobHolds('e')]);
    expect(await decide()).toMatchObject({ decided: 5, label: 'Approved 5 records' });
    expect(chosen).toEqual([7, 6, 5]);
    expect(await decisions()).toEqual({ a: 'approve', b: 'hold', c: 'approve', d: 'approve', e: 'hold', f: 'approve', g: 'approve' });
    expect(told).toEqual(['decisions.changed']);
  });

  test('is about the records of the new snapshot when a refresh comes in between', async () => {
    const { decide, decisions } = await openOvertaken([(bench) => bench.load([...records.slice(2), { key: 'new', kind: 'update' }])]);
    expect(await decide()).toMatchObject({ decided: 6 });
    expect(await decisions()).toEqual({ c: 'approve', d: 'approve', e: 'approve', f: 'approve', g: 'approve', new: 'approve' });
  });

  test('leaves a field out in the same way', async () => {
    const { leaveOut, chosen, bench } = await openOvertaken([bobHolds('b', 'create')], created);
    await leaveOut();
    expect(chosen).toEqual([7, 6]);
    expect((await bench.deps.cache.facets('without:City__c')).matching).toBe(6);
    expect((await bench.deps.cache.facets('without:City__c key:b')).matching).toBe(0);
  });

  test('is refused when it is overtaken five times, and changes nothing', async () => {
    const { decide, chosen, decisions, told } = await openOvertaken(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => bobHolds(key)));
    expect(await errorOf(decide())).toMatchObject({ code: 'refused', message: expect.stringContaining('Nothing was changed. Look at the records again.'), details: { rule: 'selection-changed' } });
    expect(chosen).toEqual([7, 6, 5, 4, 3]);
    expect(await decisions()).toEqual({ a: 'hold', b: 'hold', c: 'hold', d: 'hold', e: 'hold', f: 'none', g: 'none' });
    expect(told).toEqual([]);
  });

  test('is made at the fifth time, when nobody comes in between any more', async () => {
    const { decide, chosen } = await openOvertaken(['a', 'b', 'c', 'd'].map((key) => bobHolds(key)));
    expect(await decide()).toMatchObject({ decided: 3 });
    expect(chosen).toEqual([7, 6, 5, 4, 3]);
  });

  test('is refused at once when it would be about another number of records than was told', async () => {
    const { decide, chosen, decisions } = await openOvertaken([bobHolds('b')]);
    expect(await errorOf(decide({ expect: 7 }))).toMatchObject({ code: 'refused', message: 'You were told of 7 records, but 6 are selected now. Nothing was changed. Look at them again.', details: { rule: 'selection-changed', expected: 7, found: 6 } });
    expect(chosen).toEqual([7, 6]);
    expect(Object.values(await decisions()).filter((decision) => decision === 'approve')).toEqual([]);
  });

  test('is not tried again for another reason', async () => {
    const { decide, chosen } = await openOvertaken([]);
    expect(await errorOf(decide({ selection: { filter: 'key:nobody', except: [] } }))).toMatchObject({ details: { rule: 'nothing-to-do' } });
    expect(chosen).toEqual([0]);
  });

  test('chooses nothing where the records are named', async () => {
    const { decide, chosen, decisions } = await openOvertaken([bobHolds('a')]);
    expect(await decide({ selection: { items: [{ key: 'b', kind: 'update' }] } })).toMatchObject({ decided: 1 });
    expect(chosen).toEqual([]);
    expect(await decisions()).toMatchObject({ a: 'none', b: 'approve' });
  });
});
