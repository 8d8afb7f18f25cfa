import type { NewAuditEvent } from '../../../shared/domain/audit-event.ts';
import type { LedgerWrite, StoredJob } from '../ledger-ports.ts';
import { OrgCallError, type BulkJob } from '../org-ports.ts';
import { backoffMs, waitUnlessStopped } from './backoff.ts';
import { mayTryAgain, toOrgCallError } from './call-failure.ts';
import { tellProgress, waitFor } from './progress.ts';
import type { ChunkWork, PushSession } from './session.ts';
import { storeStep } from './store.ts';

const firstPollMs = 500;
const longestPollMs = 15_000;

/** A job that Salesforce does not know so many times in a row is gone, and not only slow to be seen. */
const mostTimesUnknown = 12;

/** What the ledger keeps of a step of a job, with its event. */
export function jobStep(session: PushSession, chunk: ChunkWork, job: Pick<StoredJob, 'jobId' | 'state'>, facts: NewAuditEvent['data'] = {}): { events: NewAuditEvent[]; writes: LedgerWrite[] } {
  const { run, batch, actor } = session;
  return {
    events: [{ type: 'job.changed', actor, batchId: batch.id, runId: run.id, keys: [], data: { chunk: chunk.number, ...job, ...facts } }],
    writes: [{ write: 'job.put', job: { runId: run.id, chunk: chunk.number, ...job } }],
  };
}

/** True when Salesforce will not write anything more for a job. */
export function hasEnded(job: BulkJob): boolean {
  return job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted';
}

/**
 * Waits for the end of a closed job; a run that is to stop aborts the job first.
 *
 * Shape:  the job as it ended; null when Salesforce does not know it (any more), for a minute at least.
 * Errors: the org's own failures; the job goes on meanwhile and is asked for again when the run is resumed.
 */
export async function awaitJob(session: PushSession, jobId: string): Promise<BulkJob | null> {
  const { clock, org, ledger } = session.deps;
  let isAborted = false;
  let unknownTimes = 0;
  for (let waitMs = firstPollMs; ; waitMs = Math.min(longestPollMs, waitMs * 1.5)) {
    const job = await org.bulk.job(jobId, session.never);
    if (job !== null && hasEnded(job)) return job;
    unknownTimes = job === null ? unknownTimes + 1 : 0;
    if (unknownTimes >= mostTimesUnknown) return null;
    tellProgress(session);
    const isToEnd = session.stop.aborted || (await ledger.paused()) !== null;
    // An abort whose answer is lost is sent again; what it refuses is seen by asking for the job.
    if (job !== null && isToEnd && !isAborted) isAborted = await org.bulk.abort(jobId, session.never).then(() => true, (error: unknown) => toOrgCallError(error).effect === 'not-processed');
    await waitUnlessStopped(clock, waitMs, isToEnd ? session.never : session.stop);
  }
}

/**
 * Gives up a job that was never closed, so that it can never write anything.
 *
 * Shape:  false when it turns out to be closed all the same: then its end must be awaited.
 * Errors: the org's own failures; then nothing is known of the job.
 */
export async function giveUpJob(session: PushSession, jobId: string): Promise<boolean> {
  const { org } = session.deps;
  for (let tries = 1; ; tries += 1) {
    const refused = await org.bulk.abort(jobId, session.never).then(() => null, toOrgCallError);
    const job = await org.bulk.job(jobId, session.never);
    if (job === null || job.state === 'Aborted') return true;
    if (job.state !== 'Open') return false;
    const failure = refused ?? new OrgCallError({ effect: 'unknown', code: 'JOB_STILL_OPEN', message: `Job ${jobId} is still open although it was aborted.` });
    if (!mayTryAgain(failure, tries)) throw failure;
    await waitFor(session, backoffMs(tries, failure.retryAfterMs));
  }
}

/** Notes that nothing more is expected of a chunk's job. */
export async function endJob(session: PushSession, chunk: ChunkWork, jobId: string | null, facts: NewAuditEvent['data']): Promise<void> {
  await storeStep(session, chunk, jobStep(session, chunk, { jobId, state: 'ended' }, facts));
}
