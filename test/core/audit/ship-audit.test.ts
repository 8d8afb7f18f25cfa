import { expect, test } from 'vitest';
import { anchorRow, auditLogRow } from '../../../electron/core/audit/audit-log-row.ts';
import { isCheckpointSigned } from '../../../electron/core/audit/checkpoint.ts';
import { describeShipping, shipAudit } from '../../../electron/core/audit/ship-audit.ts';
import { sha256 } from '../../../electron/core/canonical.ts';
import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import { addEvents, anEvent, instantClock, scriptedAuditTable, type Fate } from './scripted-audit-table.ts';
import { cutBack, tamperBetween, temporaryLedger } from './temporary-audit.ts';

const { signal } = new AbortController();

const aPushedEvent: AuditEvent = {
  v: 1, seq: 7, id: 'id-7', lineage: 'lineage', at: '2026-11-26T12:00:00.000Z', type: 'record.pushed', actor: 'ann', batchId: 'B-1', runId: 'R-1', keys: ['p1'],
  data: { outcome: 'succeeded', salesforceId: 'a0P000000000001AAA' }, prev: 'a'.repeat(64), hash: 'b'.repeat(64),
};

test('an event becomes a row: the whole event, and what it is searched by', () => {
  const row = auditLogRow(aPushedEvent);
  expect(row).toMatchObject({
    event_id: 'id-7', workspace_id: 'lineage', sequence: 7, occurred_at: aPushedEvent.at, event_kind: 'record.pushed', actor: 'ann', record_key: 'p1', batch_id: 'B-1', run_id: 'R-1',
    salesforce_id: 'a0P000000000001AAA', outcome: 'succeeded', previous_hash: 'a'.repeat(64), event_hash: 'b'.repeat(64),
  });
  expect(JSON.parse(row.payload)).toEqual(aPushedEvent);
});

test('what does not fit its column is cut or left out there, never in the event', () => {
  const actor = '😀'.repeat(300);
  const row = auditLogRow({ ...aPushedEvent, actor, keys: ['k'.repeat(256)], data: { outcome: 7, salesforceId: null } });
  expect(row).toMatchObject({ actor: '😀'.repeat(255), record_key: null, outcome: null, salesforce_id: null });
  expect(JSON.parse(row.payload)).toMatchObject({ actor, keys: ['k'.repeat(256)] });
  expect(auditLogRow({ ...aPushedEvent, keys: ['a', 'b'] }).record_key).toBeNull();
  expect(auditLogRow({ ...aPushedEvent, type: 'run.finished' })).toMatchObject({ outcome: null, salesforce_id: null });
});

test('an anchor is a signed head: one id for one head, within the columns even for the last possible event', () => {
  const head = { lineage: '00000000-0000-4000-8000-000000000000', publicKey: 'key', seq: Number.MAX_SAFE_INTEGER, head: 'c'.repeat(64), at: '2026-11-26T12:00:00.000Z', signature: 'sign' };
  const row = anchorRow(head);
  expect(row.event_id).toHaveLength(60);
  expect(row).toMatchObject({ event_kind: 'audit.anchor', workspace_id: head.lineage, sequence: head.seq, previous_hash: head.head, event_hash: sha256(row.payload) });
  expect(JSON.parse(row.payload)).toEqual({ v: 1, ...head });
});

test('everything that waits is copied, then the signed head; nothing is said of it in the log itself', async () => {
  const { ledger } = await temporaryLedger(450);
  const table = scriptedAuditTable();
  const deps = { ledger, table, clock: instantClock() };
  expect(await describeShipping(deps, 5)).toMatchObject({ place: table.place, events: 450, shipped: 0, backlog: 450, at: null, anchor: null, failure: null, limit: 5 });
  await shipAudit(deps, signal);
  const head = await ledger.signHead();
  expect(table.rows).toEqual([...(await ledger.eventsFrom(1, 1_000)).map(auditLogRow), anchorRow(head)]);
  expect(table.calls).toEqual(['evidence', 'append', 'append', 'append']);
  expect(isCheckpointSigned(head.publicKey, head.lineage, head, head.signature)).toBe(true);
  expect(await describeShipping(deps, null)).toMatchObject({ events: 450, shipped: 450, backlog: 0, anchor: { seq: 450, head: head.head, at: head.at }, failure: null });
  await shipAudit(deps, signal);
  expect(table.rows).toHaveLength(451);
  expect(await ledger.verify()).toMatchObject({ ok: true, events: 450 });
});

test('one call carries about half a megabyte at most, and one event however large', async () => {
  const { ledger } = await temporaryLedger(1);
  await ledger.commit({ events: Array.from({ length: 6 }, (_, number) => anEvent(number, { data: { text: 'x'.repeat(number === 4 ? 900_000 : 200_000) } })), writes: [] });
  const sizes: number[] = [];
  const table = scriptedAuditTable();
  await shipAudit({ ledger, clock: instantClock(), table: { ...table, append: (rows, given) => (sizes.push(rows.length), table.append(rows, given)) } }, signal);
  expect(sizes).toEqual([3, 2, 1, 2]);
});

test('what the warehouse does not take waits; the reason is kept until it is taken', async () => {
  const { ledger } = await temporaryLedger(300);
  let fate: Fate = 'answered';
  const table = scriptedAuditTable((call) => (call === 'append' && table.calls.length > 2 ? fate : 'answered'));
  const deps = { ledger, table, clock: instantClock() };
  fate = 'refused';
  await expect(shipAudit(deps, signal)).rejects.toMatchObject({ error: { code: 'source-unavailable' } });
  expect(await describeShipping(deps, null)).toMatchObject({ shipped: 200, backlog: 100, anchor: null, failure: { code: 'source-unavailable', message: 'The warehouse is not there.', fork: false } });
  await addEvents(ledger, 10);
  expect(await describeShipping(deps, null)).toMatchObject({ backlog: 110 });
  fate = 'answered';
  await shipAudit(deps, signal);
  expect(await describeShipping(deps, null)).toMatchObject({ shipped: 310, backlog: 0, failure: null });
  expect(table.rows.filter(({ event_kind }) => event_kind !== 'audit.anchor').map(({ sequence }) => sequence)).toEqual(Array.from({ length: 310 }, (_, place) => place + 1));
});

test('after a lost answer the warehouse is asked what is there, after a while that doubles, five times at most', async () => {
  const { ledger } = await temporaryLedger(10);
  const table = scriptedAuditTable((call) => (call === 'evidence' ? 'answered' : 'lost-before'));
  const clock = instantClock();
  await expect(shipAudit({ ledger, table, clock }, signal)).rejects.toMatchObject({ error: { details: { effect: 'unknown' } } });
  expect(table.calls).toEqual(['evidence', 'append', 'present', 'present', 'present', 'present']);
  expect(clock.waits).toEqual([250, 500, 1_000, 2_000]);
  expect((await ledger.shipping()).failure).toMatchObject({ code: 'source-unavailable', fork: false });
});

test('an event whose acknowledgement was lost is not sent again', async () => {
  const { ledger } = await temporaryLedger(10);
  let appends = 0;
  const table = scriptedAuditTable((call) => (call === 'append' && ++appends === 1 ? 'lost-after' : 'answered'));
  await shipAudit({ ledger, table, clock: instantClock() }, signal);
  expect(table.calls).toEqual(['evidence', 'append', 'present']);
  expect(table.rows).toHaveLength(11);
});

test('the warehouse decides where to go on: a lost place is found again, what is gone there is sent anew', async () => {
  const { ledger } = await temporaryLedger(300);
  const table = scriptedAuditTable();
  const deps = { ledger, table, clock: instantClock() };
  await shipAudit(deps, signal);
  await ledger.commit({ events: [], writes: [{ write: 'audit.shipping', shipping: { shipped: 0, at: null, anchor: null, failure: null } }] });
  await addEvents(ledger, 1);
  table.calls.length = 0;
  await shipAudit(deps, signal);
  expect([table.calls, (await ledger.shipping()).shipped]).toEqual([['evidence', 'append'], 301]);

  table.rows.splice(100, 50);
  await shipAudit(deps, signal);
  expect(new Set(table.rows.filter(({ event_kind }) => event_kind !== 'audit.anchor').map(({ sequence }) => sequence)).size).toBe(301);
  table.rows.length = 0;
  await shipAudit(deps, signal);
  expect(table.rows).toHaveLength(302);
});

test('giving up is no failure of the warehouse', async () => {
  const { ledger } = await temporaryLedger(10);
  const stop = new AbortController();
  const table = scriptedAuditTable((call) => {
    if (call === 'append') stop.abort();
    return call === 'append' ? 'lost-after' : 'answered';
  });
  const deps = { ledger, table, clock: instantClock() };
  await expect(shipAudit(deps, stop.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
  expect(await ledger.shipping()).toMatchObject({ shipped: 0, failure: null });
  await expect(shipAudit(deps, AbortSignal.abort())).rejects.toMatchObject({ error: { code: 'cancelled' } });
});

test('a chain that is broken here is copied no further than it holds', async () => {
  const { folder, ledger } = await temporaryLedger(500);
  const again = await tamperBetween(folder, ledger, (db) => db.exec(`UPDATE audit_event SET bytes = replace(bytes, '"number":250', '"number":7') WHERE bytes LIKE '%"number":250%'`));
  const table = scriptedAuditTable();
  await expect(shipAudit({ ledger: again, table, clock: instantClock() }, signal)).rejects.toMatchObject({ error: { code: 'verification-failed', details: { fork: false, seq: 252 } } });
  expect(table.rows).toHaveLength(200);
});

test.each([
  ['an older ledger that was put back', (last: number) => last, 'truncated'],
  ['an older ledger that was written on', () => 500, 'forked'],
])('%s is a fork: nothing is copied until the right one is back', async (_, length, problem) => {
  const { folder, ledger } = await temporaryLedger(300);
  const table = scriptedAuditTable();
  await shipAudit({ ledger, table, clock: instantClock() }, signal);
  const again = await tamperBetween(folder, ledger, (db) => cutBack(db, 200));
  const more = length(200) - 200;
  if (more > 0) await addEvents(again, more);
  const deps = { ledger: again, table, clock: instantClock() };
  await expect(shipAudit(deps, signal)).rejects.toMatchObject({ error: { code: 'verification-failed', details: { fork: true, problem } } });
  expect(table.rows).toHaveLength(301);
  expect(await describeShipping(deps, null)).toMatchObject({ failure: { code: 'verification-failed', fork: true } });

  table.rows.splice(200);
  await shipAudit(deps, signal);
  expect(await describeShipping(deps, null)).toMatchObject({ backlog: 0, failure: null });
});

test('two histories in the warehouse, and an anchor of a head that is not ours, are forks too', async () => {
  const { ledger } = await temporaryLedger(20);
  const table = scriptedAuditTable();
  const deps = { ledger, table, clock: instantClock() };
  await shipAudit(deps, signal);
  const row = table.rows[4];
  if (row === undefined) throw new Error('There is no fifth row.');
  table.rows.push({ ...row, event_id: 'another', event_hash: 'f'.repeat(64) });
  await expect(shipAudit(deps, signal)).rejects.toMatchObject({ error: { details: { fork: true, problem: 'forked', seq: 5 } } });
  table.rows.pop();
  await shipAudit(deps, signal);

  const head = await ledger.signHead();
  table.rows.splice(0, table.rows.length, anchorRow({ ...head, seq: 30 }));
  await shipAudit(deps, signal);
  expect(table.rows, 'an anchor that is not signed by us proves nothing').toHaveLength(22);
});
