import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mappingSchema, type Mapping } from '../../../../shared/domain/mapping.ts';
import type { PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import { AppFailure, refusal } from '../../../core/app-failure.ts';
import type { Chosen } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';

/** How many keys an event names; beyond that it carries their digest and the index finds it by any of them. */
const keysInEvent = 10_000;

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
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS selected (key TEXT NOT NULL, kind TEXT NOT NULL, content_hash TEXT NOT NULL, blockers INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    DELETE FROM selected;`);
  if ('items' in selection) {
    const insert = db.prepare('INSERT OR IGNORE INTO selected SELECT key, kind, content_hash, blockers FROM cache.pending WHERE key = ? AND kind = ?');
    for (const { key, kind } of selection.items) {
      const { changes } = insert.run(key, kind);
      if (changes === 0 && !isSelected(db, { key, kind })) throw new AppFailure('not-found', `The ${kind} of ${key} is not pending.`, { key, kind });
    }
    return;
  }
  if (!chosen) throw new Error('The records of a filter are chosen before they are decided.');
  if (isOutdated(db, chosen)) throw refusal('selection-changed', 'The snapshot or a decision is newer than this selection. Nothing was changed. Look at the records again.', { isOutdated: true });
  const insert = db.prepare('INSERT INTO selected SELECT p.key, p.kind, p.content_hash, p.blockers FROM json_each(?) e CROSS JOIN cache.pending p ON p.position = e.value');
  for (const positions of positionsOf(chosen.bits)) insert.run(JSON.stringify(positions));
}

function isOutdated(db: SqliteDatabase, { snapshotId, seenStep }: Chosen): boolean {
  const snapshot = db.prepare(`SELECT facts ->> '$.id' FROM cache.snapshot`).pluck().get();
  const step = db.prepare('SELECT COALESCE(MAX(position), 0) FROM decision_step').pluck().get();
  return snapshot !== snapshotId || step !== seenStep;
}

/** The positions of set bits, in parts. */
function* positionsOf(bits: Uint8Array): IterableIterator<number[]> {
  let part: number[] = [];
  for (let byte = 0; byte < bits.length; byte += 1) {
    const value = bits[byte] as number;
    if (value === 0) continue;
    for (let bit = 0; bit < 8; bit += 1) if ((value & (1 << bit)) !== 0) part.push(byte * 8 + bit + 1);
    if (part.length < positionsAtOnce) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Refuses when another number is selected than the person was told of; those that cannot be decided are counted too. */
export function refuseOtherNumber(db: SqliteDatabase, expect: number | null | undefined): void {
  if (expect === null || expect === undefined) return;
  const found = db.prepare('SELECT COUNT(*) FROM selected').pluck().get() as number;
  if (found === expect) return;
  throw refusal('selection-changed', `You were told of ${recordsOf(expect)}, but ${found === 1 ? '1 is' : `${found} are`} selected now. Nothing was changed. Look at them again.`, { expected: expect, found });
}

/** A number of records in words. */
export function recordsOf(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
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
    hash.update(`${kind}\0${key}\n`, 'utf8');
    count += 1;
    if (keys.size < keysInEvent) keys.add(key);
  }
  return { count, digest: hash.digest('hex'), keys: [...keys] };
}
