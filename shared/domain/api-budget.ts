import { mostPerChunk, type PushMode } from './batch.ts';
import type { Policy } from './policy.ts';

export type RunMode = Exclude<PushMode, 'auto'>;

/** Keys that one query finds: its address is kept under 8,000 characters, and a key is about as long as a UUID. */
const keysPerQuery = 150;
/** Ids that one retrieve call reads. */
const idsPerRetrieve = 2_000;
/** Create, upload and close a job, ask for its state a few times, and fetch its three lists of results. */
const callsPerJob = 20;

/**
 * The API calls that a run of this size needs when nothing goes wrong: every chunk is looked at, written and read back.
 *
 * Shape:  calls of all kinds. Retries, splitting and looking again come on top; the reserve is there for them.
 * Source: sObject Collections (200 records a write, 2,000 ids a retrieve), Composite (25 subrequests, counted as one call), and one
 *         call for each request of a bulk job: Salesforce REST API and Bulk API 2.0 Developer Guides.
 */
export function estimateCalls(records: { creates: number; updates: number }, mode: RunMode, chunkSize: number): number {
  const size = mode === 'bulk' ? mostPerChunk.bulk : Math.min(chunkSize, mostPerChunk[mode]);
  return callsOf(records.creates, size, mode, keysPerQuery) + callsOf(records.updates, size, mode, idsPerRetrieve);
}

function callsOf(records: number, size: number, mode: RunMode, perLook: number): number {
  const write = mode === 'bulk' ? callsPerJob : 1;
  const ofChunk = (count: number): number => (count === 0 ? 0 : Math.ceil(count / perLook) + write + Math.ceil(count / idsPerRetrieve));
  return Math.floor(records / size) * ofChunk(size) + ofChunk(records % size);
}

/** What a run would leave of the org's API calls of the day. */
export interface ApiBudget {
  needed: number;
  reserve: number;
  /** Null while the org has not told. */
  left: number | null;
  limit: number | null;
}

/** Sets the need of a run against what the org has told of its day. */
export function apiBudget(needed: number, usage: { dailyUsed: number | null; dailyLimit: number | null }, policy: Pick<Policy, 'apiReserve'>): ApiBudget {
  const { dailyUsed, dailyLimit } = usage;
  return { needed, reserve: policy.apiReserve, left: dailyUsed === null || dailyLimit === null ? null : Math.max(0, dailyLimit - dailyUsed), limit: dailyLimit };
}

/** False when the run would use calls that are kept for others. An org that has not told its limit stands in no way. */
export function isWithinBudget({ needed, reserve, left }: ApiBudget): boolean {
  return left === null || needed <= left - reserve;
}

/** The budget in a sentence for people. */
export function describeBudget({ needed, reserve, left, limit }: ApiBudget): string {
  const need = `The push needs about ${needed} API calls`;
  return left === null ? `${need}; the org has not told its limit yet.` : `${need}; ${left} of the day's ${limit} are left, of which ${reserve} are kept for others.`;
}
