import { OrgCallError, type WriteResult } from '../org-ports.ts';
import { toOrgCallError } from './call-failure.ts';
import { intentOf, updateOf } from './intent.ts';
import { look } from './look.ts';
import { lookAhead, takeLookedAhead } from './look-ahead.ts';
import { settleWritten, type Written } from './read-back.ts';
import { isContended, isSameId, refusedResult } from './record-answer.ts';
import { sortLooked, splitFinal } from './settled.ts';
import { markLost, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { storeStep, type ItemIntent, type ItemResult } from './store.ts';

/** What is left of one call. */
export interface SendEnd {
  /** Certainly not written because of somebody else's work on the record, to be tried again alone. */
  contended: WorkItem[];
  /** A lost call may still write them: to be looked at again later. */
  hot: WorkItem[];
  /** The call failed as a whole, or its answer cannot be trusted. */
  failure: { error: OrgCallError; items: WorkItem[] } | null;
  /** The org went away after the call. */
  stop: StopReason | null;
}

/**
 * Deals with records once: re-read, compare, before-image and intents made durable, one call, outcomes, read-back.
 *
 * Errors: what reading before the call throws (nothing was written then), and `audit-not-writable`.
 */
export async function sendOnce(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<SendEnd> {
  const looked = (await takeLookedAhead(session, chunk, items)) ?? (await look(session, items));
  const { toSend: unwritten, settled, hot } = sortLooked(session, looked);
  const toSend = unwritten.map((each) => intentOf(session, each.looked, each.fields));
  for (const { item } of toSend) item.isOpen = false;
  await storeStep(session, chunk, { results: settled, intents: toSend });
  const end: SendEnd = { contended: [], hot, failure: null, stop: null };
  if (toSend.length === 0) return end;

  for (const { item } of toSend) item.isOpen = true;
  const sentAt = session.deps.clock.elapsedMs();
  const answer = await callOrg(session, chunk, toSend);
  if (answer instanceof OrgCallError) {
    end.failure = { error: answer, items: toSend.map(({ item }) => item) };
    for (const { item } of toSend) {
      if (answer.effect === 'unknown') markLost(session, item, sentAt);
      else item.isOpen = false;
    }
    return end;
  }
  lookAhead(session);
  return storeAnswer(session, chunk, { sent: toSend, sentAt }, answer, end);
}

async function storeAnswer(session: PushSession, chunk: ChunkWork, call: { sent: readonly ItemIntent[]; sentAt: number }, answer: readonly WriteResult[], end: SendEnd): Promise<SendEnd> {
  const { sent, sentAt } = call;
  const written: Written[] = [];
  const results: ItemResult[] = [];
  for (const [index, intent] of sent.entries()) {
    const said = answer[index];
    if (said === undefined) continue;
    if (said.ok) written.push({ ...intent, salesforceId: said.id });
    else if (isContended(intent.item, said.code)) end.contended.push(intent.item);
    else results.push({ item: intent.item, result: refusedResult(intent.item, said) });
  }
  for (const item of end.contended) {
    item.contendedTries += 1;
    item.isOpen = false;
  }
  const readBack = await settleWritten(session, written, results);
  if (readBack.untrusted !== null) {
    for (const { item } of sent) markLost(session, item, sentAt);
    return { contended: [], hot: end.hot, failure: { error: readBack.untrusted, items: sent.map(({ item }) => item) }, stop: null };
  }
  // Only once it is durable: until then the call may have written what the ledger knows nothing of.
  const { final, hot } = splitFinal(session, readBack.results);
  await storeStep(session, chunk, { results: final });
  for (const { item, result } of final) item.isOpen = result.state === 'unknown';
  end.hot.push(...hot);
  return { ...end, stop: readBack.stop };
}

async function callOrg(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<WriteResult[] | OrgCallError> {
  try {
    const answer = await write(session, chunk, intents);
    return isFor(answer, chunk, intents) ? answer : new OrgCallError({ effect: 'unknown', code: 'UNREADABLE_ANSWER', message: 'The answer does not belong to the records that were sent.' });
  } catch (error) {
    return toOrgCallError(error);
  }
}

function write({ deps, mapping, run, never }: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<WriteResult[]> {
  const { org } = deps;
  const { object } = mapping;
  if (chunk.operation === 'create') {
    const request = { object, records: intents.map(({ sent }) => sent) };
    return run.mode === 'strict' ? org.insertStrict(request, never) : org.insert(request, never);
  }
  if (run.mode !== 'strict') return org.update({ object, records: intents.map(updateOf) }, never);
  const records = intents.map((intent) => ({ record: updateOf(intent), unmodifiedSince: String(intent.beforeImage?.['LastModifiedDate'] ?? '') }));
  return org.updateStrict({ object, records }, never);
}

/** An answer counts only when it has one entry per record, names the records that were updated, and creates none twice. */
function isFor(answer: readonly WriteResult[], chunk: ChunkWork, intents: readonly ItemIntent[]): boolean {
  if (answer.length !== intents.length) return false;
  if (chunk.operation === 'update') return answer.every((said, index) => !said.ok || isSameId(said.id, intents[index]?.item.record.recordId));
  const ids = answer.flatMap((said) => (said.ok ? [said.id] : []));
  return new Set(ids).size === ids.length;
}
