import { existsSync } from 'node:fs';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import type { CandidateChange, CheckHit, OrgObject, SnapshotWriter, StoredOrgRecord, WarehouseRow } from '../../../core/ports.ts';
import { openDatabase, type SqliteDatabase } from '../open-database.ts';
import { isDamage, moveAside, openCacheForWriting } from './cache-file.ts';
import { attachHitsToChanges } from './checks/attach-hits.ts';
import { addBusinessHits } from './checks/business-checks.ts';
import { addQualityHits } from './checks/quality-checks.ts';
import { addOrgHits, addValueHits } from './checks/value-checks.ts';
import { countMetrics } from './metrics.ts';
import { rankRisk } from './rank-risk.ts';
import { candidateRow, pendingBodyRow, pendingRow, propertyRow, rowShape, stagingRow } from './snapshot-rows.ts';
import { checkIndexesSql, sortIndexesSql, tableNames, tablesSql } from './schema.ts';

export interface SnapshotWriterInit {
  cacheFile: string;
  ledgerFile: string;
  mapping: Mapping;
}

type Facts = Parameters<SnapshotWriter['commit']>[0];

/** The writer's side in its own thread: the same steps, `commit` in two so that something can happen in between. */
export interface SnapshotStore {
  addProperties(rows: readonly WarehouseRow[]): void;
  addStagingRecords(rows: readonly WarehouseRow[]): void;
  addCandidates(changes: readonly CandidateChange[]): void;
  addOrgRecords(records: readonly StoredOrgRecord[]): void;
  orgRecords(keys: readonly string[]): StoredOrgRecord[];
  addHits(hits: readonly CheckHit[]): void;
  runChecks(input: { now: string; org: OrgObject | null }): void;
  /** Counts, compares and stores the snapshot; readers still see the old one. */
  finish(facts: Facts): Snapshot;
  /** Makes it visible. */
  commit(): void;
  /** Ends the writer; what was not committed is gone. */
  close(): void;
}

/**
 * Fills the next snapshot in one transaction, so that the old one stays readable until the commit and after any failure.
 *
 * Shape:  properties, staging records and candidates in order of their keys, creates before updates. Memory stays bounded:
 *         SQLite spills what it cannot hold.
 */
export function createSnapshotStore({ cacheFile, ledgerFile, mapping }: SnapshotWriterInit): SnapshotStore {
  const db = openEmptied(cacheFile);
  const shape = rowShape(mapping);
  const insertProperty = db.prepare(`INSERT INTO property VALUES (${marks(14)})`);
  const insertStaging = db.prepare(`INSERT INTO staging VALUES (${marks(5)})`);
  const insertCandidate = db.prepare(`INSERT OR IGNORE INTO candidate VALUES (${marks(10)})`);
  const insertContribution = db.prepare('INSERT INTO contribution VALUES (?, ?, ?)');
  const insertPending = db.prepare(
    `INSERT INTO pending (position, kind, key, priority, changed_mask, on_mask, change_count, contributor_count, member_count, content_hash,
       state, company, name, sort_name, sort_company, record_id, production_id, group_key, primary_id, search_text) VALUES (${marks(20)})`,
  );
  const insertBody = db.prepare(`INSERT INTO pending_body VALUES (${marks(7)})`);
  const insertHit = db.prepare('INSERT INTO check_hit VALUES (?, ?, ?, ?)');
  const insertOrgRecord = db.prepare('INSERT OR REPLACE INTO temp.org_record VALUES (?, ?, ?, ?)');
  const selectOrgRecords = db.prepare('SELECT key, id, production_id AS productionId, cells FROM temp.org_record WHERE key = ?');
  let position = 0;
  let checkedOrg = false;
  let isSealed = false;

  const seal = (): void => {
    if (isSealed) return;
    isSealed = true;
    db.exec(checkIndexesSql);
  };

  return {
    addProperties(rows) {
      for (const row of rows) insertProperty.run(propertyRow(shape, row));
    },
    addStagingRecords(rows) {
      for (const row of rows) insertStaging.run(stagingRow(row));
    },
    addCandidates(changes) {
      for (const change of changes) {
        position += 1;
        if (insertCandidate.run(candidateRow(position, change)).changes === 0) {
          insertHit.run('duplicate-staging-key', change.key, change.kind, change.recordId === null ? null : `Also record ${change.recordId}`);
          continue;
        }
        for (const id of change.contributors) insertContribution.run(position, id, 1);
        for (const id of change.ignored) insertContribution.run(position, id, 0);
        if (!change.isPending) continue;
        insertPending.run(pendingRow(shape, position, change));
        insertBody.run(pendingBodyRow(position, change));
      }
    },
    addOrgRecords(records) {
      for (const { key, id, productionId, values } of records) insertOrgRecord.run(key, id, productionId, JSON.stringify(values));
    },
    orgRecords(keys) {
      return keys.flatMap((key) =>
        (selectOrgRecords.all(key) as { key: string; id: string; productionId: string | null; cells: string }[]).map(({ cells, ...record }) => ({
          ...record,
          values: JSON.parse(cells) as StoredOrgRecord['values'],
        })),
      );
    },
    addHits(hits) {
      for (const { checkId, key, kind, detail } of hits) insertHit.run(checkId, key, kind, detail);
    },
    runChecks({ now, org }) {
      seal();
      checkedOrg = org !== null;
      addQualityHits(db, mapping, now);
      addBusinessHits(db, mapping);
      addValueHits(db, mapping, org);
      if (org !== null) addOrgHits(db, mapping, org);
      attachHitsToChanges(db, mapping);
    },
    finish(facts) {
      seal();
      rankRisk(db, mapping);
      db.exec(sortIndexesSql);
      const fallen = countFallenDecisions(db, ledgerFile);
      const { startedAtMs, nowMs, notices, ...rest } = facts;
      const snapshot: Snapshot = {
        ...rest,
        ...countChanges(db),
        ...compareWithLast(db),
        seconds: Math.round(nowMs - startedAtMs) / 1000,
        notices: fallen === 0 ? [...notices] : [...notices, fallenNotice(fallen)],
      };
      const metrics = countMetrics(db, mapping, snapshot);
      db.prepare('INSERT INTO snapshot VALUES (1, ?, ?, ?, ?)').run(JSON.stringify(snapshot), JSON.stringify(mapping), JSON.stringify(metrics), checkedOrg ? 1 : 0);
      return snapshot;
    },
    commit() {
      db.exec('COMMIT');
      // Readers may still be on the old snapshot; then the log is emptied another time.
      db.pragma('wal_checkpoint(TRUNCATE)');
    },
    close() {
      if (db.inTransaction) db.exec('ROLLBACK');
      db.close();
    },
  };
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/** Opens the cache with a transaction begun and all tables empty; a damaged file is replaced. */
function openEmptied(file: string): SqliteDatabase {
  for (let attempt = 1; ; attempt += 1) {
    const db = openCacheForWriting(file);
    try {
      db.pragma('cache_size = -65536');
      db.exec(`
        CREATE TEMP TABLE org_record (key TEXT NOT NULL, id TEXT NOT NULL, production_id TEXT, cells TEXT NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
        CREATE TEMP TABLE last_pending (kind TEXT NOT NULL, key TEXT NOT NULL, content_hash TEXT NOT NULL, name TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        BEGIN IMMEDIATE;
        INSERT INTO temp.last_pending SELECT kind, key, content_hash, name FROM pending ORDER BY position;
        ${tableNames.map((table) => `DROP TABLE ${table};`).join('\n')}
        ${tablesSql}
      `);
      return db;
    } catch (error) {
      db.close();
      if (!isDamage(error) || attempt > 1) throw error;
      moveAside(file);
    }
  }
}

type Counts = Pick<Snapshot, 'creates' | 'updates' | 'unchanged' | 'p1' | 'featureMismatches' | 'activeProperties'>;

function countChanges(db: SqliteDatabase): Counts {
  return db
    .prepare(
      `SELECT
         (SELECT COUNT(*) FROM pending WHERE kind = 'create') AS creates,
         (SELECT COUNT(*) FROM pending WHERE kind = 'update') AS updates,
         (SELECT COUNT(*) FROM candidate WHERE is_pending = 0) AS unchanged,
         (SELECT COUNT(*) FROM pending WHERE priority = 'P1') AS p1,
         (SELECT COUNT(*) FROM pending WHERE priority = 'P2') AS featureMismatches,
         (SELECT COUNT(*) FROM property WHERE is_active = 1) AS activeProperties`,
    )
    .get() as Counts;
}

function compareWithLast(db: SqliteDatabase): Pick<Snapshot, 'added' | 'changed' | 'removed'> {
  db.exec(`
    INSERT INTO since_last
    SELECT p.kind, p.key, CASE WHEN o.key IS NULL THEN 'added' ELSE 'changed' END, p.name
    FROM pending p LEFT JOIN temp.last_pending o ON o.kind = p.kind AND o.key = p.key
    WHERE o.content_hash IS NOT p.content_hash;
    INSERT INTO since_last
    SELECT o.kind, o.key, 'removed', o.name
    FROM temp.last_pending o LEFT JOIN pending p ON p.kind = o.kind AND p.key = o.key
    WHERE p.key IS NULL;
  `);
  const counts = { added: 0, changed: 0, removed: 0 };
  const rows = db.prepare('SELECT state, COUNT(*) AS count FROM since_last GROUP BY state').all() as { state: keyof typeof counts; count: number }[];
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** Decisions that were in force in the last snapshot and whose change is another one now. Read over a connection of its own, so that the ledger is never locked. */
function countFallenDecisions(db: SqliteDatabase, ledgerFile: string): number {
  if (!existsSync(ledgerFile)) return 0;
  const ledger = openDatabase(ledgerFile, { durability: 'full', readonly: true });
  try {
    const wasInForce = db.prepare('SELECT 1 FROM temp.last_pending WHERE kind = ? AND key = ? AND content_hash = ?').pluck();
    const isInForce = db.prepare('SELECT 1 FROM pending WHERE kind = ? AND key = ? AND content_hash = ?').pluck();
    const isPending = db.prepare('SELECT 1 FROM pending WHERE kind = ? AND key = ?').pluck();
    let fallen = 0;
    for (const row of ledger.prepare('SELECT kind, key, content_hash FROM decision').raw().iterate()) {
      const [kind, key, hash] = row as [string, string, string];
      if (wasInForce.get(kind, key, hash) !== undefined && isInForce.get(kind, key, hash) === undefined && isPending.get(kind, key) !== undefined) fallen += 1;
    }
    return fallen;
  } finally {
    ledger.close();
  }
}

function fallenNotice(count: number): string {
  return count === 1 ? '1 decision fell away because its change is different now.' : `${count} decisions fell away because their changes are different now.`;
}
