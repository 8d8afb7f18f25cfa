import type { PendingDetail } from '../../shared/domain/pending-change.ts';
import type { Ledger } from './ports.ts';
import { summarizeEvent } from './summarize-event.ts';

const newest = 50;

/** Adds what the audit log knows of the record, newest first, at most 50 events. */
export async function withHistory(ledger: Ledger, item: Omit<PendingDetail, 'history'>): Promise<PendingDetail> {
  const { events } = await ledger.events({ key: item.key, limit: newest });
  return { ...item, history: events.map((event) => ({ seq: event.seq, at: event.at, actor: event.actor, type: event.type, summary: summarizeEvent(event) })) };
}
