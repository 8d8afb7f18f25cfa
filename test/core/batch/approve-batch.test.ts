import { expect, test } from 'vitest';
import { approveBatch } from '../../../electron/core/batch/approve-batch.ts';
import { assertPushable } from '../../../electron/core/batch/assert-pushable.ts';
import { deleteBatch, rejectBatch, withdrawBatch } from '../../../electron/core/batch/change-batch.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import { changesOf, openWorkbench, ruleOf, sampleOrg, type Workbench } from './batch-workbench.ts';

async function submitted(bench: Workbench, keys = ['c-0000', 'u-0000']): Promise<Batch> {
  await bench.approveAll();
  const batch = await createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'keys', keys } });
  return submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
}

test('submitting freezes only the fields that change, and the hash is that of the whole document', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  expect(batch).toMatchObject({ state: 'submitted', creates: 1, updates: 1, fields: 3, submittedBy: 'ann' });
  const plan = await bench.deps.ledger.planHeader(batch.id);
  const records = await bench.deps.ledger.planRecords(batch.id, null, 10);
  expect(records).toMatchObject([
    { key: 'c-0000', kind: 'create', recordId: null, fields: { Name: { before: null, after: 'Name of c-0000' }, City__c: { before: null, after: 'Dallas' } }, contributors: ['c-0000'] },
    { key: 'u-0000', kind: 'update', fields: { City__c: { before: 'Austin', after: 'Dallas' } } },
  ]);
  expect(batch.planHash).toBe(sha256(canonicalJson({ ...plan?.header, records })));
});

test('members that are not approved, blocked or gone refuse the submission, with counts', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await createBatch(bench.deps, bench.as('ann'), { name: 'All', draw: { by: 'filter', filter: '' } });
  await expect(submitBatch(bench.deps, bench.as('ann'), { id: batch.id })).rejects.toMatchObject({ error: { details: { rule: 'not-approved', notApproved: 3, keys: ['c-0000', 'u-0000', 'u-0001'] } } });
  await bench.approveAll();
  await bench.load(changesOf(1, 2).map((change) => ({ ...change, isBlocked: change.key === 'u-0001' })));
  await expect(submitBatch(bench.deps, bench.as('ann'), { id: batch.id })).rejects.toMatchObject({ error: { details: { rule: 'blockers', blocked: 1 } } });
  await bench.load(changesOf(1, 1));
  await expect(submitBatch(bench.deps, bench.as('ann'), { id: batch.id })).rejects.toMatchObject({ error: { details: { rule: 'not-approved', notPending: 1, keys: ['u-0001'] } } });
  await bench.load(changesOf(1, 2).map((change) => ({ ...change, city: 'Waco' })));
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id: batch.id }))).toBe('not-approved');
});

test('an approval binds to the hash that the approver saw', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  const hash = batch.planHash ?? '';
  const approve = (expect: string) => approveBatch(bench.deps, bench.as('bob'), { id: batch.id, expect });
  expect(await ruleOf(approve('0'.repeat(64)))).toBe('plan-changed');
  expect(await ruleOf(approve(hash.slice(0, 7)))).toBe('invalid-input');
  expect(await ruleOf(approve(`${hash}0`))).toBe('plan-changed');
  expect(await approve(hash.slice(0, 8).toUpperCase())).toMatchObject({ state: 'approved', approvals: [{ by: 'bob', planHash: hash }] });
  expect(await ruleOf(approve(hash))).toBe('already-approved');
  expect(await ruleOf(approveBatch(bench.deps, bench.as('eve'), { id: batch.id }))).toBe('wrong-state');
});

test('a plan edited behind the app cannot be approved', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  bench.tamper((db) => db.exec(`UPDATE plan_record SET record = replace(record, 'Dallas', 'Houston') WHERE kind = 'update'`));
  expect(await ruleOf(approveBatch(bench.deps, bench.as('bob'), { id: batch.id }))).toBe('plan-changed');
});

test('where self-approval is not allowed, neither the author nor the submitter may approve, in any spelling', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  await bench.approveAll();
  const deps = bench.withPolicy({ approvals: 2, selfApproval: false });
  const { id } = await createBatch(deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  await submitBatch(deps, bench.as('bob'), { id });
  for (const name of ['ann', 'bob', ' ANN', 'Bob']) expect(await ruleOf(approveBatch(deps, bench.as(name), { id }))).toBe('self-approval');
  expect(await approveBatch(deps, bench.as('cy'), { id })).toMatchObject({ state: 'submitted', approvalsNeeded: 2 });
  expect(await ruleOf(approveBatch(deps, bench.as('CY '), { id }))).toBe('already-approved');
  expect(await approveBatch(deps, bench.as('di'), { id, note: 'seen' })).toMatchObject({ state: 'approved', approvals: [{ by: 'cy' }, { by: 'di', note: 'seen' }] });
});

test('freezing the same content again keeps the approvals; any other content drops them', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  await approveBatch(bench.deps, bench.as('bob'), { id: batch.id });
  await bench.load(changesOf(1, 3));
  const same = await submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
  expect(same).toMatchObject({ state: 'approved', planHash: batch.planHash, approvals: [{ by: 'bob' }], snapshotId: 'S-0002' });
  await bench.load(changesOf(1, 1).map((change) => ({ ...change, city: 'Waco' })));
  await bench.approveAll();
  const other = await submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
  expect(other).toMatchObject({ state: 'submitted', approvals: [], expiresAt: null });
  expect(other.planHash).not.toBe(batch.planHash);
});

test('an approval that has run out is marked as expired and must be given anew', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const deps = bench.withPolicy({ approvals: 2, approvalHours: 2 });
  const batch = await submitted(bench);
  await approveBatch(deps, bench.as('bob'), { id: batch.id });
  bench.wait(3);
  expect(await ruleOf(approveBatch(deps, bench.as('cy'), { id: batch.id }))).toBe('approval-expired');
  expect(await bench.deps.ledger.batch(batch.id)).toMatchObject({ state: 'expired', approvals: [] });
  expect(await submitBatch(deps, bench.as('ann'), { id: batch.id })).toMatchObject({ state: 'submitted', planHash: batch.planHash, approvals: [] });
});

test('Row 32: an approval of an earlier submission never counts again, though the plan is the same', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  await approveBatch(bench.deps, bench.as('bob'), { id: batch.id });
  let row: Record<string, unknown> = {};
  bench.tamper((db) => (row = db.prepare('SELECT * FROM approval').get() as typeof row));
  await withdrawBatch(bench.deps, bench.as('ann'), { id: batch.id });
  const again = await submitBatch(bench.deps, bench.as('ann'), { id: batch.id });
  expect(again.planHash).toBe(batch.planHash);
  bench.tamper((db) => {
    db.prepare('INSERT INTO approval (batch_id, approver, body) VALUES (?, ?, ?)').run(row['batch_id'], row['approver'], row['body']);
    db.exec(`UPDATE batch SET state = 'approved', body = json_set(body, '$.state', 'approved')`);
  });
  expect(await bench.deps.ledger.batch(batch.id)).toMatchObject({ state: 'approved', approvals: [{ by: 'bob', planHash: batch.planHash }] });
  expect(await ruleOf(assertPushable(bench.deps, bench.as('ann'), { batch, askOrg: async () => sampleOrg }))).toBe('not-approved');
});

test('Row 32: who proposed a plan is read from the log, not from the row that could be edited', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const deps = bench.withPolicy({ selfApproval: false });
  const batch = await submitted(bench);
  bench.tamper((db) => db.exec(`UPDATE batch SET body = json_set(body, '$.createdBy', 'eve', '$.submittedBy', 'eve')`));
  for (const name of ['ann', 'eve']) expect(await ruleOf(approveBatch(deps, bench.as(name), { id: batch.id }))).toBe('self-approval');
  expect(await ruleOf(approveBatch(deps, bench.as('bob'), { id: batch.id }))).toBe('done');
});

test('rejecting and withdrawing drop the approvals', async () => {
  const bench = await openWorkbench(changesOf(1, 1));
  const batch = await submitted(bench);
  await approveBatch(bench.deps, bench.as('bob'), { id: batch.id });
  expect(await rejectBatch(bench.deps, bench.as('cy'), { id: batch.id, reason: 'wrong zips' })).toMatchObject({ state: 'rejected', rejectedBy: 'cy', rejectedReason: 'wrong zips', approvals: [] });
  expect(await ruleOf(approveBatch(bench.deps, bench.as('bob'), { id: batch.id }))).toBe('wrong-state');
  expect(await submitBatch(bench.deps, bench.as('ann'), { id: batch.id })).toMatchObject({ state: 'submitted', rejectedBy: null });
  expect(await withdrawBatch(bench.deps, bench.as('ann'), { id: batch.id })).toMatchObject({ state: 'draft', planHash: null, fields: null });
  expect(await bench.deps.ledger.planRecords(batch.id, null, 9)).toEqual([]);
  expect((await bench.deps.ledger.verify()).ok).toBe(true);
});

test('a full batch waits for a green pilot, or for an override with a reason', async () => {
  const bench = await openWorkbench(changesOf(60, 80));
  const pilot = await createBatch(bench.deps, bench.as('ann'), { name: 'Pilot', draw: { by: 'pilot', creates: 10, updates: 10, seed: '1' } });
  await bench.approveAll();
  const full = await createBatch(bench.deps, bench.as('ann'), { name: 'Full', draw: { by: 'all-approved' } });
  expect([full.creates, full.updates]).toEqual([50, 70]);
  const submit = (overridePilot?: string) => submitBatch(bench.deps, bench.as('ann'), { id: full.id, overridePilot });
  expect(await ruleOf(submit())).toBe('pilot-gate');
  expect(await ruleOf(submit('  '))).toBe('pilot-gate');
  expect(await submit('the release cannot wait')).toMatchObject({ state: 'submitted', overridePilotReason: 'the release cannot wait' });
  await withdrawBatch(bench.deps, bench.as('ann'), { id: full.id });
  expect(await ruleOf(submit())).toBe('pilot-gate');
  await bench.pretendRun(await submitBatch(bench.deps, bench.as('ann'), { id: pilot.id }));
  expect(await submit()).toMatchObject({ state: 'submitted', overridePilotReason: null });
});

test.each([['unknown', 'resolved'], ['failed', 'error-rate'], ['stale', 'read-back'], ['planned', 'resolved']] as const)('one %s record in the pilot shuts the gate %s', async (state, gate) => {
  const bench = await openWorkbench(changesOf(60, 80));
  const pilot = await createBatch(bench.deps, bench.as('ann'), { name: 'Pilot', draw: { by: 'pilot', creates: 5, updates: 5, seed: '1' } });
  const [member] = await bench.deps.ledger.members(pilot.id, null, 1);
  await bench.pretendRun(await submitBatch(bench.deps, bench.as('ann'), { id: pilot.id }), { [member?.key ?? '']: state });
  await bench.approveAll();
  const full = await createBatch(bench.deps, bench.as('ann'), { name: 'Full', draw: { by: 'all-approved' } });
  await expect(submitBatch(bench.deps, bench.as('ann'), { id: full.id })).rejects.toMatchObject({ error: { details: { rule: 'pilot-gate', shut: [gate], pilotId: pilot.id } } });
});

test('a pilot of more than 1,000 records is a full batch by another name', async () => {
  const bench = await openWorkbench(changesOf(0, 1_001));
  const draw = (updates: number) => createBatch(bench.deps, bench.as('ann'), { name: 'Pilot', draw: { by: 'pilot', creates: 0, updates, seed: '1' } });
  const big = await draw(1_001);
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id: big.id }))).toBe('pilot-gate');
  await deleteBatch(bench.deps, bench.as('ann'), { id: big.id });
  const small = await draw(1_000);
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id: small.id }))).toBe('done');
});
