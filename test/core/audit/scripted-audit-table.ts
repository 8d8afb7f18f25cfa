import { AppFailure, throwIfCancelled } from '../../../electron/core/app-failure.ts';
import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Clock } from '../../../electron/core/ports.ts';
import type { AuditLogRow, AuditTable } from '../../../electron/core/warehouse-ports.ts';
import { readEvidence } from '../../../electron/warehouse-views/audit-statements.ts';
import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';

/**
 * What becomes of one call: it is answered; its answer is lost before it had an effect, after it, or long before (`late`: two calls on);
 * the warehouse refuses it, or never answers.
 */
export type Fate = 'answered' | 'lost-before' | 'lost-after' | 'late' | 'refused' | 'silent';

export interface ScriptedAuditTable extends AuditTable {
  /** Rows in the order in which they came. */
  rows: AuditLogRow[];
  /** Calls so far, by name. */
  calls: string[];
  /** Lets everything that is late arrive. */
  settle(): void;
}

const lost = () => new AppFailure('source-unavailable', 'The connection was lost.', { effect: 'unknown' });
const refused = () => new AppFailure('source-unavailable', 'The warehouse is not there.', { effect: 'not-processed' });

/** A table in memory, as the port describes it, whose calls meet the fate given. */
export function scriptedAuditTable(fateOf: (call: 'append' | 'present' | 'evidence') => Fate = () => 'answered'): ScriptedAuditTable {
  const rows: AuditLogRow[] = [];
  const calls: string[] = [];
  let late: { dueAt: number; work: () => void }[] = [];
  const arrive = (until: number): void => {
    const due = late.filter(({ dueAt }) => dueAt <= until);
    late = late.filter(({ dueAt }) => dueAt > until);
    for (const { work } of due) work();
  };
  const meet = async <T>(name: 'append' | 'present' | 'evidence', signal: AbortSignal, work: () => T): Promise<T> => {
    throwIfCancelled(signal, 'The call');
    calls.push(name);
    arrive(calls.length);
    const fate = fateOf(name);
    if (fate === 'refused') throw refused();
    if (fate === 'silent') return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppFailure('cancelled', 'Given up.'))));
    if (fate === 'late') late.push({ dueAt: calls.length + 2, work });
    if (fate === 'lost-before' || fate === 'late') throw lost();
    const answer = work();
    if (fate === 'lost-after') throw lost();
    return answer;
  };
  return {
    place: 'main.audit.property_sync_audit_log',
    rows,
    calls,
    settle: () => arrive(Number.POSITIVE_INFINITY),
    append: (given, signal) =>
      meet('append', signal, () => {
        const there = new Set(rows.map(({ event_id }) => event_id));
        rows.push(...given.filter(({ event_id }) => !there.has(event_id)));
      }),
    present: (ids, signal) => meet('present', signal, () => {
      const there = new Set(rows.map(({ event_id }) => event_id));
      return new Set(ids.filter((id) => there.has(id)));
    }),
    evidence: (workspaceId, signal) => meet('evidence', signal, () => readEvidence(evidenceRows(rows.filter(({ workspace_id }) => workspace_id === workspaceId)))),
  };
}

function evidenceRows(rows: readonly AuditLogRow[]): Record<string, unknown>[] {
  const told = rows.filter(({ event_kind }) => event_kind !== 'audit.anchor');
  const last = told.toSorted((one, other) => other.sequence - one.sequence)[0];
  const anchor = rows.filter(({ event_kind }) => event_kind === 'audit.anchor').toSorted((one, other) => other.sequence - one.sequence || (one.occurred_at < other.occurred_at ? 1 : -1))[0];
  const hashes = Map.groupBy(told, ({ sequence }) => sequence);
  const forks = [...hashes].filter(([, same]) => new Set(same.map(({ event_hash }) => event_hash)).size > 1).map(([sequence]) => sequence);
  return [
    { part: 'events', number: new Set(told.map(({ event_id }) => event_id)).size },
    ...(last ? [{ part: 'last', number: last.sequence, hash: last.event_hash }] : []),
    ...forks.slice(0, 20).map((number) => ({ part: 'fork', number })),
    ...(anchor ? [{ part: 'anchor', number: anchor.sequence, hash: anchor.previous_hash, occurred_at: anchor.occurred_at, payload: anchor.payload }] : []),
  ];
}

/** A clock that never really waits; `waits` holds what it was asked to wait for. */
export function instantClock(): Clock & { waits: number[] } {
  let elapsed = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(Date.UTC(2026, 10, 26, 12) + elapsed).toISOString(),
    elapsedMs: () => elapsed,
    sleep: async (ms) => {
      waits.push(ms);
      elapsed += ms;
    },
  };
}

/** An event that says little. */
export function anEvent(number: number, change: Partial<NewAuditEvent> = {}): NewAuditEvent {
  return { type: 'snapshot.loaded', actor: 'ann', batchId: null, runId: null, keys: [`k${number}`], data: { number, name: `Café "${number}" 😀` }, ...change };
}

/** Adds so many events to a ledger. */
export async function addEvents(ledger: Ledger, count: number): Promise<void> {
  await ledger.commit({ events: Array.from({ length: count }, (_, number) => anEvent(number)), writes: [] });
}
