import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { outcomeOf } from '../../../shared/domain/outcome.ts';
import type { LedgerWrite, RecordIntent, RecordResult, RunRow } from '../ledger-ports.ts';
import { chunkStateOf } from './chunks.ts';
import type { Values } from './compare.ts';
import { runNow, type ChunkWork, type PushSession, type WorkItem } from './session.ts';

/** What became of one record, for the ledger. */
export interface ItemResult {
  item: WorkItem;
  result: Omit<RecordResult, 'key' | 'kind'>;
}

/** One record that is about to be sent. */
export interface ItemIntent {
  item: WorkItem;
  beforeImage: Values | null;
  sent: Values;
}

/** A step of one chunk as it goes into the ledger. */
export interface ChunkStep {
  intents?: readonly ItemIntent[];
  results?: readonly ItemResult[];
  /** Events of the step besides those of its records, and writes that go with them. */
  events?: readonly NewAuditEvent[];
  writes?: readonly LedgerWrite[];
  /** The run as it is to be stored; as it is now, where nothing else is said. */
  run?: RunRow;
}

/**
 * Writes one step of a chunk durably, with its events, and brings the items and the tally in line.
 *
 * Shape:  every intent belongs to one `chunk.sending` event; every result but `planned` has its `record.pushed`.
 *         A step without any event is not worth a transaction: the open intents say the same.
 * Errors: `audit-not-writable` when it cannot be made durable; then nothing may be sent.
 */
export async function storeStep(session: PushSession, chunk: ChunkWork, step: ChunkStep): Promise<void> {
  const intents = step.intents ?? [];
  const results = step.results ?? [];
  const told = results.filter(({ result }) => result.state !== 'planned');
  const events = [...told.map((each) => pushedEvent(session, chunk, each)), ...(intents.length > 0 ? [sendingEvent(session, chunk, intents)] : []), ...(step.events ?? [])];
  if (events.length === 0 && results.length > 0) throw new Error('A step with results needs an event.');
  if (events.length === 0) return;
  const sentAt = session.deps.org.now();
  const writes: LedgerWrite[] = [];
  if (results.length > 0) writes.push({ write: 'record.results', runId: session.run.id, results: results.map(({ item, result }) => ({ key: item.record.key, kind: item.record.kind, ...result })) });
  if (intents.length > 0) writes.push({ write: 'record.intents', runId: session.run.id, intents: intents.map((each) => recordIntent(chunk, each, sentAt)) });
  const next = new Map<WorkItem, WorkItem['record']['state']>();
  for (const { item, result } of results) next.set(item, result.state);
  for (const { item } of intents) next.set(item, 'sending');
  const state = chunkStateOf(chunk.items.map((item) => next.get(item) ?? item.record.state));
  writes.push({ write: 'chunk.put', runId: session.run.id, chunk: { number: chunk.number, operation: chunk.operation, records: chunk.items.length, state } });
  writes.push(...(step.writes ?? []), { write: 'run.put', run: step.run ?? runNow(session) });
  await session.deps.ledger.commit({ events, writes });

  for (const [item, state] of next) {
    session.tally.set(item.record.state, (session.tally.get(item.record.state) ?? 0) - 1);
    session.tally.set(state, (session.tally.get(state) ?? 0) + 1);
  }
  for (const { item, beforeImage, sent } of intents) {
    item.record = { ...item.record, state: 'sending', sentAt, chunk: chunk.number, attempts: item.record.attempts + 1, beforeImage, sent };
  }
  for (const { item, result } of results) {
    item.record = { ...item.record, state: result.state, code: result.code, salesforceId: result.salesforceId };
  }
}

function recordIntent(chunk: ChunkWork, { item, beforeImage, sent }: ItemIntent, sentAt: string | null): RecordIntent {
  return { key: item.record.key, kind: item.record.kind, chunk: chunk.number, beforeImage, sent, sentAt };
}

function sendingEvent(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): NewAuditEvent {
  return {
    type: 'chunk.sending',
    actor: session.actor,
    batchId: session.batch.id,
    runId: session.run.id,
    keys: intents.map(({ item }) => item.record.key),
    data: { chunk: chunk.number, operation: chunk.operation, records: intents.length },
  };
}

function pushedEvent(session: PushSession, chunk: ChunkWork, { item, result }: ItemResult): NewAuditEvent {
  const { record } = item;
  const fields = Object.entries(record.fields);
  return {
    type: 'record.pushed',
    actor: session.actor,
    batchId: session.batch.id,
    runId: session.run.id,
    keys: [record.key],
    data: {
      key: record.key,
      kind: record.kind,
      chunk: chunk.number,
      outcome: outcomeOf(result.state),
      code: result.code,
      message: result.message,
      fields: [...result.fields],
      before: record.kind === 'create' ? null : Object.fromEntries(fields.map(([field, value]) => [field, valueBefore(record, field, value)])),
      after: Object.fromEntries(fields.map(([field, value]) => [field, value.after])),
      sent: record.sent === null ? null : { ...record.sent },
      now: result.now === null ? null : { ...result.now },
      contributors: [...record.contributors],
      salesforceId: result.salesforceId,
      attempts: record.attempts,
    },
  };
}

/** Just before the write; a field that was not sent held the proposed value already. What was never sent shows the reviewed value. */
function valueBefore({ beforeImage }: WorkItem['record'], field: string, value: { before: FieldValue; after: FieldValue }): FieldValue {
  return beforeImage === null ? value.before : (beforeImage[field] ?? (field in beforeImage ? null : value.after));
}
