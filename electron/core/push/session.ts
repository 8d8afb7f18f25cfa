import type { Batch, RunProgress } from '../../../shared/domain/batch.ts';
import type { Mapping } from '../../../shared/domain/mapping.ts';
import { countOutcomes, type OutcomeCounts, type RecordState } from '../../../shared/domain/outcome.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { ChunkRow, Ledger, RunRecord, RunRow } from '../ledger-ports.ts';
import type { Org } from '../org-ports.ts';
import type { CallContext, Clock, Emit, Logger } from '../ports.ts';
import type { ActiveRuns } from './active-runs.ts';
import type { Looked } from './look.ts';

/** What the push engine works with. */
export interface PushDeps {
  ledger: Ledger;
  org: Org;
  mapping: Mapping;
  clock: Clock;
  policy: Policy;
  emit: Emit;
  logger: Logger;
  active: ActiveRuns;
  /** Told once a new run is stored; from then on its batch cannot change under it. */
  onStored?(): void;
}

/** One record of the chunk at work. */
export interface WorkItem {
  record: RunRecord;
  /** An earlier call may have written it: its answer was lost. */
  maybeOurs: boolean;
  /** True while the effect of the last call is not known. */
  isOpen: boolean;
  /** Tries after Salesforce refused the record because of somebody else's work on it. */
  contendedTries: number;
  /** Monotonic milliseconds until which a call whose answer was lost may still write this record; 0 when there is none. */
  lostUntil: number;
}

/** One chunk of the run with all its records, also those that are done. */
export interface ChunkWork {
  number: number;
  operation: 'create' | 'update';
  items: readonly WorkItem[];
}

/** One run while it is worked on. */
export interface PushSession {
  deps: PushDeps;
  actor: string;
  batch: Batch;
  /** The mapping frozen in the plan. */
  mapping: Mapping;
  /** The run as it was when this process began to work on it. */
  run: RunRow;
  chunks: readonly ChunkRow[];
  /** Records by state, kept in step with the ledger. */
  tally: Map<RecordState, number>;
  /** Set when the run must end after the chunk at work. */
  stop: AbortSignal;
  /** For reads and waits within a chunk, which a stop must not tear apart. */
  never: AbortSignal;
  /** Until when lost calls of this process may still write which record; few, since a run with many of them stops. */
  lost: Map<string, number>;
  /** What the run is doing, for people. */
  phase: RunProgress['phase'];
  waitsUntil: string | null;
  waitsFor: RunProgress['waitsFor'];
  /** Number of the chunk at work. */
  chunk: number;
  /** The chunk that comes next. */
  next: ChunkWork | null;
  /** Records of the next chunk, looked at while this one was read back. */
  ahead: LookedAhead | null;
  /** Clock, call counts and records left when this process began to work on the run. */
  began: { elapsedMs: number; calls: number; writeCalls: number; left: number };
}

/** A look at the first records of a chunk that was begun before its turn. */
export interface LookedAhead {
  chunk: ChunkWork;
  at: number;
  looked: Promise<Looked[] | null>;
}

/** Why a run ends before its last chunk. The code goes to the audit log; the message is for people. */
export interface StopReason {
  code: string;
  message: string;
}

/**
 * A record as it is read from the ledger. An open intent is unknown until Salesforce has been looked at.
 *
 * Shape:  a call that was cut off may write for as long as Salesforce works on it, counted by Salesforce's own clock; where that is
 *         not known, the whole time is still to come. What this process knows of a lost call holds beside that.
 */
export function workItem(session: Pick<PushSession, 'deps' | 'lost'>, record: RunRecord): WorkItem {
  const isOpen = record.state === 'sending' || record.state === 'unknown';
  return {
    record: isOpen ? { ...record, state: 'unknown' } : record,
    maybeOurs: isOpen || record.sent !== null,
    isOpen,
    contendedTries: 0,
    lostUntil: Math.max(isOpen || record.sent !== null ? lostUntilOf(session, record) : 0, session.lost.get(nameOf(record)) ?? 0),
  };
}

function lostUntilOf({ deps }: Pick<PushSession, 'deps'>, { sentAt }: RunRecord): number {
  const { clock, org } = deps;
  const now = org.now();
  const age = sentAt === null || now === null ? 0 : Math.max(0, Date.parse(now) - Date.parse(sentAt));
  return clock.elapsedMs() + Math.max(0, org.lateEffectMs - age);
}

/** Keeps in mind that a call that began at this moment may have written a record, and until when it still may. */
export function markLost(session: Pick<PushSession, 'deps' | 'lost'>, item: WorkItem, sentAt: number): void {
  item.isOpen = true;
  item.maybeOurs = true;
  item.lostUntil = sentAt + session.deps.org.lateEffectMs;
  session.lost.set(nameOf(item.record), item.lostUntil);
}

/** Forgets lost calls of a record, once it is certain that they write nothing any more. */
export function markSafe(session: Pick<PushSession, 'lost'>, item: WorkItem): void {
  item.lostUntil = 0;
  session.lost.delete(nameOf(item.record));
}

/** True while a lost call may still write the record. */
export function isLost({ deps }: Pick<PushSession, 'deps'>, item: WorkItem): boolean {
  return item.lostUntil > deps.clock.elapsedMs();
}

/**
 * True while a lost call may still write the record and nothing would keep it from being written twice. Creates are guarded by
 * their unique key, strict updates by their precondition.
 */
export function isHot(session: Pick<PushSession, 'deps' | 'run'>, item: WorkItem): boolean {
  return item.record.kind === 'update' && session.run.mode !== 'strict' && isLost(session, item);
}

function nameOf({ kind, key }: Pick<RunRecord, 'kind' | 'key'>): string {
  return `${kind} ${key}`;
}

/** True when the record still has to be dealt with. */
export function isUnsettled(state: RecordState): boolean {
  return state === 'planned' || state === 'sending' || state === 'unknown';
}

/** Outcome counts of the run so far; they always add up. */
export function countsOf(session: PushSession): OutcomeCounts {
  return countOutcomes(Object.fromEntries(session.tally));
}

/** The run with its calls and seconds up to now. */
export function runNow(session: PushSession): RunRow {
  const { deps, began } = session;
  const usage = deps.org.usage();
  return {
    ...session.run,
    apiCalls: session.run.apiCalls + usage.calls - began.calls,
    writeCalls: session.run.writeCalls + usage.writeCalls - began.writeCalls,
    seconds: session.run.seconds + Math.round(deps.clock.elapsedMs() - began.elapsedMs) / 1000,
  };
}

/** Begins to work on a run in this process. */
export function openSession(
  deps: PushDeps,
  ctx: CallContext,
  stop: AbortSignal,
  facts: { batch: Batch; run: RunRow; mapping: Mapping; chunks: readonly ChunkRow[]; counts: OutcomeCounts },
): PushSession {
  const { counts } = facts;
  const usage = deps.org.usage();
  return {
    deps,
    actor: ctx.actor,
    batch: facts.batch,
    mapping: facts.mapping,
    run: facts.run,
    chunks: facts.chunks,
    tally: new Map<RecordState, number>([
      ['planned', counts.notSent],
      ['unknown', counts.unknown],
      ['succeeded', counts.succeeded],
      ['failed', counts.failed],
      ['stale', counts.stale],
      ['skipped', counts.skipped],
    ]),
    stop: AbortSignal.any([ctx.signal, stop]),
    never: new AbortController().signal,
    lost: new Map(),
    phase: 'reading',
    waitsUntil: null,
    waitsFor: null,
    chunk: 0,
    next: null,
    ahead: null,
    began: { elapsedMs: deps.clock.elapsedMs(), calls: usage.calls, writeCalls: usage.writeCalls, left: counts.notSent + counts.unknown },
  };
}
