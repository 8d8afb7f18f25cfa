import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import type { CallParsed } from '../../../shared/contract.ts';
import type { CallContext, Ledger } from '../ports.ts';
import type { AuditTable } from '../warehouse-ports.ts';

/**
 * Verifies the chain and records that it was verified.
 *
 * Shape:  nothing is written to a broken chain, nor where nothing may be written.
 * Errors: none for a broken chain; that is what the report says.
 */
export async function verifyAudit(deps: { ledger: Ledger; table: AuditTable; readOnly: boolean }, { actor }: CallContext, _input: CallParsed<'audit.verify'>): Promise<ChainReport> {
  const report = await deps.ledger.verify();
  if (report.ok && !deps.readOnly) {
    await deps.ledger.commit({ events: [{ type: 'audit.verified', actor, batchId: null, runId: null, keys: [], data: { ok: report.ok, events: report.events, head: report.head } }], writes: [] });
  }
  return report;
}
