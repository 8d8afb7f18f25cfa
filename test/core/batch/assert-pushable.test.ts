import { expect, test } from 'vitest';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import { approveBatch } from '../../../electron/core/batch/approve-batch.ts';
import { assertPushable, assertResumable, assertRetryable } from '../../../electron/core/batch/assert-pushable.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { showBatch } from '../../../electron/core/batch/show-batch.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import type { OrgIdentity } from '../../../electron/core/org-ports.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { changesOf, openWorkbench, production, ruleOf, sampleOrg, type ChangeFacts, type Workbench } from './batch-workbench.ts';

async function approved(bench: Workbench): Promise<Batch> {
  await bench.approveAll();
  const { id } = await createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  await submitBatch(bench.deps, bench.as('ann'), { id });
  return approveBatch(bench.deps, bench.as('bob'), { id });
}

function push(bench: Workbench, batch: Batch, facts: { orgNow?: OrgIdentity; confirm?: string; deps?: BatchDeps } = {}): Promise<unknown> {
  return ruleOf(assertPushable(facts.deps ?? bench.deps, bench.as('ann'), { batch, askOrg: async () => facts.orgNow ?? sampleOrg, confirm: facts.confirm }));
}

test('an approved batch may be pushed, whatever the caller holds of it', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  expect(await push(bench, batch)).toBe('done');
  const draft = await createBatch(bench.deps, bench.as('ann'), { name: 'Draft', draw: { by: 'keys', keys: ['c-0000'] } });
  expect(await push(bench, { ...draft, state: 'approved', approvals: batch.approvals })).toBe('not-approved');
});

/** Everything that names the plan's hash is edited, as far as it is not in the log. */
const otherPlan = `UPDATE plan SET hash = '${'0'.repeat(64)}'; UPDATE batch SET body = json_set(body, '$.planHash', '${'0'.repeat(64)}'); UPDATE approval SET body = json_set(body, '$.planHash', '${'0'.repeat(64)}')`;

const forgeries: [string, string, string][] = [
  ['a value edited', `UPDATE plan_record SET record = replace(record, 'Dallas', 'Houston') WHERE key = 'u-0000'`, 'plan-changed'],
  ['a record taken out', `DELETE FROM plan_record WHERE key = 'u-0000'`, 'plan-changed'],
  ['a record put in', `INSERT INTO plan_record SELECT batch_id, kind, 'u-9999', replace(record, 'u-0000', 'u-9999') FROM plan_record WHERE key = 'u-0000'`, 'plan-changed'],
  ['the header edited', `UPDATE plan SET header = replace(header, '64.0', '63.0')`, 'plan-changed'],
  ['the stored hash edited', `UPDATE plan SET hash = '${'0'.repeat(64)}'`, 'plan-changed'],
  ['the batch edited to be approved', `DELETE FROM approval`, 'not-approved'],
  ['an approval for another plan', `UPDATE approval SET body = replace(body, '"planHash":"', '"planHash":"0')`, 'not-approved'],
  ['an approval of another person', `UPDATE approval SET body = replace(body, 'bob', 'cy')`, 'not-approved'],
  ['an approval made to last longer', `UPDATE approval SET body = json_set(body, '$.expiresAt', '2099-01-01T00:00:00.000Z'); UPDATE batch SET body = json_set(body, '$.expiresAt', '2099-01-01T00:00:00.000Z')`, 'not-approved'],
  ['a plan exchanged together with all its hashes', otherPlan, 'not-approved'],
  ['an approval that the log does not know', `UPDATE approval SET approver = 'eve', body = replace(body, '"by":"bob"', '"by":"eve"')`, 'not-approved'],
];

test.each(forgeries)('a push is refused with %s', async (_, sql, rule) => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  bench.tamper((db) => db.exec(sql));
  expect(await push(bench, batch)).toBe(rule);
});

test('a plan is stale once a newer snapshot asks for something else, and good again when it does not', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  await bench.load(changesOf(1, 2).map((change) => (change.key === 'u-0001' ? { ...change, city: 'Waco' } : change)));
  expect(await push(bench, batch)).toBe('plan-stale');
  await bench.load(changesOf(1, 1));
  expect(await push(bench, batch)).toBe('plan-stale');
  await bench.load(changesOf(1, 2));
  expect(await push(bench, batch)).toBe('done');
});

test('a used plan is never pushed again', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  expect(await push(bench, batch)).toBe('plan-consumed');
  bench.tamper((db) => db.exec(`UPDATE batch SET state = 'approved', body = replace(body, 'completed-with-errors', 'approved')`));
  expect(await push(bench, batch)).toBe('plan-consumed');
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id: batch.id }))).toBe('plan-consumed');
});

test('a retry is guarded like a push, and production confirms only what failed', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const retry = (confirm?: string, orgNow = production) => ruleOf(assertRetryable(bench.deps, { batch, askOrg: async () => orgNow, confirm }));
  expect(await retry()).toBe('wrong-state');
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  expect(await retry('Sample Org:1+2')).toBe('confirmation');
  expect(await retry('Sample Org:0+1')).toBe('done');
  expect(await retry(undefined, { ...sampleOrg, orgId: '00D000000000002AAA' })).toBe('wrong-org');
  bench.wait(25);
  expect(await retry('Sample Org:0+1')).toBe('approval-expired');
});

test('Row 31: a retry is refused for records that would be changed otherwise by now, and names them', async () => {
  const bench = await openWorkbench(changesOf(1, 3));
  const batch = await approved(bench);
  await bench.pretendRun(batch, { 'u-0001': 'failed', 'u-0002': 'failed' });
  const retry = () => ruleOf(assertRetryable(bench.deps, { batch, askOrg: async () => sampleOrg }));
  const load = (key: string, change: Partial<ChangeFacts>) => bench.load(changesOf(1, 3).map((one) => (one.key === key ? { ...one, ...change } : one)));
  expect(await retry()).toBe('done');
  await load('u-0000', { city: 'Waco', isBlocked: true });
  expect(await retry()).toBe('done');
  await load('u-0002', { city: 'Waco' });
  await expect(assertRetryable(bench.deps, { batch, askOrg: async () => sampleOrg })).rejects.toMatchObject({ error: { details: { rule: 'plan-stale', changed: 1, keys: ['u-0002'] } } });
  await load('u-0002', { isBlocked: true });
  await expect(assertRetryable(bench.deps, { batch, askOrg: async () => sampleOrg })).rejects.toMatchObject({ error: { details: { rule: 'blockers', keys: ['u-0002'] } } });
  await bench.load(changesOf(1, 2));
  expect(await retry()).toBe('plan-stale');
});

test('Row 31: a run that was cut off may end, whatever a newer snapshot asks for', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  await bench.pretendRun(await approved(bench), { 'u-0001': 'planned' });
  await bench.load([{ ...changesOf(0, 1)[0]!, city: 'Waco', isBlocked: true }]);
  expect(await ruleOf(assertResumable(bench.deps, { runId: 'R-1', askOrg: async () => sampleOrg }))).toBe('done');
});

test('Row 31: a plan is not carried out by another mapping or API version than it was approved for', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const [first, ...others] = bench.deps.mapping.fields;
  const mapping = { ...bench.deps.mapping, fields: [{ ...first!, clear: true }, ...others] };
  for (const deps of [{ ...bench.deps, mapping }, { ...bench.deps, org: { ...bench.deps.org, apiVersion: '65.0' } }]) expect(await push(bench, batch, { deps })).toBe('plan-changed');
});

test('a run goes on after its approval ran out, but never with a plan that was edited meanwhile', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  await bench.pretendRun(batch, { 'u-0001': 'planned' });
  bench.wait(25);
  const resume = () => ruleOf(assertResumable(bench.deps, { runId: 'R-1', askOrg: async () => sampleOrg }));
  expect(await resume()).toBe('done');
  expect(await ruleOf(assertResumable(bench.deps, { runId: 'R-9', askOrg: async () => sampleOrg }))).toBe('not-found');
  bench.tamper((db) => db.exec(`UPDATE plan_record SET record = replace(record, 'Dallas', 'Houston') WHERE key = 'u-0001'`));
  expect(await resume()).toBe('plan-changed');
});

test('Row 33: a plan is for one org and one of its users, for a push, a retry and a resumption', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const places: [string, OrgIdentity][] = [
    ['done', { ...sampleOrg, orgId: sampleOrg.orgId.slice(0, 15), userId: sampleOrg.userId.slice(0, 15) }],
    ['wrong-org', { ...sampleOrg, orgId: '00D000000000002AAA' }],
    ['wrong-user', { ...sampleOrg, userId: '005000000000002AAA', username: 'bob@example.com' }],
    ['wrong-user', { ...sampleOrg, userId: '005000000000002AAA' }],
  ];
  for (const [rule, orgNow] of places) expect(await push(bench, batch, { orgNow })).toBe(rule);
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  for (const [rule, orgNow] of places) {
    expect(await ruleOf(assertRetryable(bench.deps, { batch, askOrg: async () => orgNow }))).toBe(rule);
    expect(await ruleOf(assertResumable(bench.deps, { runId: 'R-1', askOrg: async () => orgNow }))).toBe(rule);
  }
});

test('Row 31: a plan made for another Salesforce user is another plan, and needs another approval', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const user = { id: '005000000000002AAA', username: 'bob@example.com' };
  const other = await submitBatch({ ...bench.deps, org: { ...bench.deps.org, user } }, bench.as('ann'), { id: batch.id });
  expect(other).toMatchObject({ state: 'submitted', approvals: [] });
  expect(other.planHash).not.toBe(batch.planHash);
  expect(await bench.deps.ledger.planHeader(batch.id)).toMatchObject({ header: { version: 2, user } });
  expect(await ruleOf(submitBatch({ ...bench.deps, org: { ...bench.deps.org, user: null } }, bench.as('ann'), { id: batch.id }))).toBe('no-snapshot');
});

test('a plan that was frozen before users were part of it keeps its hash and may be pushed by any user', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const { id } = await approved(bench);
  const records = await bench.deps.ledger.planRecords(id, null, 10);
  const header = { version: 1, orgId: sampleOrg.orgId, apiVersion: '64.0', mapping: bench.deps.mapping };
  const hash = sha256(canonicalJson({ ...header, records }));
  bench.tamper((db) => {
    db.prepare('UPDATE plan SET header = ?, hash = ?').run(canonicalJson(header), hash);
    db.prepare(`UPDATE batch SET body = json_set(body, '$.planHash', ?, '$.state', 'submitted')`).run(hash);
    db.exec(`DELETE FROM approval; UPDATE batch SET state = 'submitted'`);
  });
  const batch = await approveBatch(bench.deps, bench.as('bob'), { id, expect: hash });
  expect(await push(bench, batch, { orgNow: { ...sampleOrg, userId: '005000000000002AAA' } })).toBe('done');
});

test('an expired approval refuses the push and stays on record', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  bench.wait(25);
  expect(await push(bench, batch)).toBe('approval-expired');
  expect(await push(bench, batch)).toBe('approval-expired');
  expect((await bench.deps.ledger.events({ batchId: batch.id, type: 'batch.expired', limit: 9 })).total).toBe(1);
});

test('another org, a pause, a blocker found since, a stricter policy and a missing log each refuse the push', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  expect(await push(bench, batch, { orgNow: { ...sampleOrg, orgId: '00D000000000002AAA' } })).toBe('wrong-org');
  expect(await push(bench, batch, { deps: bench.withPolicy({ approvals: 2 }) })).toBe('not-approved');
  const event = { type: 'pushes.paused' as const, actor: 'cy', batchId: null, runId: null, keys: [], data: {} };
  await bench.deps.ledger.commit({ events: [event], writes: [{ write: 'pause.set', pause: { by: 'cy', at: bench.deps.clock.now(), reason: 'wait' } }] });
  expect(await push(bench, batch)).toBe('paused');
  await bench.deps.ledger.commit({ events: [{ ...event, type: 'pushes.resumed' }], writes: [{ write: 'pause.set', pause: null }] });
  await bench.load(changesOf(1, 2).map((change) => ({ ...change, isBlocked: change.key === 'u-0001' })));
  expect(await push(bench, batch)).toBe('blockers');
  await bench.load(changesOf(1, 2));
  expect(await push(bench, batch)).toBe('done');

  const readOnly = await openLedger({ folder: bench.folder, readonly: true, threads: false });
  expect(await push(bench, batch, { deps: { ...bench.deps, ledger: readOnly } })).toBe('audit-not-writable');
  await readOnly.close();
});

test('production wants the exact confirmation', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  for (const confirm of [undefined, '', 'Sample Org', 'sample org:1+2', 'Sample Org:2+1', ' Sample Org:1+2']) {
    expect(await push(bench, batch, { orgNow: production, ...(confirm === undefined ? {} : { confirm }) })).toBe('confirmation');
  }
  expect(await push(bench, batch, { orgNow: production, confirm: 'Sample Org:1+2' })).toBe('done');
});

test('the detail of a batch says what was looked at, what was not, and what happened', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const before = await showBatch(bench.deps, batch.id);
  expect(before.preflight.filter(({ state }) => state === 'blocker' || state === 'warning')).toEqual([]);
  expect(before.preflight.some(({ state }) => state === 'not-checked')).toBe(true);
  expect(before.gates.map(({ id, passed }) => [id, passed])).toEqual([['resolved', false], ['error-rate', false], ['read-back', false]]);
  expect(before.timeline.map(({ summary }) => summary)).toEqual([
    'Drafted batch B-1 "One": 1 create, 2 updates',
    `Submitted batch B-1 as plan ${batch.planHash?.slice(0, 8)}: 1 create, 2 updates, 4 fields`,
    `Approved plan ${batch.planHash?.slice(0, 8)} of batch B-1 (1 of 1)`,
  ]);
  expect(before.planStale).toBe(false);
  await bench.load(changesOf(1, 2).map((change) => ({ ...change, city: 'Waco' })));
  expect((await showBatch(bench.deps, batch.id)).planStale).toBe(true);
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  const after = await showBatch(bench.deps, batch.id);
  expect(after).toMatchObject({ batch: { state: 'completed-with-errors', outcomes: { planned: 3, succeeded: 2, failed: 1 } }, errorGroups: [{ outcome: 'failed', count: 1, retryable: false }], preflight: [], planStale: false });
});

test('no new run starts while more of the audit log waits than the policy allows; a run that has begun may end', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const { events } = await bench.deps.ledger.chainHead();
  const limited = (auditBacklogLimit: number | null) => push(bench, batch, { deps: bench.withPolicy({ auditBacklogLimit }) });
  expect([await limited(events - 1), await limited(events), await limited(null)]).toEqual(['audit-backlog', 'done', 'done']);
  const ship = (shipped: number) => bench.deps.ledger.commit({ events: [], writes: [{ write: 'audit.shipping', shipping: { shipped, at: null, anchor: null, failure: null } }] });
  await ship(events);
  expect(await limited(0)).toBe('done');
  await ship(0);
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  const strict = bench.withPolicy({ auditBacklogLimit: 0 });
  expect(await ruleOf(assertRetryable(strict, { batch, askOrg: async () => sampleOrg }))).toBe('audit-backlog');
  expect(await ruleOf(assertResumable(strict, { runId: 'R-1', askOrg: async () => sampleOrg }))).toBe('done');
});

test('nothing is sent while the warehouse is known to hold another history', async () => {
  const bench = await openWorkbench(changesOf(1, 2));
  const batch = await approved(bench);
  const fail = (fork: boolean) => bench.deps.ledger.commit({ events: [], writes: [{ write: 'audit.shipping', shipping: { shipped: 0, at: null, anchor: null, failure: { at: '2026-11-26T12:00:00.000Z', code: 'x', message: 'Why.', fork } } }] });
  await fail(false);
  expect(await push(bench, batch)).toBe('done');
  await fail(true);
  expect(await push(bench, batch)).toBe('audit-fork');
  await bench.pretendRun(batch, { 'u-0001': 'failed' });
  expect(await ruleOf(assertRetryable(bench.deps, { batch, askOrg: async () => sampleOrg }))).toBe('audit-fork');
  expect(await ruleOf(assertResumable(bench.deps, { runId: 'R-1', askOrg: async () => sampleOrg }))).toBe('audit-fork');
});

test('a field that is left out is not in the plan, and changes its hash', async () => {
  const bench = await openWorkbench(changesOf(2, 0));
  await bench.approveAll();
  const { id } = await createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  const whole = await submitBatch(bench.deps, bench.as('ann'), { id });
  await leaveCityOut(bench, 'c-0000');
  const without = await submitBatch(bench.deps, bench.as('ann'), { id });
  expect([whole.fields, without.fields, whole.planHash === without.planHash]).toEqual([4, 3, false]);
  expect((await bench.deps.ledger.planRecords(id, null, 10)).map(({ key, fields }) => [key, Object.keys(fields)])).toEqual([['c-0000', ['Name']], ['c-0001', ['City__c', 'Name']]]);
});

test('a field that is left out, or a record that is held, after the approval is found and does not change the frozen plan', async () => {
  const bench = await openWorkbench(changesOf(2, 1));
  const batch = await approved(bench);
  const found = async () => (await showBatch(bench.deps, batch.id)).preflight.filter(({ state }) => state === 'warning').map(({ id, text }) => [id, text]);
  expect(await found()).toEqual([]);
  await leaveCityOut(bench, 'c-0000');
  await bench.deps.ledger.decide({ selection: { items: [{ key: 'c-0001', kind: 'create' }] }, decision: 'hold', reason: null, actor: 'cy' });
  const then = 'The plan still sends what was approved. To leave it out, withdraw the batch and submit it again.';
  expect(await found()).toEqual([
    ['decisions', `1 record is not approved any more. ${then}`],
    ['left-out', `1 record has a field that was left out after the plan was frozen. ${then}`],
  ]);
  expect((await bench.deps.ledger.batch(batch.id))?.planHash).toBe(batch.planHash);
  expect(await push(bench, batch)).toBe('done');
});

test('a plan from which a field was left out is stale once it is taken in again', async () => {
  const bench = await openWorkbench(changesOf(2, 0));
  await leaveCityOut(bench, 'c-0000');
  const batch = await approved(bench);
  expect(await push(bench, batch)).toBe('done');
  await bench.deps.ledger.undo({ undoId: (await bench.deps.ledger.decisionSteps(10)).find(({ label }) => label.startsWith('Left'))?.undoId ?? '', actor: 'ann' });
  expect(await push(bench, batch)).toBe('plan-stale');
});

test('records of which every field is left out refuse the submission', async () => {
  const bench = await openWorkbench(changesOf(1, 0));
  const { ledger } = bench.deps;
  await bench.approveAll();
  const { id } = await createBatch(bench.deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  const { undoId } = await leaveCityOut(bench, 'c-0000');
  await ledger.undo({ undoId, actor: 'ann' });
  bench.tamper((db) => db.exec(`INSERT INTO field_exclusion SELECT key, kind, 'Name', content_hash, NULL, 'ann', at, 'U-x' FROM decision`));
  await ledger.redo({ undoId, actor: 'ann' });
  expect(await ruleOf(submitBatch(bench.deps, bench.as('ann'), { id }))).toBe('nothing-to-do');
});

function leaveCityOut({ deps }: Workbench, key: string) {
  return deps.ledger.excludeField({ selection: { items: [{ key, kind: 'create' }] }, field: 'City__c', isExcluded: true, reason: null, actor: 'cy' });
}
