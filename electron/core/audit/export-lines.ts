import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import { canonicalJson } from '../canonical.ts';
import { csvCell } from '../csv-cell.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { SignedHead } from './audit-log-row.ts';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';

const pageSize = 500;
const csvHeader = ['seq', 'at', 'actor', 'type', 'summary', 'batch', 'run', 'keys', 'data', 'prev', 'hash'] as const;

/** The events up to and including `last`, in the order of the chain. */
async function* eventsUpTo(ledger: Pick<Ledger, 'eventsFrom'>, last: number): AsyncGenerator<AuditEvent> {
  for (let seq = 1; seq <= last; ) {
    const events = await ledger.eventsFrom(seq, Math.min(pageSize, last - seq + 1));
    if (events.length === 0) return;
    yield* events;
    seq += events.length;
  }
}

/** JSON Lines: every event as it is chained, hash included, one a line. */
export async function* exportJsonl(ledger: Pick<Ledger, 'eventsFrom'>, last: number): AsyncGenerator<string> {
  for await (const event of eventsUpTo(ledger, last)) yield canonicalJson(event);
}

/** JSON Lines: the signed checkpoints up to and including `last`, each as it is anchored in the warehouse. */
export async function* exportCheckpoints(ledger: Pick<Ledger, 'checkpoints' | 'lineage'>, last: number): AsyncGenerator<string> {
  const { checkpoints, publicKey } = await ledger.checkpoints();
  const lineage = await ledger.lineage();
  for (const checkpoint of checkpoints) {
    const head: SignedHead = { lineage, publicKey: publicKey ?? '', ...checkpoint };
    if (checkpoint.seq <= last) yield canonicalJson({ v: 1, ...head });
  }
}

/** CSV for people and spreadsheets, with a heading line. No cell can be taken for a formula. */
export async function* exportCsv(ledger: Pick<Ledger, 'eventsFrom'>, last: number): AsyncGenerator<string> {
  yield csvHeader.join(',');
  for await (const event of eventsUpTo(ledger, last)) {
    const cells = [event.seq, event.at, event.actor, event.type, summarizeEvent(event), event.batchId, event.runId, event.keys.join(' '), canonicalJson(event.data), event.prev, event.hash];
    yield cells.map(csvCell).join(',');
  }
}
