import type { CallOutput, CallParsed, Facets } from '../../../../shared/contract.ts';
import { neverChecked } from '../../../../shared/domain/check.ts';
import { formatFilter, type FilterTerm } from '../../../../shared/domain/filter.ts';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { Kind, PendingKey } from '../../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../../shared/domain/selection.ts';
import type { Snapshot } from '../../../../shared/domain/snapshot.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { checkCatalog, checkIds, orgCheckIds } from '../../../core/checks/catalog.ts';
import type { Cache, CachedDetail, DrawableChange, PlannableChange } from '../../../core/ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { isDamage, openCacheForReading, type ReadableCache } from './cache-file.ts';
import { countFacets } from './facets.ts';
import { compileFilter, decisionJoin, joinsOf, readFilter } from './filter-sql.ts';
import { readMetrics } from './metrics.ts';
import { pageSql, pendingOrder } from './pending-order.ts';
import { readSinceLast } from './since-last.ts';
import { pendingDetail, pendingItem, pendingReader, plannableChange, type PendingReader, type PendingRow } from './pending-rows.ts';

export interface CacheStoreInit {
  cacheFile: string;
  ledgerFile: string;
  mapping: Mapping;
}

type PageInput = CallParsed<'pending.page'>;
type Detail = CachedDetail;

/** The reading side of the cache, synchronous. It never writes. */
export interface CacheStore {
  snapshot(): Snapshot | null;
  page(input: PageInput): CallOutput<'pending.page'>;
  pageFull(input: PageInput): { total: number; items: Detail[]; next: string | null };
  facets(filter: string): Facets;
  show(key: string, kind: Kind | undefined): Detail | null;
  checks(): CallOutput<'checks.list'>;
  sinceLast(input: CallParsed<'snapshot.sinceLast'>): CallOutput<'snapshot.sinceLast'>;
  drawable(input: { selection: Selection; after: PendingKey | null; limit: number }): DrawableChange[];
  plannable(input: { selection: Selection; after: PendingKey | null; limit: number }): PlannableChange[];
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
}

const mostKeys = 1_000;
const mostAnswers = 100;

/**
 * Opens the cache for reading.
 *
 * Errors: a damaged file throws `workspace-damaged` when it is read: a refresh replaces it.
 */
export function createCacheStore(init: CacheStoreInit): CacheStore {
  let opened: Opened | null = null;
  const answers = new Map<string, { version: string; answer: unknown }>();

  const current = (): Opened => {
    if (opened?.isOutdated()) {
      opened.db.close();
      opened = null;
      answers.clear();
    }
    opened ??= open(init);
    return opened;
  };
  /** Runs one read on one state of the files. */
  const reading = <T>(work: (opened: Opened) => T): T => {
    try {
      const { db } = current();
      // A new snapshot written by another process may come with another mapping.
      if (versionOf(db, 'main') !== seenVersion) remember(current());
      return db.transaction(() => work(current()))();
    } catch (error) {
      if (!isDamage(error) && !isBrokenText(error)) throw error;
      throw new AppFailure('workspace-damaged', 'The cache of this workspace is damaged. Nothing is lost: refresh the snapshot to fill it anew.');
    }
  };
  let seenVersion = -1;
  const remember = (now: Opened): void => {
    seenVersion = versionOf(now.db, 'main');
    Object.assign(now, snapshotFacts(now.db, init.mapping));
  };

  /** Answers again what was asked before, as long as neither file has changed. */
  const remembered = <T>(now: Opened, question: string, answer: () => T): T => {
    const version = `${versionOf(now.db, 'main')} ${versionOf(now.db, now.attached ?? 'temp')}`;
    const known = answers.get(question);
    if (known?.version === version) return known.answer as T;
    const fresh = answer();
    if (answers.size >= mostAnswers) answers.clear();
    answers.set(question, { version, answer: fresh });
    return fresh;
  };

  const countMatching = (now: Opened, terms: readonly FilterTerm[]): number => {
    if (terms.length === 0) return now.snapshot === null ? 0 : now.snapshot.creates + now.snapshot.updates;
    return remembered(now, `count ${formatFilter(terms)}`, () => {
      const filter = compileFilter(terms, now.mapping);
      const counting = now.db.prepare(`SELECT COUNT(*) FROM pending p ${joinsOf(now.ledger, filter)} WHERE ${filter.where}`).pluck();
      return counting.get(...filter.params) as number;
    });
  };

  const readPage = (now: Opened, input: PageInput): { total: number; rows: PendingRow[]; next: string | null } => {
    const terms = readFilter(input.filter);
    const order = pendingOrder(input.sort, input.descending);
    const filter = compileFilter(terms, now.mapping);
    const after = input.after === undefined ? { where: '1', params: [] } : order.after(input.after);
    const places = now.db
      .prepare(pageSql(now.ledger, order, filter, after.where))
      .raw()
      .all(...filter.params, ...after.params, input.limit + 1, input.after === undefined ? (input.offset ?? 0) : 0) as [number, ...unknown[]][];
    const page = places.slice(0, input.limit);
    const last = page.at(-1);
    return {
      total: countMatching(now, terms),
      rows: now.reader.rows(page.map(([position]) => position)),
      next: places.length > input.limit && last !== undefined ? order.cursor(last.slice(1)) : null,
    };
  };

  const positionOf = (now: Opened, key: string, kind: Kind | undefined): number | undefined =>
    now.db
      .prepare('SELECT position FROM pending WHERE key = ? AND kind = COALESCE(?, kind) ORDER BY kind')
      .pluck()
      .get(key, kind ?? null) as number | undefined;

  return {
    snapshot: () => reading((now) => now.snapshot),
    page: (input) =>
      reading((now) => {
        const { total, rows, next } = readPage(now, input);
        return { total, items: rows.map((row) => pendingItem(now.mapping, row)), next };
      }),
    pageFull: (input) =>
      reading((now) => {
        const { total, rows, next } = readPage(now, input);
        return { total, items: rows.map((row) => pendingDetail(now.reader, now.mapping, row)), next };
      }),
    facets: (filter) => reading((now) => remembered(now, `facets ${filter}`, () => countFacets(now.db, now.ledger, now.mapping, readFilter(filter)))),
    show: (key, kind) =>
      reading((now) => {
        const position = positionOf(now, key, kind);
        const [row] = position === undefined ? [] : now.reader.rows([position]);
        return row === undefined ? null : pendingDetail(now.reader, now.mapping, row);
      }),
    checks: () => reading(listChecks),
    sinceLast: (input) => reading(({ db }) => readSinceLast(db, input)),
    drawable: ({ selection, after, limit }) =>
      reading((now) => {
        const start = after === null ? 0 : lastPositionUpTo(now.db, after);
        const chosen = selectionSql(now, selection, true);
        return now.db
          .prepare(
            `SELECT p.key, p.kind, p.priority, p.member_count AS memberCount, p.blockers, COALESCE(d.decision, 'none') AS decision
             FROM ${chosen.from} WHERE p.position > ? AND ${chosen.where} ORDER BY p.position LIMIT ?`,
          )
          .all(start, ...chosen.params, limit) as DrawableChange[];
      }),
    plannable: ({ selection, after, limit }) =>
      reading((now) => {
        const start = after === null ? 0 : lastPositionUpTo(now.db, after);
        const chosen = selectionSql(now, selection);
        const positions = now.db
          .prepare(`SELECT p.position FROM ${chosen.from} WHERE p.position > ? AND ${chosen.where} ORDER BY p.position LIMIT ?`)
          .pluck()
          .all(start, ...chosen.params, limit) as number[];
        return now.reader.rows(positions).map((row) => plannableChange(now.mapping, row));
      }),
    metrics: () => reading((now) => readMetrics(now.db)),
    locate: notBuilt,
    find: notBuilt,
    summary: notBuilt,
    valuesSlice: notBuilt,
    shapes: notBuilt,
    shape: notBuilt,
    coverage: notBuilt,
    choose: notBuilt,
    reopen() {
      opened?.db.close();
      opened = null;
      seenVersion = -1;
      answers.clear();
    },
    close() {
      opened?.db.close();
      opened = null;
    },
  };
}

function notBuilt(): never {
  throw new AppFailure('not-available-here', 'This is not built yet.');
}

/** A stored text that is no JSON any more: the app itself writes no other. */
function isBrokenText(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.message.includes('malformed JSON'));
}

function open(init: CacheStoreInit): Opened {
  const cache = openCacheForReading(init.cacheFile, init.ledgerFile);
  return { ...cache, reader: pendingReader(cache.db, cache.ledger), ...snapshotFacts(cache.db, init.mapping) };
}

function snapshotFacts(db: SqliteDatabase, mapping: Mapping): Pick<Opened, 'mapping' | 'snapshot' | 'checkedOrg'> {
  const row = db.prepare('SELECT facts, mapping, checked_org AS checkedOrg FROM snapshot').get() as { facts: string; mapping: string; checkedOrg: number } | undefined;
  if (row === undefined) return { mapping, snapshot: null, checkedOrg: false };
  return { mapping: JSON.parse(row.mapping) as Mapping, snapshot: JSON.parse(row.facts) as Snapshot, checkedOrg: row.checkedOrg === 1 };
}

function versionOf(db: SqliteDatabase, schema: string): number {
  return db.pragma(`${schema}.data_version`, { simple: true }) as number;
}

function listChecks({ db, snapshot, checkedOrg }: Opened): CallOutput<'checks.list'> {
  if (snapshot === null) return { checks: [], blockers: 0, warnings: 0, notChecked: ['Everything: there is no snapshot yet', ...neverChecked] };
  const ran = checkIds.filter((id) => checkedOrg || !orgCheckIds.includes(id));
  const count = db.prepare('SELECT COUNT(*) FROM check_hit WHERE check_id = ?').pluck();
  const first = db.prepare('SELECT key, detail FROM check_hit WHERE check_id = ? ORDER BY key LIMIT ?');
  const checks = ran.map((id) => {
    const hits = first.all(id, mostKeys) as { key: string; detail: string | null }[];
    const { severity, meaning, fix, subject } = checkCatalog[id];
    return { id, severity, meaning, fix, subject, count: count.get(id) as number, passed: hits.length === 0, keys: hits.map(({ key }) => key), details: hits.map(({ detail }) => detail) };
  });
  const total = (severity: string): number => checks.filter((check) => check.severity === severity).reduce((sum, check) => sum + check.count, 0);
  const skipped = checkedOrg ? [] : orgCheckIds.map((id) => checkCatalog[id].meaning);
  return { checks, blockers: total('blocker'), warnings: total('warning'), notChecked: [...skipped, ...neverChecked] };
}

/** The last position at or before a change, also when that change is gone. */
function lastPositionUpTo(db: SqliteDatabase, { key, kind }: PendingKey): number {
  const found = db.prepare('SELECT position FROM pending WHERE key = ? AND kind = ?').pluck().get(key, kind);
  if (typeof found === 'number') return found;
  return db.prepare('SELECT COALESCE(MAX(position), 0) FROM pending WHERE kind < ? OR (kind = ? AND key <= ?)').pluck().get(kind, kind, key) as number;
}

const asPairs = "SELECT e.value ->> 'key', e.value ->> 'kind' FROM json_each(?) e";

function selectionSql(now: Opened, selection: Selection, withDecision = false): { from: string; where: string; params: unknown[] } {
  if ('items' in selection) return { from: `pending p ${withDecision ? decisionJoin(now.ledger) : ''}`, where: `(p.key, p.kind) IN (${asPairs})`, params: [JSON.stringify(selection.items)] };
  const filter = compileFilter(readFilter(selection.filter), now.mapping);
  const from = `pending p ${joinsOf(now.ledger, { ...filter, usesDecision: withDecision || filter.usesDecision })}`;
  if (selection.except.length === 0) return { from, where: filter.where, params: filter.params };
  return { from, where: `${filter.where} AND (p.key, p.kind) NOT IN (${asPairs})`, params: [...filter.params, JSON.stringify(selection.except)] };
}
