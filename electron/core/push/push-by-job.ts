import { OrgCallError } from '../org-ports.ts';
import { backoffMs } from './backoff.ts';
import { mayTryAgain, toOrgCallError } from './call-failure.ts';
import { intentOf, updateOf } from './intent.ts';
import { settleJob, type JobEnd } from './job-results.ts';
import { awaitJob, endJob, giveUpJob, jobStep } from './job-steps.ts';
import { look } from './look.ts';
import { enterPhase, waitFor } from './progress.ts';
import { isUnsettled, type ChunkWork, type PushSession, type StopReason, type WorkItem } from './session.ts';
import { sortLooked } from './settled.ts';
import { reasonToStop, stopOf, stopRequested } from './stop-reason.ts';
import { storeStep, type ItemIntent } from './store.ts';

/** An upload takes 100 MB; what is longer goes by calls. A cell is no longer than its JSON. Source: Bulk API 2.0 Developer Guide, "Upload Job Data". */
const mostBytes = 80_000_000;

/**
 * Pushes the records of a chunk by one job of Bulk API 2.0: look, intents, job, upload, close, wait, results, read-back.
 *
 * Shape:  `left` are the records that still have to go by calls: those that a job cannot carry, that were locked, or that the job
 *         never reached. The id of the job is durable before anything can be written by it, and that it may write before it is closed.
 * Errors: `audit-not-writable`: nothing more may be sent.
 */
export async function pushByJob(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<JobEnd> {
  try {
    for (let tries = 1; ; tries += 1) {
      // Each try looks anew: a job that could not be made takes its time.
      const { intents, left } = await intend(session, chunk, items.filter((item) => isUnsettled(item.record.state)));
      if (intents.length === 0) return { left, stop: null };
      const job = await closedJob(session, chunk, intents);
      if (job.id !== null) {
        enterPhase(session, 'job');
        const end = await settleJob(session, chunk, job.id, await awaitJob(session, job.id), intents);
        return { left: [...left, ...end.left], stop: end.stop };
      }
      const { why } = job;
      if (!(why instanceof OrgCallError) || !mayTryAgain(why, tries)) return { left: [], stop: { code: why.code, message: why.message } };
      await waitFor(session, backoffMs(tries, why.retryAfterMs));
    }
  } catch (error) {
    return { left: [], stop: stopOf(error) };
  }
}

/** Looks at the records, settles what needs no job, and makes the intents of the rest durable together with that a job is asked for. */
async function intend(session: PushSession, chunk: ChunkWork, items: readonly WorkItem[]): Promise<{ intents: ItemIntent[]; left: WorkItem[] }> {
  enterPhase(session, 'reading');
  const { toSend, settled, hot } = sortLooked(session, await look(session, items));
  const intents: ItemIntent[] = [];
  const left: WorkItem[] = [...hot];
  let bytes = 0;
  for (const { looked, fields } of toSend) {
    const intent = intentOf(session, looked, fields);
    bytes += Buffer.byteLength(JSON.stringify(intent.sent), 'utf8');
    if (canCarry(intent) && bytes <= mostBytes) intents.push(intent);
    else left.push(intent.item);
  }
  const step = intents.length === 0 ? {} : jobStep(session, chunk, { jobId: null, state: 'creating' }, { records: intents.length });
  await storeStep(session, chunk, { results: settled, intents, ...step });
  for (const { item } of intents) item.isOpen = true;
  return { intents, left };
}

/** In the CSV of a job `#N/A` means blank, so a text that reads so goes by calls. Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files". */
function canCarry({ sent }: ItemIntent): boolean {
  return !Object.values(sent).includes('#N/A');
}

/** Makes, fills and closes a job. Without an id it was given up before it was closed, because the run is to stop or a step failed. */
async function closedJob(session: PushSession, chunk: ChunkWork, intents: readonly ItemIntent[]): Promise<{ id: string } | { id: null; why: StopReason | OrgCallError }> {
  enterPhase(session, 'writing');
  const made = await openJob(session, chunk, intents);
  const why = (await reasonToStop(session)) ?? made.error;
  if (why === null && made.id !== null) {
    await storeStep(session, chunk, jobStep(session, chunk, { jobId: made.id, state: 'closing' }));
    await closeJob(session, made.id);
    return { id: made.id };
  }
  session.deps.logger.warn('push.job-given-up', { runId: session.run.id, chunk: chunk.number, jobId: made.id, code: why?.code });
  // It was never closed here. A job that is closed all the same writes these very records.
  if (made.id !== null && !(await giveUpJob(session, made.id))) return { id: made.id };
  for (const { item } of intents) item.isOpen = false;
  await endJob(session, chunk, made.id, { outcome: 'given up before it was closed' });
  return { id: null, why: why ?? stopRequested(session.stop) };
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
