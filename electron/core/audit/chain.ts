import { auditEventSchema, type AuditEvent, type ChainReport } from '../../../shared/domain/audit-event.ts';
import { canonicalJson, sha256 } from '../canonical.ts';

export type ChainProblem = NonNullable<ChainReport['firstBad']>;

/** What the first event of a chain names as the hash before it. */
export const chainStart = '0'.repeat(64);

/** What a report says of the warehouse's copy of the head when nobody looked. */
export const anchorNotAsked: ChainReport['anchor'] = { state: 'not-asked', seq: null, head: null, at: null, text: null };

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
}

/**
 * Starts a walk at the first event of a chain.
 *
 * Errors: never throws; bytes that cannot be read are `altered`. A gap is `missing`: whoever sees all events can tell
 *         whether the event turns up later and is only `reordered`.
 */
export function createChainWalk(): ChainWalk {
  let last: AuditEvent | null = null;
  const take = (bytes: string): ChainProblem | null => {
    const seq = (last?.seq ?? 0) + 1;
    const event = readEvent(bytes);
    if (event === null) return { seq, problem: 'altered', text: `Event ${seq} is not in the form in which it was written.` };
    if (hashEvent(event) !== event.hash) return { seq, problem: 'altered', text: `Event ${seq} does not match its own hash.` };
    if (last !== null && event.lineage !== last.lineage) return { seq, problem: 'foreign', text: `Event ${seq} comes from another ledger.` };
    if (event.seq < seq) return { seq, problem: 'reordered', text: `Event ${event.seq} stands where event ${seq} belongs.` };
    if (event.seq > seq) return { seq, problem: 'missing', text: `Event ${seq} is missing; event ${event.seq} follows instead.` };
    if (event.prev !== (last?.hash ?? chainStart)) return { seq, problem: 'altered', text: `Event ${seq} does not continue the event before it.` };
    last = event;
    return null;
  };
  return { take, last: () => last, events: () => last?.seq ?? 0, head: () => last?.hash ?? null };
}

/** Reads one event; null unless the bytes are exactly its canonical JSON. */
export function readEvent(bytes: string): AuditEvent | null {
  try {
    const parsed = auditEventSchema.safeParse(JSON.parse(bytes));
    return parsed.success && canonicalJson(parsed.data) === bytes ? parsed.data : null;
  } catch {
    // Text that is no JSON, or JSON that has no canonical form, is no event.
    return null;
  }
}
