import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import type { OrgObject } from '../../../core/org-ports.ts';
import type { CheckHit, SnapshotWriter } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { isDamage, moveAside, openCacheForWriting } from './cache-file.ts';
import { attachHitsToChanges } from './checks/attach-hits.ts';
import { addBusinessHits } from './checks/business-checks.ts';
import { addSourceHits, addTwinHits } from './checks/quality-checks.ts';
import { addBlankHits, addOrgHits } from './checks/value-checks.ts';
import { compareWithLast, fallenNotice, noteFallenDecisions } from './compare-with-last.ts';
import { countMetrics } from './metrics.ts';
import { rankRisk } from './rank-risk.ts';
import { readCandidateLines, readPropertyLines, readStagingLines } from './snapshot-lines.ts';
import { createReviewWriter } from './review/write-review.ts';
import { changeIndexesSql, checkIndexesSql, sourceIndexesSql, tableNames, tablesSql } from './schema.ts';

export interface SnapshotWriterInit {
  cacheFile: string;
  ledgerFile: string;
  mapping: Mapping;
  /** Null: what needs the org's description is not checked. */
  org: OrgObject | null;
}

/** Pages at hand while a snapshot is filled, in KiB; also what each sort may take before it goes on in a file. */
export const fillingCache = 'cache_size = -32768';

type Facts = Parameters<SnapshotWriter['commit']>[0];

/** The writer's side in its own thread: the same steps, `commit` in two so that something can happen in between. Rows travel as lines. */
export interface SnapshotStore {
  addProperties(lines: string): void;
  addStagingRecords(lines: string): void;
  addCandidates(lines: string): void;
  addHits(hits: readonly CheckHit[]): void;
  checkSource(input: { now: string }): void;
  runChecks(input: { now: string }): void;
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
export function createSnapshotStore({ cacheFile, ledgerFile, mapping, org }: SnapshotWriterInit): SnapshotStore {
  const db = openEmptied(cacheFile);
  db.function('labels', { deterministic: true }, (mask) =>
    mapping.fields.flatMap((field, position) => ((Number(mask) & (1 << position)) === 0 ? [] : [field.label])).join(', '),
  );
  const insertProperty = db.prepare(`INSERT INTO property VALUES (${marks(15)})`);
  const insertStaging = db.prepare(`INSERT INTO staging VALUES (${marks(5)})`);
  const insertCandidate = db.prepare(`INSERT OR IGNORE INTO candidate VALUES (${marks(11)})`);
  const insertContribution = db.prepare('INSERT INTO contribution VALUES (?, ?, ?)');
  const insertPending = db.prepare(
    `INSERT INTO pending (position, kind, key, priority, risk, changed_mask, on_mask, change_count, contributor_count, member_count, content_hash,
       state, company, name, sort_name, record_id, production_id, group_key, primary_id, transitions) VALUES (${marks(20)})`,
  );
  const insertBody = db.prepare(`INSERT INTO pending_body VALUES (${marks(7)})`);
  const insertHit = db.prepare('INSERT INTO check_hit VALUES (?, ?, ?, ?)');
  const review = createReviewWriter(db);
  let position = 0;
  let isSourceSealed = false;
  let isSourceChecked = false;
  let areChangesSealed = false;

  const sealSource = (): void => {
    if (isSourceSealed) return;
    isSourceSealed = true;
    db.exec(sourceIndexesSql);
  };
  const sealChanges = (): void => {
    sealSource();
    if (areChangesSealed) return;
    areChangesSealed = true;
    db.exec(changeIndexesSql);
  };
  const checkSource = (now: string): void => {
    if (isSourceChecked) return;
    isSourceChecked = true;
    sealSource();
    addSourceHits(db, now);
  };

  return {
    addProperties(lines) {
      for (const row of readPropertyLines(lines)) insertProperty.run(row);
    },
    addStagingRecords(lines) {
      for (const row of readStagingLines(lines)) insertStaging.run(row);
    },
    addCandidates(lines) {
      for (const { candidate, pending, review: [text, city], body, contributors, ignored, hits } of readCandidateLines(lines)) {
        position += 1;
        const [kind, key, recordId] = candidate;
        if (insertCandidate.run(position, ...candidate).changes === 0) {
          insertHit.run('duplicate-staging-key', key, kind, recordId === null ? null : `Also record ${recordId}`);
          continue;
        }
        for (const id of contributors) insertContribution.run(position, id, 1);
        for (const id of ignored) insertContribution.run(position, id, 0);
        if (pending === null) continue;
        insertPending.run(position, ...pending);
        insertBody.run(position, ...body);
        review.add(position, { pending, text, city });
        for (const [check, detail] of hits) insertHit.run(check, key, kind, detail);
      }
    },
    addHits(hits) {
      for (const { checkId, key, kind, detail } of hits) insertHit.run(checkId, key, kind, detail);
    },
    checkSource: ({ now }) => checkSource(now),
    runChecks({ now }) {
      checkSource(now);
      sealChanges();
      addTwinHits(db);
      addBusinessHits(db, mapping);
      addBlankHits(db);
      if (org !== null) addOrgHits(db, mapping, org);
      attachHitsToChanges(db, mapping);
    },
    finish(facts) {
      sealChanges();
      rankRisk(db, mapping);
      db.exec(checkIndexesSql);
      const since = compareWithLast(db, cacheFile, mapping);
      const fallen = noteFallenDecisions(db, ledgerFile);
      const { startedAtMs, nowMs, notices, ...rest } = facts;
      const snapshot: Snapshot = {
        ...rest,
        ...countChanges(db),
        ...since,
        seconds: Math.round(nowMs - startedAtMs) / 1000,
        notices: fallen === 0 ? [...notices] : [...notices, fallenNotice(fallen)],
      };
      review.finish();
      const metrics = countMetrics(db, mapping, snapshot);
      db.prepare('INSERT INTO snapshot VALUES (1, ?, ?, ?, ?)').run(JSON.stringify(snapshot), JSON.stringify(mapping), JSON.stringify(metrics), org === null ? 0 : 1);
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
      db.pragma(fillingCache);
      db.exec(`
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
