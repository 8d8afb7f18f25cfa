import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { embeddedAuditTable } from '../../../electron/adapters/embedded/embedded-audit-table.ts';
import { anchorRow } from '../../../electron/core/audit/audit-log-row.ts';
import { exportJsonl } from '../../../electron/core/audit/export-lines.ts';
import { shipAudit } from '../../../electron/core/audit/ship-audit.ts';
import { verifyAudit } from '../../../electron/core/audit/verify-audit.ts';
import { verifyAnchoredExport } from '../../../electron/core/audit/verify-export.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { AuditTable } from '../../../electron/core/warehouse-ports.ts';
import { verifyExportedFile } from '../../../electron/hosts/cli/verify-exported-file.ts';
import { addEvents, instantClock, scriptedAuditTable, type Fate } from './scripted-audit-table.ts';
import { cutBack, tamperBetween, temporaryLedger } from './temporary-audit.ts';

const { signal } = new AbortController();
const asAnn = { actor: 'ann', signal };
const verify = (ledger: Ledger, table: AuditTable, anchor: 'skip' | 'ask' | 'required' = 'required', readOnly = true) => verifyAudit({ ledger, table, readOnly }, asAnn, { anchor });

async function shipped(events: number) {
  const { folder, ledger } = await temporaryLedger(events);
  const table = scriptedAuditTable();
  const ship = () => shipAudit({ ledger, table, clock: instantClock() }, signal);
  await ship();
  return { folder, ledger, table, ship };
}

test('a chain agrees with its copy, also when it has grown since', async () => {
  const { ledger, table } = await shipped(120);
  await addEvents(ledger, 30);
  const { head } = (await ledger.checkpoints()).checkpoints.find(({ seq }) => seq === 120) ?? {};
  expect(await verify(ledger, table)).toMatchObject({ ok: true, events: 150, firstBad: null, anchor: { state: 'agrees', seq: 120, head, text: 'The warehouse holds 120 events of this chain, and its head at event 120.' } });
});

test('a tail that was cut off together with its checkpoints is found by the anchor, and only by it', async () => {
  const { folder, ledger } = await temporaryLedger(130);
  const table = embeddedAuditTable(join(folder, 'warehouse-audit.db'));
  await shipAudit({ ledger, table, clock: instantClock() }, signal);
  const cut = await tamperBetween(folder, ledger, (db) => cutBack(db, 90));
  expect(await verify(cut, table, 'skip')).toMatchObject({ ok: true, events: 90, anchor: { state: 'not-asked' } });
  for (const anchor of ['ask', 'required'] as const) {
    expect(await verify(cut, table, anchor)).toMatchObject({
      ok: false, events: 90, firstBad: { seq: 91, problem: 'truncated', text: 'The warehouse holds event 130, but the chain ends at event 90.' }, anchor: { state: 'disagrees', seq: 130 },
    });
  }
  await addEvents(cut, 80);
  expect(await verify(cut, table)).toMatchObject({ ok: false, events: 170, firstBad: { seq: 130, problem: 'forked' }, anchor: { state: 'disagrees', seq: 130 } });
  await table.close();
});

test('events that were copied give a cut away before anything is anchored', async () => {
  const { folder, ledger, table } = await shipped(130);
  table.rows.pop();
  expect(await verify(ledger, table)).toMatchObject({ ok: true, anchor: { state: 'none', seq: null, text: 'The warehouse holds 130 events of this chain, but no anchor yet.' } });
  const cut = await tamperBetween(folder, ledger, (db) => cutBack(db, 90));
  expect(await verify(cut, table)).toMatchObject({ ok: false, firstBad: { seq: 91, problem: 'truncated' }, anchor: { state: 'disagrees' } });
});

test('a chain that is broken at home keeps its own first bad event', async () => {
  const { folder, ledger, table } = await shipped(130);
  const broken = await tamperBetween(folder, ledger, (db) => db.exec(`UPDATE audit_event SET actor = 'eve' WHERE seq = 40`));
  expect(await verify(broken, table)).toMatchObject({ ok: false, firstBad: { seq: 40, problem: 'altered' }, anchor: { state: 'disagrees', text: 'The chain is broken before event 130, which the warehouse holds.' } });
});

test('an anchor that this ledger has not signed is told', async () => {
  const { ledger, table } = await shipped(20);
  table.rows.push({ ...anchorRow({ ...(await ledger.signHead()), seq: 500 }), event_id: 'forged' });
  expect(await verify(ledger, table)).toMatchObject({ ok: false, firstBad: { seq: 500, problem: 'signature' }, anchor: { state: 'disagrees' } });
  table.rows.splice(-1, 1, { ...(table.rows.at(-1) as (typeof table.rows)[number]), payload: 'no anchor' });
  expect(await verify(ledger, table)).toMatchObject({ firstBad: { problem: 'signature' } });
});

test('two histories in the warehouse are told', async () => {
  const { ledger, table } = await shipped(20);
  table.rows.push({ ...(table.rows[6] as (typeof table.rows)[number]), event_id: 'other', event_hash: 'f'.repeat(64) });
  expect(await verify(ledger, table)).toMatchObject({ ok: false, firstBad: { seq: 7, problem: 'forked' } });
});

test('copied events that are gone from the warehouse are told, and no fault of the chain', async () => {
  const { ledger, table } = await shipped(20);
  table.rows.splice(3, 4);
  expect(await verify(ledger, table)).toMatchObject({ ok: true, anchor: { state: 'agrees', text: 'The warehouse holds 16 events of this chain, and its head at event 20. 4 events that were copied are no longer there; the next copy adds them again.' } });
});

test('a ledger that was begun anew has nothing in the warehouse, and that is what is said; where its copy must be there it is a fault', async () => {
  const { table } = await shipped(20);
  const { ledger: another } = await temporaryLedger(5);
  expect(await verify(another, table, 'ask')).toMatchObject({ ok: true, anchor: { state: 'none', text: 'The warehouse holds nothing of this ledger.' } });
  expect(await verify(another, table, 'required')).toMatchObject({ ok: false, firstBad: { seq: 1, problem: 'foreign' }, anchor: { state: 'none' } });
});

test('a warehouse that cannot be asked leaves the verdict on the chain as it is, unless it must answer', async () => {
  const { ledger } = await temporaryLedger(20);
  let fate: Fate = 'refused';
  const table = scriptedAuditTable(() => fate);
  expect(await verify(ledger, table, 'ask')).toMatchObject({ ok: true, events: 20, anchor: { state: 'unreachable', text: 'The warehouse is not there. The chain was verified without the copy in the warehouse.' } });
  await expect(verify(ledger, table, 'required')).rejects.toMatchObject({ error: { code: 'source-unavailable' } });
  fate = 'silent';
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  await expect(verifyAudit({ ledger, table, readOnly: true }, { actor: 'ann', signal: stop.signal }, { anchor: 'ask' })).rejects.toMatchObject({ error: { code: 'cancelled' } });
});

test('the verification is recorded with what the warehouse said, but nothing is written to a chain that disagrees or is only read', async () => {
  const { ledger, table } = await shipped(20);
  await verify(ledger, table, 'ask', true);
  expect((await ledger.chainHead()).events).toBe(20);
  await verify(ledger, table, 'ask', false);
  expect(await ledger.eventsFrom(21, 5)).toMatchObject([{ type: 'audit.verified', data: { ok: true, anchor: 'agrees' } }]);
  table.rows.push({ ...(table.rows[6] as (typeof table.rows)[number]), event_id: 'other', event_hash: 'f'.repeat(64) });
  await verify(ledger, table, 'ask', false);
  expect((await ledger.chainHead()).events).toBe(21);
});

test('an exported file is compared with the copy of the ledger that it comes from', async () => {
  const { folder, ledger, table, ship } = await shipped(20);
  await ledger.commit({ events: [{ type: 'audit.exported', actor: 'ann', batchId: null, runId: null, keys: [], data: { format: 'jsonl', events: 20 } }], writes: [] });
  const lines: string[] = [];
  for await (const line of exportJsonl(ledger, 21)) lines.push(line);
  const verifyLines = (given: readonly string[]) => verifyAnchoredExport(table, { open: () => Readable.from(given), checkpoints: null }, signal);
  expect(await verifyLines(lines)).toMatchObject({ ok: true, events: 21, anchor: { state: 'agrees', seq: 20 } });
  expect(await verifyLines(lines.with(20, lines[4] ?? ''))).toMatchObject({ ok: false, anchor: { state: 'agrees' } });
  expect(await verifyLines(['no event'])).toMatchObject({ ok: false, anchor: { state: 'not-asked' } });

  const file = join(folder, 'audit.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(await verifyExportedFile(file, { table, signal })).toMatchObject({ ok: true, anchor: { state: 'agrees' } });
  expect(await verifyExportedFile(file, null)).toMatchObject({ ok: true, anchor: { state: 'not-asked' } });
  await expect(verifyExportedFile(join(folder, 'none.jsonl'), null)).rejects.toMatchObject({ error: { code: 'not-found' } });

  await addEvents(ledger, 5);
  await ship();
  expect(await verifyExportedFile(file, { table, signal })).toMatchObject({ ok: false, firstBad: { seq: 22, problem: 'truncated' }, anchor: { state: 'disagrees' } });
});
