import { expect, test } from 'vitest';
import { deleteBatch, renameBatch } from '../../../electron/core/batch/change-batch.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import { changesOf, openWorkbench, ruleOf, type ChangeFacts } from './batch-workbench.ts';

const pilot = (creates: number, updates: number) => ({ name: 'Pilot', draw: { by: 'pilot' as const, creates, updates, seed: '1' } });

test('a pilot takes every stratum, leaves out what is blocked, held or excluded, and approves its undecided members', async () => {
  const mixed: ChangeFacts[] = [
    ...changesOf(30, 40),
    { key: 'x-blocked', kind: 'create', isBlocked: true },
    { key: 'x-held', kind: 'create' },
    { key: 'x-p1', kind: 'create', priority: 'P1' },
    { key: 'x-p2', kind: 'update', priority: 'P2' },
    { key: 'x-multi', kind: 'update', members: 3 },
  ];
  const bench = await openWorkbench(mixed);
  await bench.deps.ledger.decide({ selection: { items: [{ key: 'x-held', kind: 'create' }] }, decision: 'hold', reason: null, actor: 'ann' });
  const batch = await createBatch(bench.deps, bench.as('ann'), pilot(10, 10));
  expect(batch).toMatchObject({ id: 'B-1', state: 'draft', isPilot: true, creates: 10, updates: 10, createdBy: 'ann', approvalsNeeded: 1 });
  expect(batch.strata).toEqual([
    { name: 'P1', kind: 'create', drawn: 1, available: 1 },
    { name: 'plain', kind: 'create', drawn: 9, available: 30 },
    { name: 'feature mismatch', kind: 'update', drawn: 1, available: 1 },
    { name: 'multi-property', kind: 'update', drawn: 1, available: 1 },
    { name: 'plain', kind: 'update', drawn: 8, available: 40 },
  ]);
  const members = (await bench.deps.ledger.members('B-1', null, 100)).map(({ key }) => key);
  expect(members).toEqual(expect.arrayContaining(['x-p1', 'x-p2', 'x-multi']));
  expect(members).not.toEqual(expect.arrayContaining(['x-blocked']));
  expect((await bench.deps.cache.page({ filter: 'decision:approve', sort: 'key', descending: false, limit: 1 })).total).toBe(20);
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id: 'B-1' }))).toBe('done');

  const again = await openWorkbench(mixed);
  await again.deps.ledger.decide({ selection: { items: [{ key: 'x-held', kind: 'create' }] }, decision: 'hold', reason: null, actor: 'ann' });
  await createBatch(again.deps, again.as('ann'), pilot(10, 10));
  expect((await again.deps.ledger.members('B-1', null, 100)).map(({ key }) => key)).toEqual(members);
});

test('all-approved leaves out what is blocked, held by another open batch, or pushed since the snapshot', async () => {
  const bench = await openWorkbench([...changesOf(5, 5), { key: 'b', kind: 'update', isBlocked: true }]);
  await bench.approveAll();
  const first = await createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'keys', keys: ['c-0000', 'u-0000'] } });
  const full = { name: 'Full', draw: { by: 'all-approved' as const } };
  const second = await createBatch(bench.deps, bench.as('ann'), full);
  expect([second.creates, second.updates]).toEqual([4, 4]);
  await deleteBatch(bench.deps, bench.as('ann'), { id: second.id });
  await bench.pretendRun(await submitBatch(bench.deps, bench.as('ann'), { id: first.id }), { 'u-0000': 'failed' });
  const third = await createBatch(bench.deps, bench.as('ann'), full);
  expect([third.creates, third.updates]).toEqual([4, 5]);
  expect(await ruleOf(createBatch(bench.deps, bench.as('ann'), full))).toBe('nothing-to-do');
});

test('a batch by keys or filter may hold what is not approved, but names an unknown key', async () => {
  const bench = await openWorkbench(changesOf(2, 3));
  const byFilter = await createBatch(bench.deps, bench.as('ann'), { name: 'Updates', draw: { by: 'filter', filter: 'kind:update' } });
  expect([byFilter.creates, byFilter.updates]).toEqual([0, 3]);
  await expect(createBatch(bench.deps, bench.as('ann'), { name: 'Keys', draw: { by: 'keys', keys: ['c-0000', 'nope'] } })).rejects.toMatchObject({ error: { code: 'not-found', details: { key: 'nope' } } });
  expect(await ruleOf(createBatch(bench.deps, bench.as('ann'), { name: 'None', draw: { by: 'filter', filter: 'priority:P1' } }))).toBe('nothing-to-do');
  expect(await ruleOf(createBatch(bench.deps, bench.as('ann'), { name: 'Bad', draw: { by: 'filter', filter: 'hue:red' } }))).toBe('invalid-input');
});

test('a batch can be renamed and, before it was submitted, deleted; both stay in the log', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await createBatch(bench.deps, bench.as('ann'), pilot(1, 1));
  expect((await renameBatch(bench.deps, bench.as('bob'), { id: batch.id, name: 'First' })).name).toBe('First');
  await submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
  expect(await ruleOf(deleteBatch(bench.deps, bench.as('ann'), { id: batch.id }))).toBe('wrong-state');
  const other = await createBatch(bench.deps, bench.as('ann'), { name: 'Other', draw: { by: 'keys', keys: ['c-0000'] } });
  await deleteBatch(bench.deps, bench.as('ann'), { id: other.id });
  expect(await bench.deps.ledger.batch(other.id)).toBeNull();
  expect((await bench.deps.ledger.events({ batchId: other.id, limit: 9 })).events.map(({ type }) => type)).toEqual(['batch.deleted', 'batch.created']);
});
