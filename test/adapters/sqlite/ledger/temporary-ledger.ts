import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import defaultMapping from '../../../../electron/core/default-mapping.json' with { type: 'json' };
import { maskWhere } from '../../../../electron/adapters/sqlite/cache/field-mask.ts';
import { createLedgerStore, type LedgerStore } from '../../../../electron/adapters/sqlite/ledger/ledger-store.ts';
import { openDatabase, type SqliteDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { BatchRow } from '../../../../electron/core/ledger-ports.ts';
import type { Chosen } from '../../../../electron/core/ports.ts';
import type { NewAuditEvent } from '../../../../shared/domain/audit-event.ts';
import { batchSchema } from '../../../../shared/domain/batch.ts';
import { mappingSchema } from '../../../../shared/domain/mapping.ts';
import type { Kind } from '../../../../shared/domain/pending-change.ts';
import type { PlanRecord } from '../../../../shared/domain/plan.ts';

export const mapping = mappingSchema.parse(defaultMapping);

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A ledger store on a folder; closed when the test ends. Its clock moves on by one second at each reading. */
export function openStore(folder: string, options: { readonly?: boolean } = {}): LedgerStore {
  let seconds = 0;
  const now = () => new Date(Date.UTC(2026, 10, 23, 12, 0, seconds++)).toISOString();
  const store = createLedgerStore({ folder, readonly: options.readonly ?? false, now });
  onTestFinished(() => store.close());
  return store;
}

/** What somebody who can write the file might do. */
export function tamper(folder: string, work: (db: SqliteDatabase) => void): void {
  const db = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  try {
    for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[]) db.exec(`DROP TRIGGER ${name}`);
    work(db);
  } finally {
    db.close();
  }
}

/** A cache file with just the columns that selections use. */
export function writePending(folder: string, rows: readonly { key: string; kind?: Kind; hash?: string; blockers?: number; priority?: string; fields?: readonly string[] }[]): void {
  const db = openDatabase(join(folder, 'cache.db'), { durability: 'normal' });
  db.exec(`CREATE TABLE IF NOT EXISTS pending (position INTEGER PRIMARY KEY, key TEXT, kind TEXT, priority TEXT, content_hash TEXT, blockers INTEGER, changed_mask INTEGER, UNIQUE (key, kind)); DELETE FROM pending;
    CREATE TABLE IF NOT EXISTS snapshot (facts TEXT, mapping TEXT); DELETE FROM snapshot;`);
  db.prepare('INSERT INTO snapshot VALUES (?, ?)').run('{"id":"S-0001"}', JSON.stringify(mapping));
  const insert = db.prepare('INSERT INTO pending (key, kind, priority, content_hash, blockers, changed_mask) VALUES (?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const row of rows) insert.run(row.key, row.kind ?? 'update', row.priority ?? 'P3', row.hash ?? `hash-${row.key}`, row.blockers ?? 0, maskWhere(mapping, ({ field }) => (row.fields ?? ['City__c', 'Zip__c']).includes(field)));
  })();
  db.close();
}

/** What the cache would choose now: the records of `writePending` for which a condition holds. */
export function choose(folder: string, where = '1'): Chosen {
  const db = openDatabase(join(folder, 'cache.db'), { durability: 'normal', readonly: true });
  db.prepare('ATTACH ? AS ledger').run(join(folder, 'ledger.db'));
  const rows = db.prepare(`SELECT position, blockers FROM pending WHERE ${where}`).all() as { position: number; blockers: number }[];
  const seenStep = db.prepare('SELECT COALESCE(MAX(position), 0) FROM ledger.decision_step').pluck().get() as number;
  db.close();
  const bits = new Uint8Array(Math.ceil(Math.max(0, ...rows.map(({ position }) => position)) / 8));
  for (const { position } of rows) bits[(position - 1) >> 3] = (bits[(position - 1) >> 3] ?? 0) | (1 << ((position - 1) & 7));
  return { snapshotId: 'S-0001', seenStep, count: rows.length, blocked: rows.filter(({ blockers }) => blockers > 0).length, bits };
}

export function anEvent(facts: Partial<NewAuditEvent> = {}): NewAuditEvent {
  return { type: 'snapshot.loaded', actor: 'ann', batchId: null, runId: null, keys: [], data: {}, ...facts };
}

export function aBatch(facts: Partial<BatchRow> = {}): BatchRow {
  const { approvals: _, outcomes: __, runId: ___, ...row } = batchSchema.parse({
    id: 'B-1', name: 'Batch one', state: 'draft', isPilot: false, draw: { by: 'all-approved' }, strata: [], creates: 1, updates: 1, fields: null, planHash: null,
    snapshotId: 'S-0001', orgId: '00D000000000001AAA', orgName: 'Sample Org', createdBy: 'ann', createdAt: '2026-11-23T12:00:00.000Z', submittedBy: null, submittedAt: null,
    approvalsNeeded: 1, approvals: [], expiresAt: null, rejectedBy: null, rejectedReason: null, overridePilotReason: null, runId: null, outcomes: null,
    ...facts,
  });
  return row;
}

export function aPlanRecord(facts: Partial<PlanRecord> = {}): PlanRecord {
  return { key: 'p1', kind: 'update', recordId: 'a00000000000001AAA', name: 'Park Kennedy', fields: { City__c: { before: 'Austin', after: 'Dallas' } }, contributors: ['p1'], ...facts };
}
