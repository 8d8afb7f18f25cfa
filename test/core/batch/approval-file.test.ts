import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approveBatch } from '../../../electron/core/batch/approve-batch.ts';
import { assertPushable } from '../../../electron/core/batch/assert-pushable.ts';
import type { BatchDeps } from '../../../electron/core/batch/batch-deps.ts';
import { rejectBatch, withdrawBatch } from '../../../electron/core/batch/change-batch.ts';
import { createBatch } from '../../../electron/core/batch/create-batch.ts';
import { importApproval } from '../../../electron/core/batch/import-approval.ts';
import { readPlanFile } from '../../../electron/core/batch/plan-file.ts';
import { readSignedApproval } from '../../../electron/core/batch/signed-approval.ts';
import { summarizePlanFile } from '../../../electron/core/batch/sign-plan.ts';
import { submitBatch } from '../../../electron/core/batch/submit-batch.ts';
import { canonicalJson } from '../../../electron/core/canonical.ts';
import { fingerprintOf } from '../../../electron/core/signature.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { SignedApproval } from '../../../shared/domain/plan-file.ts';
import { exportedPlan, signedApproval } from './approval-by-file.ts';
import { changesOf, openWorkbench, ruleOf, sampleOrg, type Workbench } from './batch-workbench.ts';

const { signal } = new AbortController();

/** A workspace with a submitted batch that wants the approval of somebody who did not propose it. */
async function holding(policy: Parameters<Workbench['withPolicy']>[0] = {}): Promise<{ bench: Workbench; deps: BatchDeps; batch: Batch }> {
  const bench = await openWorkbench(changesOf(1, 2));
  const deps = bench.withPolicy({ selfApproval: false, ...policy });
  await bench.approveAll();
  const { id } = await createBatch(deps, bench.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  return { bench, deps, batch: await submitBatch(deps, bench.as('ann'), { id }) };
}

const take = (bench: Workbench, deps: BatchDeps, text: string) => importApproval(deps, bench.as('ann'), { text });
const push = (bench: Workbench, deps: BatchDeps, batch: Batch) => ruleOf(assertPushable(deps, bench.as('ann'), { batch, askOrg: async () => sampleOrg }));
const parse = (text: string): SignedApproval => JSON.parse(text) as SignedApproval;

/** The same statement with changes, signed anew by a key that is made up. */
function forged(text: string, change: Partial<SignedApproval['statement']>, keys = generateKeyPairSync('ed25519')): string {
  const statement = { ...parse(text).statement, ...change };
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return canonicalJson({ statement, publicKey, signature: sign(null, Buffer.from(canonicalJson(statement)), keys.privateKey).toString('base64') });
}

test('Row 32: a second person approves by file, and the plan is pushed on the strength of the signature', async () => {
  const { bench, deps, batch } = await holding({ approvals: 2 });
  const elsewhere = await openWorkbench();
  const plan = await exportedPlan(bench, batch.id, deps);
  const summary = await summarizePlanFile(elsewhere.deps.ledger, elsewhere.as('bob'), [Buffer.from(plan)]);
  expect(summary).toMatchObject({ hash: batch.planHash, orgName: 'Sample Org', batch: { name: 'One', submittedBy: 'ann' }, creates: 1, updates: 2, fields: 4, isOwn: false, user: { username: sampleOrg.username }, byField: [{ field: 'City__c', records: 3 }, { field: 'Name', records: 1 }] });
  expect(summary.records.map(({ key }) => key)).toEqual(['c-0000', 'u-0000', 'u-0001']);
  const approval = await signedApproval(elsewhere, 'bob', plan, { expect: batch.planHash!.slice(0, 12), note: 'seen' });
  expect((await elsewhere.deps.ledger.events({ type: 'plan.signed', limit: 1 })).events[0]).toMatchObject({ actor: 'bob', data: { of: 'B-1', planHash: batch.planHash } });
  const fingerprint = fingerprintOf(parse(approval).publicKey);
  expect(await take(bench, deps, approval)).toMatchObject({ state: 'submitted', approvals: [{ by: 'bob', note: 'seen', key: fingerprint, planHash: batch.planHash }] });
  expect(await push(bench, deps, batch)).toBe('not-approved');
  expect(await approveBatch(deps, bench.as('cy'), { id: batch.id })).toMatchObject({ state: 'approved' });
  expect(await push(bench, deps, batch)).toBe('done');
  expect((await bench.deps.ledger.verify()).ok).toBe(true);
});

test('the audit log alone proves an approval by file, with nothing but a verifier of Ed25519', async () => {
  const { bench, deps, batch } = await holding();
  const elsewhere = await openWorkbench();
  await take(bench, deps, await signedApproval(elsewhere, 'bob', await exportedPlan(bench, batch.id)));
  const { events: [event] } = await bench.deps.ledger.events({ batchId: batch.id, type: 'batch.approved', limit: 1 });
  const { statement, publicKey, signature } = event!.data as unknown as SignedApproval;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(canonicalJson(statement)), key, Buffer.from(signature, 'base64'))).toBe(true);
  expect(statement).toMatchObject({ planHash: batch.planHash, batchId: batch.id, signer: 'bob', lineage: event!.lineage });
  expect(event).toMatchObject({ actor: 'ann', data: { by: 'bob' } });
});

test('an exported plan that is changed in any byte is refused', async () => {
  const { bench, batch } = await holding();
  const bytes = Buffer.from(await exportedPlan(bench, batch.id));
  const read = (changed: Uint8Array) => ruleOf(readPlanFile([changed], signal, () => {}));
  expect(await read(bytes)).toBe('done');
  const refused = async (changed: Uint8Array): Promise<void> => {
    expect(['verification-failed', 'invalid-input']).toContain(await read(changed));
  };
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at]! + by) % 256;
    await refused(changed);
  }), { numRuns: 600 });
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 4 }), async (at, more) => {
    await refused(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]));
  }), { numRuns: 300 });
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 200 }), async (at, length) => {
    await refused(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]));
  }), { numRuns: 300 });
});

test('an exported plan cut into any pieces reads the same', async () => {
  const { bench, batch } = await holding();
  const bytes = Buffer.from(await exportedPlan(bench, batch.id));
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, place) => bytes.subarray(place * size, (place + 1) * size));
    const keys: string[] = [];
    await readPlanFile(pieces, signal, ({ key }) => keys.push(key));
    expect(keys).toEqual(['c-0000', 'u-0000', 'u-0001']);
  }), { numRuns: 50 });
});

test('whoever re-computes digest and hash of a changed plan still signs another plan than the one that was submitted', async () => {
  const { bench, deps, batch } = await holding();
  const [mallory, elsewhere] = [await openWorkbench(changesOf(1, 2).map((change) => ({ ...change, city: 'Waco' }))), await openWorkbench()];
  await mallory.approveAll();
  const other = await createBatch(mallory.deps, mallory.as('ann'), { name: 'One', draw: { by: 'all-approved' } });
  await submitBatch(mallory.deps, mallory.as('ann'), { id: other.id });
  const approval = await signedApproval(elsewhere, 'bob', await exportedPlan(mallory, other.id));
  expect(await ruleOf(take(bench, deps, approval))).toBe('wrong-ledger');
  expect(await ruleOf(take(bench, deps, forged(approval, { lineage: await bench.deps.ledger.lineage() })))).toBe('plan-changed');
  expect((await bench.deps.ledger.batch(batch.id))?.approvals).toEqual([]);
});

test('an approval file that is changed in any byte is refused', async () => {
  const { bench, deps, batch } = await holding();
  const text = (await signedApproval(await openWorkbench(), 'bob', await exportedPlan(bench, batch.id))).trim();
  expect(readSignedApproval(` ${text}\n`)).toEqual(parse(text));
  const refused = async (changed: string): Promise<void> => {
    expect(['verification-failed', 'invalid-input']).toContain(await ruleOf(take(bench, deps, changed)));
  };
  for (let at = 0; at < text.length; at += 1) {
    for (const other of ['A', '0', 'z', ' ', '"']) if (text[at] !== other) await refused(`${text.slice(0, at)}${other}${text.slice(at + 1)}`);
    await refused(text.slice(0, at) + text.slice(at + 1));
  }
  for (const junk of ['', '{}', 'null', '[]', text + text, text.replace('"version":1', '"version":1,"version":1'), text.replace('{', '{"extra":1,')]) await refused(junk);
  expect(await ruleOf(take(bench, deps, ' '.repeat(70_000)))).toBe('limit-exceeded');
  expect(await ruleOf(take(bench, deps, text))).toBe('done');
});

test('Row 32: an approval by file is bound to its plan, its submission, its ledger and its time', async () => {
  const { bench, deps, batch } = await holding();
  const elsewhere = await openWorkbench();
  const plan = await exportedPlan(bench, batch.id);
  const text = await signedApproval(elsewhere, 'bob', plan, { hours: 2 });
  const hash = '0'.repeat(64);
  expect(await ruleOf(take(bench, deps, forged(text, { planHash: hash })))).toBe('plan-changed');
  expect(await ruleOf(take(bench, deps, forged(text, { orgId: '00D000000000002AAA' })))).toBe('plan-changed');
  expect(await ruleOf(take(bench, deps, forged(text, { submittedAt: '2026-11-23T11:00:00.000Z' })))).toBe('plan-changed');
  expect(await ruleOf(take(bench, deps, forged(text, { lineage: 'other' })))).toBe('wrong-ledger');
  expect(await ruleOf(take(bench, deps, forged(text, { batchId: 'B-9' })))).toBe('not-found');
  for (const again of [() => rejectBatch(deps, bench.as('cy'), { id: batch.id, reason: 'no' }), () => withdrawBatch(deps, bench.as('ann'), { id: batch.id })]) {
    await again();
    expect(await ruleOf(take(bench, deps, text))).toBe('wrong-state');
    expect((await submitBatch(deps, bench.as('ann'), { id: batch.id })).planHash).toBe(batch.planHash);
    expect(await ruleOf(take(bench, deps, text))).toBe('plan-changed');
  }
  const fresh = await signedApproval(elsewhere, 'bob', await exportedPlan(bench, batch.id), { hours: 2 });
  bench.wait(3);
  expect(await ruleOf(take(bench, deps, fresh))).toBe('approval-expired');
  await take(bench, deps, await signedApproval(elsewhere, 'bob', await exportedPlan(bench, batch.id), { hours: 8 }));
  expect(await ruleOf(take(bench, deps, fresh))).not.toBe('done');
  bench.wait(9);
  expect(await push(bench, deps, batch)).toBe('approval-expired');
});

test('Row 32: an approval by file holds no longer than the policy here allows, whatever the signer states', async () => {
  const { bench, deps, batch } = await holding({ approvalHours: 1 });
  const text = await signedApproval(await openWorkbench(), 'bob', await exportedPlan(bench, batch.id));
  const taken = await take(bench, deps, forged(text, { signedAt: '2099-01-01T00:00:00.000Z', expiresAt: '2099-12-01T00:00:00.000Z' }));
  bench.wait(0.9);
  expect(await push(bench, deps, taken)).toBe('done');
  bench.wait(0.2);
  expect(await push(bench, deps, taken)).toBe('approval-expired');
});

test('Row 32: nobody approves the own plan by file, in no spelling and from no second workspace', async () => {
  const { bench, deps, batch } = await holding();
  const second = await openWorkbench();
  const plan = await exportedPlan(bench, batch.id, deps);
  for (const name of ['ann', 'ANN', ' a\u200Bnn', 'ａｎｎ']) {
    expect(await ruleOf(signedApproval(second, name, plan))).toBe('self-approval');
    const text = await signedApproval(second, 'bob', plan);
    expect(await ruleOf(take(bench, deps, forged(text, { signer: name })))).toBe('self-approval');
  }
  expect(await ruleOf(signedApproval(bench, 'bob', plan))).toBe('self-approval');
  const statement = { ...parse(await signedApproval(second, 'bob', plan)).statement, signer: 'cy' };
  expect(await ruleOf(take(bench, deps, canonicalJson({ statement, ...(await bench.deps.ledger.sign(canonicalJson(statement))) })))).toBe('self-approval');
});

test('Row 32: one person is one approval and one key is one person, by file and here', async () => {
  const { bench, deps, batch } = await holding({ approvals: 2 });
  const elsewhere = await openWorkbench();
  const text = await signedApproval(elsewhere, 'bob', await exportedPlan(bench, batch.id));
  await take(bench, deps, text);
  expect(await ruleOf(take(bench, deps, text))).toBe('already-approved');
  expect(await ruleOf(approveBatch(deps, bench.as('BOB '), { id: batch.id }))).toBe('already-approved');
  expect(await ruleOf(signedApproval(elsewhere, 'Bob', await exportedPlan(bench, batch.id)))).toBe('already-approved');
  const other = await createBatch(deps, bench.as('ann'), { name: 'Two', draw: { by: 'keys', keys: ['u-0000'] } });
  await submitBatch(deps, bench.as('ann'), { id: other.id });
  const plan = await exportedPlan(bench, other.id);
  expect(await ruleOf(signedApproval(elsewhere, 'cy', plan).then((signed) => take(bench, deps, signed)))).toBe('unknown-signer');
  expect(await ruleOf(signedApproval(await openWorkbench(), 'Bob', plan).then((signed) => take(bench, deps, signed)))).toBe('unknown-signer');
  expect(await ruleOf(signedApproval(elsewhere, 'bob', plan).then((signed) => take(bench, deps, signed)))).toBe('done');
  expect((await bench.deps.ledger.events({ type: 'signer.trusted', limit: 9 })).total).toBe(1);
});

test('Row 32: a policy that lists keys takes only these, and a production org takes none that is not listed', async () => {
  const { bench, deps, batch } = await holding();
  const [elsewhere, renewed] = [await openWorkbench(), await openWorkbench()];
  const keyOf = async (one: Workbench) => fingerprintOf(await one.deps.ledger.publicKey());
  const plan = await exportedPlan(bench, batch.id);
  const [text, newer] = [await signedApproval(elsewhere, 'bob', plan), await signedApproval(renewed, 'bob', plan)];
  const asProduction = (approverKeys: string[]): BatchDeps => ({ ...deps, policy: { ...deps.policy, approverKeys }, org: { ...deps.org, environment: 'production' } });
  expect(await ruleOf(take(bench, asProduction([]), text))).toBe('unknown-signer');
  expect(await ruleOf(take(bench, { ...deps, policy: { ...deps.policy, approverKeys: ['0'.repeat(64)] } }, text))).toBe('unknown-signer');
  const listed = asProduction([await keyOf(elsewhere)]);
  await take(bench, listed, text);
  expect(await push(bench, listed, batch)).toBe('done');
  expect(await push(bench, asProduction([await keyOf(renewed)]), batch)).toBe('not-approved');
  await withdrawBatch(deps, bench.as('ann'), { id: batch.id });
  await submitBatch(deps, bench.as('ann'), { id: batch.id });
  const again = await signedApproval(renewed, 'bob', await exportedPlan(bench, batch.id));
  expect(await ruleOf(take(bench, asProduction([await keyOf(elsewhere), await keyOf(renewed)]), again))).toBe('unknown-signer');
  expect(await ruleOf(take(bench, asProduction([await keyOf(renewed)]), again))).toBe('done');
  expect(newer).not.toBe(again);
});

const editsOfProof: [string, string][] = [
  ['the key taken off the row', `UPDATE approval SET body = json_remove(body, '$.key')`],
  ['another key on the row', `UPDATE approval SET body = json_set(body, '$.key', '${'0'.repeat(64)}')`],
  ['another name on the row', `UPDATE approval SET approver = 'cy', body = json_set(body, '$.by', 'cy')`],
  ['another name in the logged statement', `UPDATE audit_event SET bytes = replace(bytes, '"signer":"bob"', '"signer":"cy"'); UPDATE approval SET body = json_set(body, '$.by', 'cy')`],
  ['another signature in the log', `UPDATE audit_event SET bytes = replace(bytes, '"signature":"', '"signature":"A')`],
  ['no proof in the log', `UPDATE audit_event SET bytes = replace(bytes, '"statement"', '"text"')`],
  ['a longer time on row and batch', `UPDATE audit_event SET bytes = json_set(bytes, '$.data.expiresAt', '2099-01-01T00:00:00.000Z'); UPDATE approval SET body = json_set(body, '$.expiresAt', '2099-01-01T00:00:00.000Z')`],
];

test.each(editsOfProof)('Row 32: an approval by file is verified anew at the push: %s', async (_, sql) => {
  const { bench, deps, batch } = await holding();
  await take(bench, deps, await signedApproval(await openWorkbench(), 'bob', await exportedPlan(bench, batch.id)));
  expect(await push(bench, deps, batch)).toBe('done');
  bench.tamper((db) => db.exec(sql));
  expect(await push(bench, deps, batch)).toBe('not-approved');
});

test('only a submitted plan that is whole is exported', async () => {
  const { bench, deps, batch } = await holding();
  const draft = await createBatch(deps, bench.as('ann'), { name: 'Draft', draw: { by: 'keys', keys: ['u-0000'] } });
  expect(await ruleOf(exportedPlan(bench, draft.id))).toBe('wrong-state');
  bench.tamper((db) => db.exec(`UPDATE plan_record SET record = replace(record, 'Dallas', 'Houston') WHERE kind = 'update'`));
  expect(await ruleOf(exportedPlan(bench, batch.id))).toBe('plan-changed');
  expect((await bench.deps.ledger.events({ type: 'plan.exported', limit: 9 })).total).toBe(0);
});
