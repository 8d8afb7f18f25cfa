import type { Shipping } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../app-failure.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { AuditTable } from '../warehouse-ports.ts';

export interface ShipDeps {
  ledger: Ledger;
  table: AuditTable;
  clock: Clock;
}

/** How far the audit log has been copied. */
export async function describeShipping({ ledger, table }: ShipDeps, limit: number | null): Promise<Shipping> {
  const [stored, head] = await Promise.all([ledger.shipping(), ledger.chainHead()]);
  return { place: table.place, events: head.events, shipped: stored.shipped, backlog: head.events - stored.shipped, at: stored.at, anchor: stored.anchor, failure: stored.failure, limit };
}

/** Copies what waits to the warehouse, then the signed head of the chain. */
export async function shipAudit(_deps: ShipDeps, _signal: AbortSignal): Promise<void> {
  throw new AppFailure('not-available-here', 'Copying the audit log is being built.');
}
