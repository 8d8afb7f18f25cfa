import { expect, test } from 'vitest';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { listRecords } from '../../../electron/core/batch/list-records.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { changesOf, openWorkbench, ruleOf, type Workbench } from './batch-workbench.ts';

const everything = { outcome: null, code: null, chunk: null, after: null, limit: 100 };

async function draft(bench: Workbench): Promise<Batch> {
  await bench.approveAll();
  return createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'filter', filter: '' } });
}

test('a draft lists its members as they are now, a frozen plan as they were frozen', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await draft(bench);
  const expected = [
    { key: 'c-0000', operation: 'create', outcome: 'notSent', before: null, after: { Name: 'Name of c-0000', City__c: 'Dallas' } },
    { key: 'u-0000', operation: 'update', outcome: 'notSent', name: 'Name of u-0000', before: { City__c: 'Austin' }, after: { City__c: 'Dallas' } },
  ];
  expect(await listRecords(bench.deps, batch, everything)).toMatchObject({ total: 2, items: expected, next: null });
  const frozen = await submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
  await bench.load(changesOf(1, 1).map((change) => ({ ...change, city: 'Waco' })));
  expect(await listRecords(bench.deps, frozen, everything)).toMatchObject({ total: 2, items: expected, next: null });
});

test('pages follow one another without gap, and a foreign cursor is refused', async () => {
  const bench = await openWorkbench(changesOf(2, 3));
  const batch = await draft(bench);
  const keys: string[] = [];
  for (let after: string | null = null, pages = 0; pages === 0 || after !== null; pages += 1) {
    const page = await listRecords(bench.deps, batch, { ...everything, after, limit: 2 });
    keys.push(...page.items.map((item) => item.key));
    after = page.next;
  }
  expect(keys).toEqual(['c-0000', 'c-0001', 'u-0000', 'u-0001', 'u-0002']);
  expect(await ruleOf(listRecords(bench.deps, batch, { ...everything, after: 'elsewhere' }))).toBe('invalid-input');
});

test('before the run no record has another outcome than not sent; after it the outcomes are listed', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitBatch(bench.deps, bench.as('ann'), { id: (await draft(bench)).id });
  expect(await listRecords(bench.deps, batch, { ...everything, outcome: 'failed' })).toEqual({ total: 0, items: [], next: null });
  await bench.pretendRun(batch, { 'u-0000': 'failed' });
  const pushed = (await bench.deps.ledger.batch(batch.id)) as Batch;
  expect(await listRecords(bench.deps, pushed, { ...everything, outcome: 'failed' })).toMatchObject({ total: 1, items: [{ key: 'u-0000' }] });
});
