import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCacheStore, type CacheStore } from '../../../../electron/adapters/sqlite/cache/cache-store.ts';
import { valueLimits } from '../../../../electron/adapters/sqlite/cache/checks/value-checks.ts';
import { candidateLines, propertyLines, stagingLines } from '../../../../electron/adapters/sqlite/cache/snapshot-lines.ts';
import { rowShape } from '../../../../electron/adapters/sqlite/cache/snapshot-rows.ts';
import { createSnapshotStore, type SnapshotStore } from '../../../../electron/adapters/sqlite/cache/snapshot-writer.ts';
import { ledgerMigrations } from '../../../../electron/adapters/sqlite/ledger/ledger-schema.ts';
import { openDatabase, type SqliteDatabase } from '../../../../electron/adapters/sqlite/open-database.ts';
import type { OrgObject } from '../../../../electron/core/org-ports.ts';
import type { CandidateChange, WarehouseRow } from '../../../../electron/core/ports.ts';
import defaultMapping from '../../../../electron/core/default-mapping.json' with { type: 'json' };
import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import { mappingSchema } from '../../../../shared/domain/mapping.ts';
import { buildCandidate, candidateShape } from '../../../../electron/core/snapshot/build-candidate.ts';

export const mapping = mappingSchema.parse(defaultMapping);
export const textFields = mapping.fields.filter(({ type }) => type === 'text');

const shape = candidateShape(mapping);

export interface Facts {
  key: string;
  kind: 'create' | 'update';
  name?: string | null | undefined;
  company?: string | null | undefined;
  state?: string | null | undefined;
  /** In Salesforce; nothing unless it is said. */
  stateWas?: string | null;
  flagOn?: boolean;
  flagWas?: boolean;
  flagAt?: string | null;
  flagAtWas?: string | null;
  members?: readonly string[];
  ignored?: readonly string[];
}

/** A pending change as the refresh would make it, with these values. */
export function change({ key, kind, name = null, company = null, state = null, stateWas = null, flagOn = false, flagWas = false, flagAt = null, flagAtWas = null, members = [key], ignored = [] }: Facts): CandidateChange {
  const row: WarehouseRow = {
    snappt_property_id: key,
    sfdc_key: members.length + ignored.length > 1 ? `group-${key}` : null,
    ...Object.fromEntries(mapping.fields.map(({ column, type }) => [column, type === 'flag' ? false : null])),
    ...Object.fromEntries(mapping.fields.map(({ column }) => [`${column}_winner_id`, null])),
    name,
    company_name: company,
    state,
    identity_verification_enabled: flagOn,
    identity_verification_enabled_at: flagAt,
    contributing_property_ids: JSON.stringify([...members].sort()),
    ignored_property_ids: JSON.stringify([...ignored].sort()),
    primary_property_id: key,
    priority: flagOn ? 'P1' : 'P3',
  };
  const held: Readonly<Record<string, FieldValue>> = { Identity_Verification_Enabled__c: flagWas, Identity_Verification_Enabled_At__c: flagAtWas, State__c: stateWas, City__c: kind === 'update' ? 'Old Town' : null };
  const before = mapping.fields.map(({ field }) => held[field] ?? null);
  return buildCandidate(shape, kind, { ...row, city: 'New Town' }, kind === 'create' ? null : { key, id: `a0P${key}`, productionId: null, values: before });
}

export function property(id: string, facts: Record<string, string | number | boolean | null> = {}): WarehouseRow {
  return {
    property_id: id,
    name: `Property ${id}`,
    status: 'ACTIVE',
    is_active: true,
    updated_at: '2025-01-01T00:00:00.000000Z',
    sfdc_id: null,
    sfdc_id_raw: null,
    sfdc_key: null,
    source_row_count: 1,
    ...Object.fromEntries(mapping.fields.map(({ column, type }) => [column, type === 'flag' ? false : null])),
    ...facts,
  };
}

const root = join(tmpdir(), `countersign-cache-${process.pid}`);

/** Removes every folder that this process made. */
export function removeFolders(): void {
  rmSync(root, { recursive: true, force: true });
}

/** A new workspace folder with an empty ledger. */
export function newFolder(): string {
  mkdirSync(root, { recursive: true });
  const folder = mkdtempSync(join(root, 'workspace-'));
  const ledger = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  for (const migration of ledgerMigrations) ledger.exec(migration);
  ledger.close();
  return folder;
}

/** Runs statements on the ledger of a folder. */
export function inLedger<T>(folder: string, work: (ledger: SqliteDatabase) => T): T {
  const ledger = openDatabase(join(folder, 'ledger.db'), { durability: 'full' });
  try {
    return ledger.transaction(() => work(ledger)).immediate();
  } finally {
    ledger.close();
  }
}

/** Decides with a step of its own, as the ledger does; null takes the decision back. */
export function decide(folder: string, changes: readonly Pick<CandidateChange, 'key' | 'kind' | 'contentHash'>[], decision: string | null): void {
  inLedger(folder, (ledger) => {
    const undoId = `U-${randomUUID()}`;
    ledger.prepare("INSERT INTO decision_step (undo_id, label, actor, at, root) VALUES (?, 'Decided', 'ann', '2026-11-23T12:00:00.000Z', ?)").run(undoId, undoId);
    for (const { key, kind, contentHash } of changes) {
      ledger.prepare('INSERT INTO decision_undo (undo_id, key, kind) VALUES (?, ?, ?)').run(undoId, key, kind);
      ledger.prepare('DELETE FROM decision WHERE key = ? AND kind = ?').run(key, kind);
      if (decision !== null) ledger.prepare("INSERT INTO decision VALUES (?, ?, ?, ?, NULL, 'ann', '2026-11-23T12:00:00.000Z', ?)").run(key, kind, contentHash, decision, undoId);
    }
  });
}

/** Marks how far the review of some changes has come. */
export function mark(folder: string, changes: readonly Pick<CandidateChange, 'key' | 'kind' | 'contentHash'>[], as: string): void {
  inLedger(folder, (ledger) => {
    const insert = ledger.prepare("INSERT OR REPLACE INTO review_mark VALUES (?, ?, ?, ?, 'ann', '', (SELECT COALESCE(MAX(change), 0) + 1 FROM review_mark))");
    for (const { key, kind, contentHash } of changes) insert.run(key, kind, contentHash, as);
  });
}

export function storeIn(folder: string): CacheStore {
  return createCacheStore({ cacheFile: join(folder, 'cache.db'), ledgerFile: join(folder, 'ledger.db'), mapping });
}

/** A snapshot's store that takes rows and changes as the port does. */
export type TestWriter = Omit<SnapshotStore, 'addProperties' | 'addStagingRecords' | 'addCandidates'> & {
  addProperties(rows: readonly WarehouseRow[]): void;
  addStagingRecords(rows: readonly WarehouseRow[]): void;
  addCandidates(changes: readonly CandidateChange[]): void;
};

export function writerIn(folder: string, org: OrgObject | null = null): TestWriter {
  const store = createSnapshotStore({ cacheFile: join(folder, 'cache.db'), ledgerFile: join(folder, 'ledger.db'), mapping, org });
  return {
    ...store,
    addProperties: (rows) => store.addProperties(propertyLines(rowShape(mapping), rows)),
    addStagingRecords: (rows) => store.addStagingRecords(stagingLines(rows)),
    addCandidates: (changes) => store.addCandidates(candidateLines(rowShape(mapping), valueLimits(mapping, org), changes)),
  };
}

export const facts = (id: string) => ({
  id,
  takenAt: '2026-11-23T12:00:00.000Z',
  multiPropertyGroups: 0,
  multiPropertyMembers: 0,
  rows: { properties: 0, propertyFeatures: 0, productProperty: 0, orgRecords: 0 },
  notices: [],
  readFrom: { source: null, org: null, rules: null },
  startedAtMs: 0,
  nowMs: 1_000,
});

/** In the order of the views: creates first, keys byte by byte. */
export function inViewOrder(changes: readonly CandidateChange[]): CandidateChange[] {
  return changes.toSorted((a, b) => (a.kind === b.kind ? Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) : a.kind < b.kind ? -1 : 1));
}

/** Loads one snapshot with these changes and a property for every contributor. */
export function load(folder: string, changes: readonly CandidateChange[], id = 'S-0001') {
  const writer = writerIn(folder);
  try {
    const members = [...new Set(changes.flatMap(({ contributors, ignored }) => [...contributors, ...ignored]))];
    writer.addProperties(members.map((member) => property(member)));
    writer.addCandidates(inViewOrder(changes));
    writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
    const snapshot = writer.finish(facts(id));
    writer.commit();
    return snapshot;
  } finally {
    writer.close();
  }
}
