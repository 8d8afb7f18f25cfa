import { AppFailure } from '../app-failure.ts';

/**
 * Does something with the warehouse, and gives it up after so long or when the caller does.
 *
 * Shape:  `work` gets a signal that says so; whether it heeds it or not, the caller is not kept waiting.
 * Errors: what `work` throws; `source-unavailable` (`details.isTimeout`) when it takes too long; `cancelled` when the caller gives up first.
 */
export async function atMost<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const end = (failure: AppFailure): void => {
    reject(failure);
    giveUp.abort();
  };
  const onAbort = (): void => end(new AppFailure('cancelled', 'The warehouse was asked no further. Nothing was lost.'));
  const timer = setTimeout(() => end(new AppFailure('source-unavailable', `The warehouse did not answer within ${Math.round(ms / 1000)} seconds.`, { isTimeout: true })), ms);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([givenUp, work(giveUp.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
