import type { Clock } from '../ports.ts';

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/** Tries of one call before the run stops and waits for a person. */
export const mostTries = 5;

/** A longer wait asked for by Salesforce stops the run instead. */
export const longestRetryAfterMs = 120_000;

/**
 * Milliseconds to wait before the next try: doubling, with jitter, never less than Salesforce asked for.
 *
 * Shape: tries counts from 1. The jitter keeps several clients from coming back at the same moment.
 */
export function backoffMs(tries: number, retryAfterMs: number | null): number {
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
  return Math.max(retryAfterMs ?? 0, Math.round(most * (0.5 + Math.random() / 2)));
}

/** Waits, or returns early when the run is to stop. */
export async function waitUnlessStopped(clock: Clock, ms: number, stop: AbortSignal): Promise<void> {
  if (ms <= 0 || stop.aborted) return;
  try {
    await clock.sleep(ms, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
