import type { OrgCallError } from '../org-ports.ts';
import { backoffMs } from './backoff.ts';
import { mayTryAgain, toOrgCallError } from './call-failure.ts';
import { intentOf, updateOf } from './intent.ts';
import { settleJob, type JobEnd } from './job-results.ts';
import { awaitJob, endJob, giveUpJob, jobStep } from './job-steps.ts';
import { look } from './look.ts';
import { enterPhase, waitFor } from './progress.ts';
import { isUnsettled, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { settledResults } from './settled.ts';
import { stopOf, stopRequested } from './stop-reason.ts';
import { storeStep, type ItemIntent } from './store.ts';

/**
 * Pushes the records of a chunk by one job of Bulk API 2.0: look, intents, job, upload, close, wait, results, read-back.
 *
 * Shape:  `left` are the records that still have to go by calls: those that a job cannot carry, that were locked, or that the job
 *         never reached. The id of the job is durable before anything can be written by it, and that it may write before it is closed.
 * Errors: `audit-not-writable`: nothing more may be sent.
 */
export async function pushByJob(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<JobEnd> {
  if (items.length === 0) return { left: [], stop: null };
  try {
    const intents = await intend(session, chunk, items);
    const sent = new Set(intents.map(({ item }) => item));
    const left = items.filter((item) => isUnsettled(item.record.state) && !sent.has(item));
    if (intents.length === 0) return { left, stop: null };
    const job = await closedJob(session, chunk, intents);
    if (job.stop !== null) return { left: [], stop: job.stop };
    enterPhase(session, 'job');
    const ended = await awaitJob(session, job.id);
    const end = await settleJob(session, chunk, job.id, ended, intents);
    return { left: [...left, ...end.left], stop: end.stop };
  } catch (error) {
    return { left: [], stop: stopOf(error) };
  }
}

/** Looks at the records, settles what needs no job, and makes the intents of the rest durable together with that a job is asked for. */
async function intend(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<ItemIntent[]> {
  enterPhase(session, 'reading');
  const looked = await look(session, items);
  const intents = looked.flatMap((each) => {
    const intent = each.verdict.verdict === 'send' ? intentOf(session, each, each.verdict.fields) : null;
    return intent !== null && canCarry(intent) ? [intent] : [];
  });
  const step = intents.length === 0 ? {} : jobStep(session, chunk, { jobId: null, state: 'creating' }, { records: intents.length });
  await storeStep(session, chunk, { results: settledResults(looked), intents, ...step });
  for (const { item } of intents) item.isOpen = true;
  return intents;
}

/** In the CSV of a job `#N/A` means blank, so a text that reads so goes by calls. Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files". */
function canCarry({ sent }: ItemIntent): boolean {
  return !Object.values(sent).includes('#N/A');
}

/** Makes, fills and closes a job; a step that fails gives the job up and begins with a new one, a few times. */
async function closedJob(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<{ id: string; stop: null } | { id: null; stop: StopReason }> {
  enterPhase(session, 'writing');
  const give = async (stop: StopReason, jobId: string | null): Promise<{ id: null; stop: StopReason }> => {
    for (const { item } of intents) item.isOpen = false;
    await endJob(session, chunk, jobId, { outcome: 'given up before it was closed' });
    return { id: null, stop };
  };
  for (let tries = 1; ; tries += 1) {
    if (session.stop.aborted) return give(stopRequested(session.stop), null);
    const made = await openJob(session, chunk, intents);
    if (made.error === null) {
      await storeStep(session, chunk, jobStep(session, chunk, { jobId: made.id, state: 'closing' }));
      await closeJob(session, made.id);
      return { id: made.id, stop: null };
    }
    session.deps.logger.warn('push.job-failed', { runId: session.run.id, chunk: chunk.number, jobId: made.id, code: made.error.code, effect: made.error.effect });
    // It was never closed here. A job that is closed all the same writes these very records.
    if (made.id !== null && !(await giveUpJob(session, made.id))) return { id: made.id, stop: null };
    if (!mayTryAgain(made.error, tries)) return give({ code: made.error.code, message: made.error.message }, made.id);
    await waitFor(session, backoffMs(tries, made.error.retryAfterMs));
    await storeStep(session, chunk, jobStep(session, chunk, { jobId: null, state: 'creating' }, { records: intents.length }));
  }
}

/** Asks for a job, makes its id durable, and uploads the records. Nothing is written by that. */
async function openJob(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<{ id: string; error: null } | { id: string | null; error: OrgCallError }> {
  const { bulk } = session.deps.org;
  let id: string | null = null;
  try {
    const isCreate = chunk.operation === 'create';
    const job = await bulk.create({ object: session.mapping.object, operation: isCreate ? 'insert' : 'update' }, session.never);
    id = job.id;
    await storeStep(session, chunk, jobStep(session, chunk, { jobId: id, state: 'open' }));
    await bulk.upload({ jobId: id, records: intents.map((intent) => (isCreate ? intent.sent : updateOf(intent))) }, session.never);
    return { id, error: null };
  } catch (error) {
    return { id, error: toOrgCallError(error) };
  }
}

/**
 * Closes a job, so that Salesforce begins to work on it.
 *
 * Errors: the org's own failures, when it cannot be told whether the job is closed. It is then asked for when the run is resumed.
 */
async function closeJob(session: PushSession, jobId: string): Promise<void> {
  const { bulk } = session.deps.org;
  for (let tries = 1; ; tries += 1) {
    try {
      await bulk.close(jobId, session.never);
      return;
    } catch (error) {
      const failure = toOrgCallError(error);
      const job = await bulk.job(jobId, session.never);
      if (job === null || job.state !== 'Open') return;
      if (!mayTryAgain(failure, tries)) throw error;
      await waitFor(session, backoffMs(tries, failure.retryAfterMs));
    }
  }
}
