import { generateSigningKeys, signCheckpoint } from '../../../electron/adapters/sqlite/ledger/checkpoint-signing.ts';
import type { SignedHead } from '../../../electron/core/audit/audit-log-row.ts';
import { chainStart, hashEvent } from '../../../electron/core/audit/chain.ts';
import { needsCheckpoint } from '../../../electron/core/audit/checkpoint.ts';
import { canonicalJson } from '../../../electron/core/canonical.ts';
import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import type { HonestLog } from './honest-log.ts';

/** What a forger leaves behind. */
export interface ForgedLog {
  lines: readonly string[];
  checkpoints: readonly string[];
}

export const readEvents = ({ lines }: Pick<HonestLog, 'lines'>): AuditEvent[] => lines.map((line) => JSON.parse(line) as AuditEvent);

export const readHeads = ({ checkpoints }: Pick<HonestLog, 'checkpoints'>): SignedHead[] => checkpoints.map((line) => JSON.parse(line) as SignedHead);

export const toLine = (event: AuditEvent): string => canonicalJson(event);

export const toCheckpointLine = (head: SignedHead): string => canonicalJson({ v: 1, ...head });

/** One event with its own hash put right. */
export function withOwnHash(event: AuditEvent): AuditEvent {
  return { ...event, hash: hashEvent(event) };
}

/** All events numbered and chained anew. */
export function rechain(events: readonly AuditEvent[]): AuditEvent[] {
  let prev = chainStart;
  return events.map((event, place) => {
    const chained = withOwnHash({ ...event, seq: place + 1, prev });
    prev = chained.hash;
    return chained;
  });
}

/** Checkpoints wherever one must stand and at the end, signed with a key. */
export function signAll(events: readonly AuditEvent[], publicKey: string, privateKey: string): SignedHead[] {
  return events
    .filter((event) => needsCheckpoint(event) || event.seq === events.length)
    .map(({ seq, hash: head, at, lineage }) => ({ lineage, publicKey, seq, head, at, signature: signCheckpoint(privateKey, lineage, { seq, head, at }) }));
}

/** How far a forger goes after events were changed. */
export type Effort = 'chained anew' | 'chained anew, checkpoints thrown away' | 'chained anew, signed with another key' | "chained anew, signed with the ledger's key";
export const efforts: readonly Effort[] = ['chained anew', 'chained anew, checkpoints thrown away', 'chained anew, signed with another key', "chained anew, signed with the ledger's key"];

/** Covers up a change of the events with the given effort. */
export function coverUp(log: HonestLog, changed: readonly AuditEvent[], effort: Effort): ForgedLog {
  const publicKey = String(readEvents(log)[0]?.data['publicKey']);
  if (effort === 'chained anew, signed with another key') {
    const keys = generateSigningKeys();
    const events = rechain(changed.map((event) => (event.type === 'ledger.created' ? { ...event, data: { ...event.data, publicKey: keys.publicKey } } : event)));
    return { lines: events.map(toLine), checkpoints: signAll(events, keys.publicKey, keys.privateKey).map(toCheckpointLine) };
  }
  const events = rechain(changed);
  const lines = events.map(toLine);
  if (effort === 'chained anew') return { lines, checkpoints: log.checkpoints };
  if (effort === 'chained anew, checkpoints thrown away') return { lines, checkpoints: log.checkpoints.slice(0, 1) };
  return { lines, checkpoints: signAll(events, publicKey, log.privateKey).map(toCheckpointLine) };
}
