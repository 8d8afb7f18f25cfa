import { look, type Looked } from './look.ts';
import { isUnsettled, type ChunkWork, type PushSession, type WorkItem } from './session.ts';

/** An older look says too little of what Salesforce holds now. */
const freshMs = 2_000;

/**
 * Begins to look at the next chunk while this one is read back. Nothing of it is written before its turn.
 *
 * Errors: never throws; a look that failed is begun anew in its turn.
 */
export function lookAhead(session: PushSession): void {
  const { next } = session;
  if (next === null || session.ahead?.chunk === next) return;
  const items = unsettledOf(next);
  if (items.some((item) => item.isOpen)) return;
  session.ahead = { chunk: next, at: session.deps.clock.elapsedMs(), looked: look(session, items).catch(() => null) };
}

/** The early look at exactly these records of a chunk, where there is a fresh one; each is used once. */
export async function takeLookedAhead(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<Looked[] | null> {
  const { ahead } = session;
  if (ahead?.chunk !== chunk) return null;
  session.ahead = null;
  const looked = await ahead.looked;
  if (looked === null || session.deps.clock.elapsedMs() - ahead.at > freshMs || looked.length !== items.length) return null;
  return looked.every(({ item }, index) => item === items[index]) ? looked : null;
}

/** The records of a chunk that still have to be dealt with. */
export function unsettledOf(chunk: ChunkWork): WorkItem[] {
  return chunk.items.filter((item) => isUnsettled(item.record.state));
}
