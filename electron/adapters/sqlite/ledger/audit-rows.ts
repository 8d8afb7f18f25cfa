import { randomUUID } from 'node:crypto';
import type { CallOutput, CallParsed } from '../../../../shared/contract.ts';
import { newAuditEventSchema, type AuditEvent, type NewAuditEvent } from '../../../../shared/domain/audit-event.ts';
import type { HistoryEntry } from '../../../../shared/domain/pending-change.ts';
import { summarizeEvent } from '../../../../shared/domain/summarize-event.ts';
import { chainEvent, chainStart } from '../../../core/audit/chain.ts';
import { needsCheckpoint } from '../../../core/audit/checkpoint.ts';
import type { Ledger } from '../../../core/ledger-ports.ts';
import type { SqliteDatabase } from '../open-database.ts';
import { signCheckpoint, signText } from './checkpoint-signing.ts';

export interface AuditRows {
  /** Chains and stores events. Must run inside the transaction of their step. */
  append(events: readonly NewAuditEvent[]): AuditEvent[];
  /** Signs the head if no checkpoint stands there yet. */
  checkpointHead(): void;
  /** `alsoOf`: an event of the key that `audit_event_key` does not name yet. */
  page(input: CallParsed<'audit.page'>, alsoOf: number | null): CallOutput<'audit.page'>;
  /** What the newest events of a key say, newest first; `alsoOf` as of `page`. */
  history(key: string, limit: number, alsoOf: number | null): HistoryEntry[];
  from(seq: number, limit: number): AuditEvent[];
  head(): { events: number; head: string | null };
  checkpoints(): CallOutput<'audit.checkpoints'>;
  /** As `checkpointHead`, and answers with the checkpoint that stands at the head. */
  signHead(): Awaited<ReturnType<Ledger['signHead']>>;
  /** Signs a text with the ledger's own key. */
  sign(text: string): Awaited<ReturnType<Ledger['sign']>>;
  publicKey(): string;
  readonly lineage: string;
}

/** So many lines of history are kept for the next record; an event of a step in bulk is one for each of its 10,000 records. */
const mostKept = 5_000;

/** The audit log's rows in one ledger. */
export function createAuditRows(db: SqliteDatabase, now: () => string): AuditRows {
  const metaOf = (name: string) => (db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as string | undefined) ?? null;
  const lineage = metaOf('lineage') ?? '';
  const lastRow = db.prepare('SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1');
  const insertEvent = db.prepare('INSERT INTO audit_event (seq, bytes, hash, id, type, actor, batch_id, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertKey = db.prepare('INSERT OR IGNORE INTO audit_event_key (key, seq) VALUES (?, ?)');
  const insertCheckpoint = db.prepare('INSERT OR IGNORE INTO checkpoint (seq, head, at, signature) VALUES (?, ?, ?, ?)');

  const last = () => lastRow.get() as { seq: number; hash: string } | undefined;
  const publicKey = () => metaOf('public_key') ?? '';
  const checkpoint = (seq: number, head: string) => {
    const at = now();
    insertCheckpoint.run(seq, head, at, signCheckpoint(metaOf('private_key') ?? '', lineage, { seq, head, at }));
  };

  const append = (events: readonly NewAuditEvent[]): AuditEvent[] => {
    let { seq, hash } = last() ?? { seq: 0, hash: chainStart };
    const at = now();
    return events.map((given) => {
      seq += 1;
      const facts = { v: 1 as const, seq, id: randomUUID(), lineage, at, ...newAuditEventSchema.parse(given), prev: hash };
      const { event, bytes } = chainEvent(facts);
      hash = event.hash;
      insertEvent.run(seq, bytes, hash, event.id, event.type, event.actor, event.batchId, event.runId);
      for (const key of event.keys) insertKey.run(key, seq);
      if (needsCheckpoint(event)) checkpoint(seq, hash);
      return event;
    });
  };

  const page = (input: CallParsed<'audit.page'>, alsoOf: number | null): CallOutput<'audit.page'> => {
    const conditions: [string, unknown][] = [];
    if (input.key !== undefined) conditions.push([`e.seq IN (SELECT seq FROM audit_event_key WHERE key = ? UNION ALL SELECT ${alsoOf ?? 0})`, input.key]);
    if (input.batchId !== undefined) conditions.push(['e.batch_id = ?', input.batchId]);
    if (input.type !== undefined) conditions.push(['e.type = ?', input.type]);
    if (input.actor !== undefined) conditions.push(['e.actor = ?', input.actor]);
    if (input.text !== undefined && input.text !== '') conditions.push([`e.bytes LIKE ? ESCAPE '!'`, `%${input.text.replace(/[!%_]/gu, '!$&')}%`]);
    const where = (list: readonly [string, unknown][]) => (list.length === 0 ? '' : `WHERE ${list.map(([sql]) => sql).join(' AND ')}`);
    const total = db.prepare(`SELECT COUNT(*) FROM audit_event e ${where(conditions)}`).pluck().get(...conditions.map(([, value]) => value)) as number;
    const bounded: [string, unknown][] = input.before === undefined ? conditions : [...conditions, ['e.seq < ?', input.before]];
    const rows = db.prepare(`SELECT e.bytes FROM audit_event e ${where(bounded)} ORDER BY e.seq DESC LIMIT ?`).pluck().all(...bounded.map(([, value]) => value), input.limit + 1) as string[];
    const events = rows.slice(0, input.limit).map((bytes) => JSON.parse(bytes) as AuditEvent);
    return { total, events, next: rows.length > input.limit ? (events.at(-1)?.seq ?? null) : null };
  };

  const keysEvents = db.prepare('SELECT seq FROM audit_event WHERE seq IN (SELECT seq FROM audit_event_key WHERE key = :key UNION ALL SELECT :alsoOf) ORDER BY seq DESC LIMIT :limit').pluck();
  const eventBytes = db.prepare('SELECT bytes FROM audit_event WHERE seq = ?').pluck();
  const kept = new Map<number, HistoryEntry>();
  const entryOf = (seq: number): HistoryEntry => {
    const known = kept.get(seq);
    if (known) return known;
    const event = JSON.parse(eventBytes.get(seq) as string) as AuditEvent;
    const entry = { seq, at: event.at, actor: event.actor, type: event.type, summary: summarizeEvent(event) };
    if (kept.size >= mostKept) kept.clear();
    kept.set(seq, entry);
    return entry;
  };

  const checkpointHead = (): void => {
    const head = last();
    if (head && db.prepare('SELECT 1 FROM checkpoint WHERE seq = ?').get(head.seq) === undefined) checkpoint(head.seq, head.hash);
  };

  return {
    append,
    checkpointHead,
    lineage,
    signHead() {
      checkpointHead();
      const standing = db.prepare('SELECT seq, head, at, signature FROM checkpoint WHERE seq = ?').get(last()?.seq) as { seq: number; head: string; at: string; signature: string };
      return { lineage, publicKey: publicKey(), ...standing };
    },
    sign: (text) => ({ publicKey: publicKey(), signature: signText(metaOf('private_key') ?? '', text) }),
    publicKey,
    page,
    history: (key, limit, alsoOf) => (keysEvents.all({ key, limit, alsoOf }) as number[]).map(entryOf),
    from: (seq, limit) => (db.prepare('SELECT bytes FROM audit_event WHERE seq >= ? ORDER BY seq LIMIT ?').pluck().all(seq, limit) as string[]).map((bytes) => JSON.parse(bytes) as AuditEvent),
    head() {
      const head = last();
      return { events: head?.seq ?? 0, head: head?.hash ?? null };
    },
    checkpoints: () => ({
      checkpoints: db.prepare('SELECT seq, head, at, signature FROM checkpoint ORDER BY seq').all() as { seq: number; head: string; at: string; signature: string }[],
      publicKey: metaOf('public_key'),
    }),
  };
}
