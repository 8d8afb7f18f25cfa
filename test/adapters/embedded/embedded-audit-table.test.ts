import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { embeddedAuditTable } from '../../../electron/adapters/embedded/embedded-audit-table.ts';
import { openDatabase } from '../../../electron/adapters/sqlite/open-database.ts';
import type { AuditLogRow } from '../../../electron/core/warehouse-ports.ts';
import { aRow, auditTableContract } from '../audit-table-contract.ts';

const { signal } = new AbortController();

for (const threads of [false, true]) {
  auditTableContract(`The file ${threads ? 'in a thread of its own' : 'in this thread'}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
    const file = join(folder, 'warehouse-audit.db');
    const table = embeddedAuditTable(file, { threads });
    return {
      table,
      async rows() {
        const db = openDatabase(file, { readonly: true, durability: 'full' });
        try {
          return db.prepare('SELECT * FROM property_sync_audit_log').all() as AuditLogRow[];
        } finally {
          db.close();
        }
      },
      async close() {
        await table.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'warehouse-audit.db');
}

test('a row can be neither changed nor deleted, and no second one added under its id', async () => {
  const file = temporaryFile();
  const table = embeddedAuditTable(file);
  await table.append([aRow({ event_id: 'one' })], signal);
  const db = openDatabase(file, { durability: 'full' });
  expect(() => db.exec(`UPDATE property_sync_audit_log SET actor = 'eve'`)).toThrow('append-only');
  expect(() => db.exec('DELETE FROM property_sync_audit_log')).toThrow('append-only');
  expect(() => db.exec('INSERT INTO property_sync_audit_log SELECT * FROM property_sync_audit_log')).toThrow('UNIQUE');
  db.close();
  await table.close();
});

test('reading makes no file and finds nothing where there is none; a file without the table is an empty one', async () => {
  const file = temporaryFile();
  const reading = embeddedAuditTable(file, { readOnly: true });
  expect(await reading.evidence('w', signal)).toEqual({ events: 0, last: null, forks: [], anchor: null });
  expect(existsSync(file)).toBe(false);
  openDatabase(file, { durability: 'full' }).close();
  expect(await reading.present(['one'], signal)).toEqual(new Set());
  const writing = embeddedAuditTable(file);
  await writing.append([aRow({ event_id: 'one' })], signal);
  expect(await reading.present(['one'], signal)).toEqual(new Set(['one']));
  await reading.close();
  await writing.close();
});

test('a file that cannot be used is said plainly, and is used again when it can be', async () => {
  const file = temporaryFile();
  writeFileSync(file, 'no database, but long enough to be taken for one. '.repeat(100));
  const table = embeddedAuditTable(file);
  await expect(table.append([aRow()], signal)).rejects.toMatchObject({ error: { code: 'source-unavailable', details: { effect: 'not-processed', sqlite: 'SQLITE_NOTADB' } } });
  rmSync(file);
  await table.append([aRow({ event_id: 'one' })], signal);
  expect(await table.present(['one'], signal)).toEqual(new Set(['one']));
  await table.close();
});
