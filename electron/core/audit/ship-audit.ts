import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { AppFailure, throwIfCancelled } from '../app-failure.ts';
import type { Ledger, StoredShipping } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import type { AuditEvidence, AuditLogRow, AuditTable } from '../warehouse-ports.ts';
import { appendPatiently, askPatiently } from './append-patiently.ts';
import { anchorRow, auditLogRow, type SignedHead } from './audit-log-row.ts';
import { chainStart, hashEvent, type ChainProblem } from './chain.ts';
import { compareEvidence } from './compare-evidence.ts';

export interface ShipDeps {
  ledger: Ledger;
  table: AuditTable;
  clock: Clock;
}

/** How far a chain was followed. */
interface Place {
  seq: number;
  hash: string;
}

const mostEvents = 200;
const mostCharacters = 512 * 1024;

/** How far the audit log has been copied. */
export async function describeShipping({ ledger, table }: ShipDeps, limit: number | null): Promise<Shipping> {
  const [stored, head] = await Promise.all([ledger.shipping(), ledger.chainHead()]);
  return { place: table.place, events: head.events, shipped: stored.shipped, backlog: Math.max(0, head.events - stored.shipped), at: stored.at, anchor: stored.anchor, failure: stored.failure, limit };
}

/**
 * Copies what waits to the warehouse, then the signed head of the chain.
 *
 * Shape:  the warehouse is asked first what it holds. What it holds decides where to go on: events whose acknowledgement was
 *         lost are not sent again, events that are gone there are sent anew. The place reached is stored after each call
 *         that succeeded; the anchor travels with the last events. An event that is sent twice all the same is added once.
 *         Only one shipment at a time may be under way.
 * Errors: what the warehouse throws, after storing it as the reason; `verification-failed` when the warehouse holds another history
 *         (`details.fork`) or when the chain itself is broken, and then nothing is sent; `cancelled`; `audit-not-writable`.
 */
export async function shipAudit(deps: ShipDeps, signal: AbortSignal): Promise<void> {
  try {
    await ship(deps, signal);
  } catch (error) {
    if (error instanceof AppFailure && error.error.code !== 'cancelled' && error.error.code !== 'audit-not-writable') {
      await keepFailure(deps, error);
    }
    throw error;
  }
}

/** Stores why the last try failed. Errors: `audit-not-writable`. */
export async function keepFailure(deps: ShipDeps, { error: { code, message, details } }: AppFailure): Promise<void> {
  await store(deps, { failure: { at: deps.clock.now(), code, message, fork: details['fork'] === true } });
}

async function ship(deps: ShipDeps, signal: AbortSignal): Promise<void> {
  const { ledger, table, clock } = deps;
  throwIfCancelled(signal, 'Copying the audit log');
  const lineage = await ledger.lineage();
  const evidence = await askPatiently(clock, signal, () => table.evidence(lineage, signal));
  const head = await ledger.signHead();
  await refuseOtherHistory(deps, head, evidence);

  let reached = placeOf(evidence);
  if (reached.seq !== (await ledger.shipping()).shipped) await store(deps, { shipped: reached.seq });
  const anchor = { seq: head.seq, head: head.head, at: head.at };
  do {
    const next = reached.seq < head.seq ? await nextRows(ledger, reached, head.seq) : { rows: [], reached };
    const isLast = next.reached.seq === head.seq;
    if (isLast && next.reached.hash !== head.head) throw brokenChain(head.seq);
    await appendPatiently(deps, isLast ? [...next.rows, anchorRow(head)] : next.rows, signal);
    reached = next.reached;
    await store(deps, { shipped: reached.seq, at: clock.now(), failure: null, ...(isLast ? { anchor } : {}) });
  } while (reached.seq < head.seq);
}

async function store({ ledger }: ShipDeps, change: Partial<StoredShipping>): Promise<void> {
  await ledger.commit({ events: [], writes: [{ write: 'audit.shipping', shipping: { ...(await ledger.shipping()), ...change } }] });
}

/** The last event that is there with all before it. With gaps: the beginning, because only sending all again fills them. */
function placeOf({ events, last }: AuditEvidence): Place {
  return last !== null && events === last.seq ? last : { seq: 0, hash: chainStart };
}

/** The rows of the events after the one reached, as many as one call takes, at least one. */
async function nextRows(ledger: Ledger, reached: Place, last: number): Promise<{ rows: AuditLogRow[]; reached: Place }> {
  const rows: AuditLogRow[] = [];
  let place = reached;
  let characters = 0;
  for (const event of await ledger.eventsFrom(reached.seq + 1, Math.min(mostEvents, last - reached.seq))) {
    if (event.seq !== place.seq + 1 || event.prev !== place.hash || hashEvent(event) !== event.hash) throw brokenChain(place.seq + 1);
    const row = auditLogRow(event);
    characters += row.payload.length;
    if (rows.length > 0 && characters > mostCharacters) break;
    rows.push(row);
    place = { seq: event.seq, hash: event.hash };
  }
  if (rows.length === 0) throw brokenChain(reached.seq + 1);
  return { rows, reached: place };
}

async function refuseOtherHistory({ ledger }: ShipDeps, head: SignedHead, evidence: AuditEvidence): Promise<void> {
  const hashAt = async (seq: number) => (await ledger.eventsFrom(seq, 1))[0]?.hash ?? null;
  const problem = await compareEvidence({ lineage: head.lineage, publicKey: head.publicKey, events: head.seq, hashAt }, evidence);
  // An anchor that somebody else has put there says nothing of this chain; verification tells of it.
  if (problem !== null && problem.problem !== 'signature') throw otherHistory(problem);
}

function otherHistory({ seq, problem, text }: ChainProblem): AppFailure {
  const cause = problem === 'truncated' ? 'An older ledger.db was put back, or its end was cut off.' : 'The two have gone different ways.';
  return new AppFailure('verification-failed', `${text} ${cause} Nothing was copied, and no run can start. Put the ledger.db back that the warehouse has the events of; where there is none, make a new workspace with init in another folder.`, { fork: true, seq, problem });
}

function brokenChain(seq: number): AppFailure {
  return new AppFailure('verification-failed', `The audit log on this machine is broken at event ${seq}, so that it is copied no further. Run audit verify, and restore ledger.db from a backup.`, { fork: false, seq });
}
