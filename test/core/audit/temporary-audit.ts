import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type SqliteDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import { openLedger } from '../../../electron/adapters/sqlite/ledger/open-ledger.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import { addEvents } from './scripted-audit-table.ts';

/** A ledger with so many events in a folder of its own; both go when the test ends. */
export async function temporaryLedger(events: number): Promise<{ folder: string; ledger: Ledger }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ship-'));
  const ledger = await openLedger({ folder, threads: false });
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await addEvents(ledger, events - 1);
  return { folder, ledger };
}

/** What somebody who can write the ledger's file might do, between two lives of the app. */
export async function tamperBetween(folder: string, ledger: Ledger, work: (db: SqliteDatabase) => void): Promise<Ledger> {
  await ledger.close();
  const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
  work(db);
  db.close();
  const again = await openLedger({ folder, threads: false });
  onTestFinished(() => again.close());
  return again;
}

/** Cuts a ledger back to an event as if the later ones had never been, its checkpoints and what it knows of the copy too. */
export function cutBack(db: SqliteDatabase, last: number): void {
  db.exec(`DELETE FROM audit_event WHERE seq > ${last}; DELETE FROM audit_event_key WHERE seq > ${last}; DELETE FROM checkpoint WHERE seq > ${last}; DELETE FROM meta WHERE name = 'shipping'`);
}
