import type { CallOutput, CallParsed, Facets } from '../../../../shared/contract.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Kind, PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import type { Cache, CachedDetail, DrawableChange, PlannableChange } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { isDamage, openCacheForReading, type ReadableCache } from './cache-file.ts';
import { listChecks } from './list-checks.ts';
import { readMetrics } from './metrics.ts';
import { pendingDetail, pendingItem, pendingReader, type PendingReader } from './pending-rows.ts';
import { readDrawable, readPlannable, type SelectionPart } from './plan-records.ts';
import { chooseRecords, coverageOf } from './review/choose-records.ts';
import { countFacets } from './review/count-facets.ts';
import { countShapes, summarizeChanges } from './review/count-shapes.ts';
import { readFilter } from './review/field-terms.ts';
import { findPage, findRow, locateRow, type ListInput } from './review/find-rows.ts';
import { createReview, type Review } from './review/review.ts';
import { placeOfKey } from './review/review-index.ts';
import { showShape } from './review/show-shape.ts';
import { countValues } from './review/values-slice.ts';
import { readSinceLast } from './since-last.ts';

export interface CacheStoreInit {
  cacheFile: string;
  ledgerFile: string;
  mapping: Mapping;
}

/** Longer than a command takes that reads a page or two and ends. */
const firstPreparedAfterMs = 400;
const nextPreparedAfterMs = 20;

type PageInput = CallParsed<'pending.page'>;
type Detail = CachedDetail;

/** The reading side of the cache, synchronous. It never writes. */
export interface CacheStore {
  snapshot(): Snapshot | null;
  page(input: PageInput): CallOutput<'pending.page'>;
  open(input: CallParsed<'pending.open'>): CallOutput<'pending.open'>;
  pageFull(input: PageInput): { total: number; items: Detail[]; next: string | null };
  facets(filter: string): Facets;
  show(key: string, kind: Kind | undefined): Detail | null;
  checks(): CallOutput<'checks.list'>;
  sinceLast(input: CallParsed<'snapshot.sinceLast'>): CallOutput<'snapshot.sinceLast'>;
  drawable(part: SelectionPart): DrawableChange[];
  plannable(part: SelectionPart): PlannableChange[];
  metrics(): CallOutput<'status.metrics'>['metrics'];
  locate(...input: Parameters<Cache['locate']>): Awaited<ReturnType<Cache['locate']>>;
  find(...input: Parameters<Cache['find']>): Awaited<ReturnType<Cache['find']>>;
  summary(...input: Parameters<Cache['summary']>): Awaited<ReturnType<Cache['summary']>>;
  valuesSlice(...input: Parameters<Cache['valuesSlice']>): Awaited<ReturnType<Cache['valuesSlice']>>;
  shapes(...input: Parameters<Cache['shapes']>): Awaited<ReturnType<Cache['shapes']>>;
  shape(...input: Parameters<Cache['shape']>): Awaited<ReturnType<Cache['shape']>>;
  coverage(...input: Parameters<Cache['coverage']>): Awaited<ReturnType<Cache['coverage']>>;
  choose(...input: Parameters<Cache['choose']>): Awaited<ReturnType<Cache['choose']>>;
  /** Looks at the file anew, after a snapshot has been written into it. */
  reopen(): void;
  close(): void;
}

/** What is open and what of it is remembered; made anew by `reopen`. */
interface Opened extends ReadableCache {
  mapping: Mapping;
  reader: PendingReader;
  snapshot: Snapshot | null;
  checkedOrg: boolean;
  /** Of the cache's file, when its facts were read; null before that. */
  version: number | null;
  review: Review | null;
}

/**
 * Opens the cache for reading.
 *
 * Shape:  the columns of a snapshot are loaded when something first asks for them, and dropped with the snapshot.
 * Errors: a damaged file throws `workspace-damaged` when it is read: a refresh replaces it.
 */
export function createCacheStore(init: CacheStoreInit): CacheStore {
  let opened: Opened | null = null;

  const close = (): void => {
    opened?.db.close();
    opened = null;
  };
  const current = (): Opened => {
    if (opened?.isOutdated()) close();
    opened ??= open(init);
    return opened;
  };
  /** Runs one read on one state of the files. */
  const reading = <T>(work: (opened: Opened) => T): T => {
    try {
      const now = current();
      return now.db.transaction(() => {
        // A new snapshot written by another process may come with another mapping.
        const version = versionOf(now.db);
        if (version !== now.version) Object.assign(now, { version, review: null, ...snapshotFacts(now.db, init.mapping) });
        return work(now);
      })();
    } catch (error) {
      if (!isDamage(error) && !isBrokenText(error)) throw error;
      throw new AppFailure('workspace-damaged', 'The cache of this workspace is damaged. Nothing is lost: refresh the snapshot to fill it anew.');
    }
  };
  /** Runs one read that needs the columns. */
  const reviewing = <T>(work: (review: Review, opened: Opened) => T): T =>
    reading((now) => {
      if (now.review === null) {
        now.review = createReview(now, now.mapping);
        prepare(now.review, firstPreparedAfterMs);
      }
      return work(now.review, now);
    });
  /** In steps, so that a read that somebody waits for comes between. */
  const prepare = (review: Review, afterMs: number): void => {
    setTimeout(() => {
      if (opened?.review === review && review.prepare()) prepare(review, nextPreparedAfterMs);
    }, afterMs).unref();
  };
  const snapshotId = ({ snapshot }: Opened): string => snapshot?.id ?? '';

  const positionOf = ({ db }: Opened, key: string, kind: Kind | undefined): number | undefined =>
    db.prepare('SELECT position FROM pending WHERE key = ? AND kind = COALESCE(?, kind) ORDER BY kind').pluck().get(key, kind ?? null) as number | undefined;

  const pageOf = (review: Review, now: Opened, input: PageInput): CallOutput<'pending.page'> => {
    const { total, positions, next } = findPage(review, snapshotId(now), input);
    return { total, items: now.reader.rows(positions, review.state().bulk).map((row) => pendingItem(now.mapping, review.index, row)), next };
  };
  const rowOf = (review: Review, { db }: Opened, item: PendingKey, list: ListInput): number | null => {
    const place = placeOfKey(db, review.index, item);
    return place === null ? null : locateRow(review, place, list);
  };

  return {
    snapshot: () => reading((now) => now.snapshot),
    page: (input) => reviewing((review, now) => pageOf(review, now, input)),
    open: ({ item, pageSize, before, ...list }) =>
      reviewing((review, now) => {
        const index = item && rowOf(review, now, item, list);
        const firstPage = Math.floor(Math.max(0, (index ?? 0) - before) / pageSize);
        const lastPage = Math.floor((index ?? 0) / pageSize);
        return { index, firstPage, pages: Array.from({ length: lastPage - firstPage + 1 }, (_, step) => pageOf(review, now, { ...list, offset: (firstPage + step) * pageSize, limit: pageSize })) };
      }),
    pageFull: (input) =>
      reviewing((review, now) => {
        const { total, positions, next } = findPage(review, snapshotId(now), input);
        return { total, items: now.reader.rows(positions, review.state().bulk).map((row) => pendingDetail(now.reader, now.mapping, review.index, row)), next };
      }),
    facets: (filter) => reviewing((review) => countFacets(review, readFilter(filter))),
    show: (key, kind) =>
      reviewing((review, now) => {
        const position = positionOf(now, key, kind);
        const [row] = position === undefined ? [] : now.reader.rows([position], review.state().bulk);
        return row === undefined ? null : pendingDetail(now.reader, now.mapping, review.index, row);
      }),
    checks: () => reading(listChecks),
    sinceLast: (input) => reading(({ db }) => readSinceLast(db, input)),
    drawable: (part) => reviewing((review, { db }) => readDrawable(db, review, part)),
    plannable: (part) => reviewing((review, now) => readPlannable(now, review, part)),
    metrics: () => reading((now) => readMetrics(now.db)),
    locate: ({ item, ...list }) => reviewing((review, now) => rowOf(review, now, item, list)),
    find: (input) => reviewing((review) => findRow(review, input)),
    summary: (filter) => reviewing((review) => summarizeChanges(review, review.match(readFilter(filter)))),
    valuesSlice: (input) => reviewing((review, { db }) => countValues(db, review, input)),
    shapes: (filter) => reviewing((review) => countShapes(review, review.match(readFilter(filter)))),
    shape: (id) => reviewing((review, { db }) => showShape(db, review, id)),
    coverage: (draw) => reviewing((review) => coverageOf(review, draw)),
    choose: (selection) => reviewing((review, now) => chooseRecords(now.db, review, snapshotId(now), selection)),
    reopen: close,
    close,
  };
}

/** A stored text that is no JSON any more: the app itself writes no other. */
function isBrokenText(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.message.includes('malformed JSON'));
}

function open(init: CacheStoreInit): Opened {
  const cache = openCacheForReading(init.cacheFile, init.ledgerFile);
  return { ...cache, reader: pendingReader(cache.db, cache.ledger), version: null, review: null, ...snapshotFacts(cache.db, init.mapping) };
}

function snapshotFacts(db: SqliteDatabase, mapping: Mapping): Pick<Opened, 'mapping' | 'snapshot' | 'checkedOrg'> {
  const row = db.prepare('SELECT facts, mapping, checked_org AS checkedOrg FROM snapshot').get() as { facts: string; mapping: string; checkedOrg: number } | undefined;
  if (row === undefined) return { mapping, snapshot: null, checkedOrg: false };
  return { mapping: JSON.parse(row.mapping) as Mapping, snapshot: JSON.parse(row.facts) as Snapshot, checkedOrg: row.checkedOrg === 1 };
}

function versionOf(db: SqliteDatabase): number {
  return db.pragma('main.data_version', { simple: true }) as number;
}
