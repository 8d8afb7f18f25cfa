import * as z from 'zod';
import { auditEventSchema, type AuditEvent, type ChainReport } from '../../../shared/domain/audit-event.ts';
import { canonicalJson, sha256 } from '../canonical.ts';

export type ChainProblem = NonNullable<ChainReport['firstBad']>;

/** What the first event of a chain names as the hash before it. */
export const chainStart = '0'.repeat(64);

/** What a report says of the warehouse's copy of the head when nobody looked. */
export const anchorNotAsked: ChainReport['anchor'] = { state: 'not-asked', seq: null, head: null, at: null, text: null };

/** True for an instant as the app writes it: ISO 8601, UTC, milliseconds. */
export function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
}

const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
const digest = z.string().regex(/^[0-9a-f]{64}$/u);

/** An event as it is stored. A kind that a newer version has added is still an event. */
const storedEventSchema = auditEventSchema.extend({
  type: z.string().regex(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/u),
  id: uuid, lineage: uuid, at: z.string().refine(isInstant), prev: digest, hash: digest,
});

/** Hash of an event: SHA-256 of the canonical JSON of all its members but `hash`. */
export function hashEvent(event: Omit<AuditEvent, 'hash'>): string {
  const { hash: _, ...hashed } = event as AuditEvent;
  return sha256(canonicalJson(hashed));
}

/**
 * Chains an event: gives it its hash and writes it as it is stored.
 *
 * Shape:  `bytes` is the canonical JSON of the whole event. It is written in two parts, since `hash` comes between `data` and
 *         `id` in its order, so that no member is put into canonical form twice.
 */
export function chainEvent(facts: Omit<AuditEvent, 'hash'>): { event: AuditEvent; bytes: string } {
  const { actor, at, batchId, data, ...rest } = facts;
  const start = canonicalJson({ actor, at, batchId, data }).slice(0, -1);
  const end = canonicalJson(rest).slice(1);
  const hash = sha256(`${start},${end}`);
  return { event: { ...facts, hash }, bytes: `${start},"hash":"${hash}",${end}` };
}

/** Follows a chain event by event. */
export interface ChainWalk {
  /** Takes the stored bytes of the next event; answers with what is wrong with it, or null. After a problem the walk stays where it was. */
  take(bytes: string): ChainProblem | null;
  /** The event taken last. */
  last(): AuditEvent | null;
  events(): number;
  head(): string | null;
  /** What is odd without being wrong. */
  warnings(): string[];
}

/**
 * Starts a walk at the first event of a chain.
 *
 * Errors: never throws; bytes that cannot be read are `altered`. A gap is `missing`: whoever sees all events can tell
 *         whether the event turns up later and is only `reordered`.
 */
export function createChainWalk(): ChainWalk {
  let last: AuditEvent | null = null;
  let jumps = 0;
  let firstJump = '';
  const take = (bytes: string): ChainProblem | null => {
    const seq = (last?.seq ?? 0) + 1;
    const event = readEvent(bytes);
    if (event === null) return { seq, problem: 'altered', text: `Event ${seq} is not in the form in which it was written.` };
    if (hashEvent(event) !== event.hash) return { seq, problem: 'altered', text: `Event ${seq} does not match its own hash.` };
    if (last !== null && event.lineage !== last.lineage) return { seq, problem: 'foreign', text: `Event ${seq} comes from another ledger.` };
    if (event.seq < seq) return { seq, problem: 'reordered', text: `Event ${event.seq} stands where event ${seq} belongs.` };
    if (event.seq > seq) return { seq, problem: 'missing', text: `Event ${seq} is missing; event ${event.seq} follows instead.` };
    if (event.prev !== (last?.hash ?? chainStart)) return { seq, problem: 'altered', text: `Event ${seq} does not continue the event before it.` };
    if (seq === 1 && event.type !== 'ledger.created') return { seq, problem: 'altered', text: 'Event 1 is not the creation of a ledger.' };
    if (seq > 1 && event.type === 'ledger.created') return { seq, problem: 'foreign', text: `A ledger begins anew at event ${seq}.` };
    if (last !== null && event.at < last.at) {
      jumps += 1;
      firstJump ||= `event ${seq}, from ${last.at} to ${event.at}`;
    }
    last = event;
    return null;
  };
  const warnings = () => (jumps === 0 ? [] : [`The clock went back ${jumps === 1 ? 'once' : `${jumps} times`}, first at ${firstJump}. The order of the events is that of their numbers.`]);
  return { take, last: () => last, events: () => last?.seq ?? 0, head: () => last?.hash ?? null, warnings };
}

/** Reads one event; null unless the bytes are exactly its canonical JSON. */
export function readEvent(bytes: string): AuditEvent | null {
  try {
    const parsed = storedEventSchema.safeParse(JSON.parse(bytes));
    return parsed.success && canonicalJson(parsed.data) === bytes ? (parsed.data as AuditEvent) : null;
  } catch {
    // Text that is no JSON, or JSON that has no canonical form, is no event.
    return null;
  }
}
