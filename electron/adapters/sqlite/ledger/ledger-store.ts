import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NewAuditEvent } from '../../../../shared/domain/audit-event.ts';
import { policyChoiceSchema } from '../../../../shared/domain/policy.ts';
import { refusal } from '../../../core/app-failure.ts';
import { canonicalJson } from '../../../core/canonical.ts';
import type { Ledger, LedgerWrite, PinnedOrg, StoredShipping } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { createAuditRows } from './audit-rows.ts';
import { createBatchRows } from './batch-rows.ts';
import { createBulkApprovals } from './bulk-approval.ts';
import { generateSigningKeys } from './checkpoint-signing.ts';
import { createDecisionRows } from './decision-rows.ts';
import { createFieldExclusionRows } from './field-exclusion-rows.ts';
import { backUpLedger } from './ledger-backup.ts';
import { isDiskError, translateSqliteError } from './ledger-failure.ts';
import { openLedgerFile, requireWhole } from './ledger-file.ts';
import { ledgerMigrations } from './ledger-schema.ts';
import { ledgerVersion, readWholeAsNewest } from './old-ledger.ts';
import { readErrorGroups, readOutcomes, readRecordRuns } from './outcome-rows.ts';
import { createReviewRows } from './review-rows.ts';
import { createRunRows } from './run-rows.ts';
import { createSampleRows, createViewRows } from './sample-rows.ts';
import { createStepRows, stepAdder } from './step-rows.ts';
import { verifyChain } from './verify-chain.ts';

/** The ledger with synchronous methods: the same names, arguments and results as the port. */
export type LedgerStore = { [M in keyof Ledger]: (...args: Parameters<Ledger[M]>) => Awaited<ReturnType<Ledger[M]>> };

/** A store on one connection. */
interface OpenStore extends LedgerStore {
  /** True when it is only read and another process has brought it to a newer version since; then open anew. */
  isOutdated(): boolean;
  /** Closes it without writing anything more. */
  giveUp(): void;
}

export interface LedgerStoreOptions {
  /** Folder of the workspace; the ledger is its `ledger.db`, the cache beside it `cache.db`. */
  folder: string;
  readonly: boolean;
  /** Wall clock as ISO 8601 UTC with milliseconds. */
  now(): string;
}

/**
 * Writes that may come without an event: they prepare a draft and mean nothing before it is submitted, or say how far the
 * events themselves were copied.
 */
const quietWrites: ReadonlySet<LedgerWrite['write']> = new Set(['batch.members', 'plan.clear', 'plan.records', 'plan.header', 'audit.shipping']);

const nothingShipped: StoredShipping = { shipped: 0, at: null, anchor: null, failure: null };

/**
 * Opens the ledger of a workspace, making it when there is none.
 *
 * Errors: `workspace-damaged` for a damaged ledger, which is left as it is; writes throw `audit-not-writable` when they
 *         cannot be made durable. Whether such a step is there nevertheless is known after the next call, which reads anew.
 */
export function createLedgerStore(options: LedgerStoreOptions): LedgerStore {
  const file = join(options.folder, 'ledger.db');
  return reopening(() => openStore(options, file), file);
}

function openStore(options: LedgerStoreOptions, file: string): OpenStore {
  const cacheFile = join(options.folder, 'cache.db');
  const db = openLedgerFile(file, { cacheFile, readonly: options.readonly, fill: (fresh) => fillLedger(fresh, options.now) });
  try {
    return storeOn(db, options, { file, cacheFile });
  } catch (error) {
    db.close();
    throw translateSqliteError(error, file);
  }
}

function storeOn(db: SqliteDatabase, options: LedgerStoreOptions, { file, cacheFile }: { file: string; cacheFile: string }): OpenStore {
  const version = ledgerVersion(db, 'main');
  if (options.readonly) readWholeAsNewest(db);
  const audit = createAuditRows(db, options.now);
  const batches = createBatchRows(db);
  const runs = createRunRows(db);
  const facts = createFacts(db);
  const place = { cacheFile, now: options.now, audit, addStep: stepAdder(db, options.now) };
  const bulk = createBulkApprovals(db, place);
  const steps = createStepRows(db, { ...place, bulk });
  const review = createReviewRows(db, place);
  const samples = createSampleRows(db, { ...place, nextNumber: facts.nextNumber });
  const views = createViewRows(db, place);

  const write = (step: LedgerWrite): void => {
    switch (step.write) {
      case 'run.start':
      case 'run.put':
      case 'chunk.put':
      case 'job.put':
      case 'record.intents':
      case 'record.results':
        return runs.write(step);
      case 'pause.set':
        return facts.set('pause', step.pause);
      case 'policy.set':
        return facts.set('policy', step.policy);
      case 'audit.shipping':
        return facts.set('shipping', step.shipping);
      case 'org.pin':
        return facts.pinOrg(step.org);
      default:
        return batches.write(step);
    }
  };

  const commit = db.transaction((events: readonly NewAuditEvent[], writes: readonly LedgerWrite[]) => {
    if (events.length === 0 && !writes.every((step) => quietWrites.has(step.write))) throw new Error('A step of this kind needs its audit event.');
    // An empty step asks whether the log can be written at all, so it must reach the disk like any other.
    if (events.length === 0 && writes.length === 0) facts.set('probe', options.now());
    const chained = audit.append(events);
    for (const step of writes) write(step);
    return chained.at(-1)?.seq ?? audit.head().events;
  });

  return {
    commit: ({ events, writes }) => commit.immediate(events, writes),
    decide: createDecisionRows(db, { ...place, bulk }),
    writeDecisions: bulk.writePart,
    undo: steps.undo,
    redo: steps.redo,
    decisionSteps: steps.newest,
    excludeField: createFieldExclusionRows(db, place),
    mark: review.mark,
    addComment: review.addComment,
    comments: review.comments,
    sample: samples.newest,
    drawSample: (input) => db.transaction(() => samples.draw(input)).immediate(),
    savedViews: views.all,
    saveView: (input) => db.transaction(() => views.save(input)).immediate(),
    deleteView: (input) => db.transaction(() => views.remove(input)).immediate(),
    recordRuns: (key) => readRecordRuns(db, key),
    batches: batches.all,
    batch: batches.one,
    nextNumber: (of) => db.transaction(() => facts.nextNumber(of)).immediate(),
    members: batches.members,
    planHeader: batches.planHeader,
    planRecords: batches.planRecords,
    runs: runs.ofBatch,
    run: runs.one,
    chunks: runs.chunks,
    job: runs.job,
    runRecords: runs.records,
    outcomes: (input) => readOutcomes(db, input),
    errorGroups: (batchId) => readErrorGroups(db, batchId),
    paused: () => facts.get('pause'),
    policy() {
      const stored = facts.get<unknown>('policy');
      return stored === null ? null : policyChoiceSchema.parse(stored);
    },
    pinnedOrg: facts.pinnedOrg,
    events: (input) => audit.page(input, input.key === undefined ? null : bulk.seqOf(input.key)),
    history: (key, limit) => audit.history(key, limit, bulk.seqOf(key)),
    eventsFrom: audit.from,
    chainHead: audit.head,
    checkpoints: audit.checkpoints,
    signHead: () => db.transaction(audit.signHead).immediate(),
    sign: audit.sign,
    publicKey: audit.publicKey,
    shipping: () => facts.get<StoredShipping>('shipping') ?? nothingShipped,
    lineage: () => audit.lineage,
    verify: () =>
      db.transaction(() => {
        const report = verifyChain(db);
        if (report.ok) requireWhole(db, file, 'integrity_check');
        return report;
      })(),
    backUp: () => backUpLedger(db, file),
    isOutdated: () => options.readonly && version < ledgerMigrations.length && ledgerVersion(db, 'main') !== version,
    giveUp: () => void db.close(),
    close() {
      if (!db.open) return;
      if (!options.readonly) signHeadAtClose(db, audit.checkpointHead);
      db.close();
    },
  };
}

function fillLedger(db: SqliteDatabase, now: () => string): void {
  const { publicKey, privateKey } = generateSigningKeys();
  const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  insert.run('lineage', randomUUID());
  insert.run('public_key', publicKey);
  insert.run('private_key', privateKey);
  createAuditRows(db, now).append([{ type: 'ledger.created', actor: 'countersign', batchId: null, runId: null, keys: [], data: { publicKey } }]);
}

function signHeadAtClose(db: SqliteDatabase, checkpointHead: () => void): void {
  try {
    db.transaction(checkpointHead).immediate();
  } catch {
    // A full or locked disk must not keep the ledger from closing; the next checkpoint covers these events too.
  }
}

interface Facts {
  get<T>(name: string): T | null;
  set(name: string, value: unknown): void;
  pinnedOrg(): PinnedOrg | null;
  pinOrg(org: PinnedOrg): void;
  nextNumber(of: string): number;
}

/** Single values of the ledger: the pause, the policy, the org, counters. */
function createFacts(db: SqliteDatabase): Facts {
  const get = <T>(name: string): T | null => {
    const value = db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as string | undefined;
    return value === undefined ? null : (JSON.parse(value) as T);
  };
  const set = (name: string, value: unknown): void => {
    db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, canonicalJson(value));
  };
  const pinnedOrg = (): PinnedOrg | null => {
    const pinned = get<Omit<PinnedOrg, 'user'> & Partial<PinnedOrg>>('org');
    return pinned === null ? null : { ...pinned, user: pinned.user ?? null };
  };
  return {
    get,
    set,
    pinnedOrg,
    pinOrg(org) {
      const pinned = pinnedOrg();
      if (pinned && pinned.id !== org.id) throw refusal('wrong-org', `This workspace belongs to the org ${pinned.name} (${pinned.id}), not to ${org.name} (${org.id}).`, { expected: pinned.id, found: org.id });
      set('org', org);
    },
    nextNumber: (of) =>
      db.prepare('INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value').pluck().get(of) as number,
  };
}

/**
 * Gives up a connection whose disk reported an error: a commit that threw may be durable nevertheless, so the file is opened and
 * read anew before anything else is done. All that is thrown becomes an expected failure where it is one.
 */
function reopening(open: () => OpenStore, file: string): LedgerStore {
  let current: OpenStore | null = open();
  const call = (name: keyof LedgerStore, args: unknown[]): unknown => {
    try {
      if (current === null && name === 'close') return undefined;
      if (current?.isOutdated()) {
        current.giveUp();
        current = null;
      }
      current ??= open();
      return (current[name] as (...given: unknown[]) => unknown)(...args);
    } catch (error) {
      if (isDiskError(error)) {
        current?.giveUp();
        current = null;
      }
      throw translateSqliteError(error, file);
    }
  };
  const names = Object.keys(current).filter((name): name is keyof LedgerStore => name !== 'giveUp' && name !== 'isOutdated');
  return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)])) as unknown as LedgerStore;
}
