import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedAuditTable } from '../../electron/adapters/embedded/embedded-audit-table.ts';
import { openDatabase } from '../../electron/adapters/sqlite/open-database.ts';
import { AppFailure } from '../../electron/core/app-failure.ts';
import { auditLogRow } from '../../electron/core/audit/audit-log-row.ts';
import { shipAudit } from '../../electron/core/audit/ship-audit.ts';
import type { Ledger } from '../../electron/core/ledger-ports.ts';
import type { AuditLogRow, AuditTable } from '../../electron/core/warehouse-ports.ts';
import { instantClock, scriptedAuditTable, type Fate } from '../core/audit/scripted-audit-table.ts';
import { temporaryLedger } from '../core/audit/temporary-audit.ts';
import { randomFrom } from './random-from.ts';

const { signal } = new AbortController();
const seed = Number(process.env['SHIP_DROPS_SEED'] ?? 20_261_126);
const events = 1_000;
const runs = Number(process.env['SHIP_DROPS_RUNS'] ?? 60);
const timeoutMs = 300_000;
const mostShipments = 200;
const nothingShipped = { shipped: 0, at: null, anchor: null, failure: null };

/** Ships until all is there; what fails on the way must be a lost answer, a lost copy of the place, or a refusal. */
async function shipThrough(ledger: Ledger, table: AuditTable): Promise<number> {
  for (let shipments = 1; shipments <= mostShipments; shipments += 1) {
    const isDone = await shipAudit({ ledger, table, clock: instantClock() }, signal).then(
      () => true,
      (error: unknown) => {
        if (error instanceof AppFailure && ['source-unavailable', 'audit-not-writable'].includes(error.error.code)) return false;
        throw error;
      },
    );
    if (isDone) return shipments;
  }
  throw new Error(`Not all is there after ${mostShipments} shipments.`);
}

/** A ledger that stores no place before everything up to it is there. */
function watched(ledger: Ledger, rows: () => readonly AuditLogRow[], failsAt: () => boolean = () => false): Ledger {
  return {
    ...ledger,
    commit: async (step) => {
      for (const write of step.writes) {
        if (write.write !== 'audit.shipping') continue;
        const there = new Set(rows().map(({ sequence }) => sequence));
        for (let seq = 1; seq <= write.shipping.shipped; seq += 1) if (!there.has(seq)) throw new Error(`Event ${seq} is not there, but the place says ${write.shipping.shipped}.`);
        if (failsAt()) throw new AppFailure('audit-not-writable', 'The disk is full.');
      }
      return ledger.commit(step);
    },
  };
}

async function wantedRows(ledger: Ledger): Promise<string> {
  return JSON.stringify((await ledger.eventsFrom(1, events + 1)).map(auditLogRow));
}

/** Compared as text: many times faster over many rows. */
async function expectOnce(ledger: Ledger, rows: readonly AuditLogRow[], wanted: string): Promise<void> {
  const told = rows.filter(({ event_kind }) => event_kind !== 'audit.anchor').toSorted((one, other) => one.sequence - other.sequence);
  expect(JSON.stringify(told) === wanted, 'each event once, as it is').toBe(true);
  expect(rows.length - told.length, 'one anchor').toBe(1);
  expect(await ledger.shipping()).toMatchObject({ shipped: events, anchor: { seq: events }, failure: null });
}

test(`Row 29: ${events} events are there exactly once, whatever answers are lost`, async () => {
  const { ledger } = await temporaryLedger(events);
  const fates: readonly Fate[] = ['lost-before', 'lost-after', 'late', 'refused'];
  const wanted = await wantedRows(ledger);
  let lost = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 60 }), fc.subarray([...fates], { minLength: 1 }), async (pattern, percent, kinds) => {
      const random = randomFrom(pattern);
      const table = scriptedAuditTable(() => {
        if (random(100) >= percent) return 'answered';
        const fate = kinds[random(kinds.length)] ?? 'answered';
        if (fate !== 'refused') lost += 1;
        return fate;
      });
      await ledger.commit({ events: [], writes: [{ write: 'audit.shipping', shipping: nothingShipped }] });
      await shipThrough(watched(ledger, () => table.rows, () => random(100) < percent / 4), table);
      table.settle();
      await expectOnce(ledger, table.rows, wanted);
    }),
    { seed, numRuns: runs, verbose: 1 },
  );
  expect(lost, `seed ${seed}`).toBeGreaterThan(3 * runs);
}, timeoutMs);

test(`${events} events are in the embedded copy exactly once when every second answer is lost`, async () => {
  const { folder, ledger } = await temporaryLedger(events);
  const file = join(folder, 'warehouse-audit.db');
  const real = embeddedAuditTable(file);
  const random = randomFrom(seed);
  const rows = (): AuditLogRow[] => {
    const db = openDatabase(file, { readonly: true, durability: 'full' });
    try {
      return db.prepare('SELECT * FROM property_sync_audit_log').all() as AuditLogRow[];
    } finally {
      db.close();
    }
  };
  let lost = 0;
  const table: AuditTable = {
    ...real,
    append: async (given, by) => {
      const fate = random(4);
      if (fate === 0) lost += 1;
      if (fate !== 0) await real.append(given, by);
      if (fate === 1) lost += 1;
      if (fate <= 1) throw new AppFailure('source-unavailable', 'The connection was lost.', { effect: 'unknown' });
    },
  };
  await shipThrough(watched(ledger, rows), table);
  await expectOnce(ledger, rows(), await wantedRows(ledger));
  expect(lost, `seed ${seed}`).toBeGreaterThan(0);
  await real.close();
});
