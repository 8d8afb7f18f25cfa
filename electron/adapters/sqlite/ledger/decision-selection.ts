import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mappingSchema, type Mapping } from '../../../../shared/domain/mapping.ts';
import type { PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Chosen } from '../../../core/ports.ts';
import { identityOf } from '../identity.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { positionsOf } from '../position-bits.ts';

/** How many keys an event names; beyond that it carries their digest and the index finds it by any of them. */
export const keysInEvent = 10_000;

/**
 * Runs `work` while the cache is attached as `cache`, which it only reads. It gets the mapping of the snapshot.
 *
 * Errors: `refused` (`no-snapshot`) when nothing was loaded yet; `workspace-damaged` when the cache cannot be read.
 */
export function withCache<T>(db: SqliteDatabase, cacheFile: string, work: (mapping: Mapping) => T): T {
  if (!existsSync(cacheFile)) throw refusal('no-snapshot', 'Nothing is pending yet. Refresh first.');
  try {
    db.prepare('ATTACH ? AS cache').run(cacheFile);
  } catch (error) {
    throw cacheUnreadable(cacheFile, error);
  }
  try {
    return work(readMapping(db, cacheFile));
  } finally {
    db.exec('DETACH cache');
  }
}

function readMapping(db: SqliteDatabase, cacheFile: string): Mapping {
  let mapping: string | undefined;
  try {
    const isFilled = db.prepare(`SELECT 1 FROM cache.sqlite_schema WHERE name = 'snapshot'`).get() !== undefined;
    if (isFilled) mapping = db.prepare('SELECT mapping FROM cache.snapshot').pluck().get() as string | undefined;
  } catch (error) {
    throw cacheUnreadable(cacheFile, error);
  }
  if (mapping === undefined) throw refusal('no-snapshot', 'Nothing is pending yet. Refresh first.');
  return mappingSchema.parse(JSON.parse(mapping));
}

function cacheUnreadable(file: string, error: unknown): AppFailure {
  return new AppFailure('workspace-damaged', 'The cache cannot be read. Nothing was decided. Refresh to fill it again.', { file, why: error instanceof Error ? error.message : String(error) });
}

/** What a selection names: short lists are looked up here, the records of a filter were chosen by the cache. */
export interface NamedRecords {
  selection: Selection;
  chosen?: Chosen | null | undefined;
}

const positionsAtOnce = 50_000;

/**
 * Fills the temporary table `selected` with the pending changes that a selection names.
 *
 * Errors: `not-found` for a named change that is not pending; `refused` (`selection-changed`, with `isOutdated`) when the records
 *         of a filter were chosen before the newest snapshot or decision, so that they may be others by now.
 */
export function fillSelected(db: SqliteDatabase, { selection, chosen }: NamedRecords): void {
  clearSelected(db);
  if ('items' in selection) {
    const insert = db.prepare('INSERT OR IGNORE INTO selected SELECT key, kind, content_hash, blockers FROM cache.pending WHERE key = ? AND kind = ?');
    for (const { key, kind } of selection.items) {
      const { changes } = insert.run(key, kind);
      if (changes === 0 && !isSelected(db, { key, kind })) throw new AppFailure('not-found', `The ${kind} of ${key} is not pending.`, { key, kind });
    }
    return;
  }
  if (!chosen) throw new Error('The records of a filter are chosen before they are decided.');
  refuseOutdated(db, chosen);
  for (const positions of positionsOf(chosen.bits, { after: 0, atMost: positionsAtOnce })) selectPositions(db, positions);
}

/** Makes the temporary table `selected`, or empties it. */
export function clearSelected(db: SqliteDatabase): void {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS selected (key TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL, blockers INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    DELETE FROM selected;`);
}

/** Adds the pending changes at these positions to `selected`. */
export function selectPositions(db: SqliteDatabase, positions: readonly number[]): void {
  db.prepare('INSERT INTO selected SELECT p.key, p.kind, p.content_hash, p.blockers FROM json_each(?) e CROSS JOIN cache.pending p ON p.position = e.value').run(JSON.stringify(positions));
}

/** Refuses records that were chosen before the newest snapshot or decision. */
export function refuseOutdated(db: SqliteDatabase, { snapshotId, seenStep }: Chosen): void {
  const step = db.prepare('SELECT COALESCE(MAX(position), 0) FROM decision_step').pluck().get();
  if (snapshotOf(db) === snapshotId && step === seenStep) return;
  throw refusal('selection-changed', 'The snapshot or a decision is newer than this selection. Nothing was changed. Look at the records again.', { isOutdated: true });
}

/** The id of the snapshot in the attached cache. */
export function snapshotOf(db: SqliteDatabase): string | undefined {
  return db.prepare(`SELECT facts ->> '$.id' FROM cache.snapshot`).pluck().get() as string | undefined;
}

/** How many records are selected. */
export function countSelected(db: SqliteDatabase): number {
  return db.prepare('SELECT COUNT(*) FROM selected').pluck().get() as number;
}

/** Refuses when another number is found than the person was told of; those that cannot be decided are counted too. */
export function refuseOtherNumber(found: number, expect: number | null | undefined): void {
  if (expect === null || expect === undefined || found === expect) return;
  throw refusal('selection-changed', `You were told of ${recordsOf(expect)}, but ${found === 1 ? '1 is' : `${inWords(found)} are`} selected now. Nothing was changed. Look at them again.`, { expected: expect, found });
}

/** Why none of the selected records can be decided. */
export function nothingToDecide(blocked: number): AppFailure {
  if (blocked === 0) return refusal('nothing-to-do', 'No pending change is selected.');
  return refusal('blockers', `${recordsOf(blocked)} cannot be approved because a check blocks them. Resolve the blockers first.`, { blocked });
}

/** A number of records in words. */
export function recordsOf(count: number): string {
  return count === 1 ? '1 record' : `${inWords(count)} records`;
}

/** A number as people read it: `1,000,161`. */
export function inWords(count: number): string {
  return count.toLocaleString('en-US');
}

/** What an event says of how its records were chosen. */
export function describeSelection(selection: Selection): { filter: string | null; except: { key: string; kind: string }[] } {
  return 'items' in selection ? { filter: null, except: [] } : { filter: selection.filter, except: selection.except };
}

function isSelected(db: SqliteDatabase, { key, kind }: PendingKey): boolean {
  return db.prepare('SELECT 1 FROM selected WHERE key = ? AND kind = ?').get(key, kind) !== undefined;
}

/** What an event says of a set of keys: their number, SHA-256 of `kind NUL key LF` in order of kind and key, and the first 10,000. */
export function describeKeys(db: SqliteDatabase, table: 'selected' | 'restored'): { count: number; digest: string; keys: string[] } {
  const hash = createHash('sha256');
  const keys = new Set<string>();
  let count = 0;
  for (const { kind, key } of db.prepare(`SELECT kind, key FROM ${table} ORDER BY kind, key`).iterate() as IterableIterator<PendingKey>) {
    hash.update(identityOf(kind, key), 'utf8');
    count += 1;
    if (keys.size < keysInEvent) keys.add(key);
  }
  return { count, digest: hash.digest('hex'), keys: [...keys] };
}
