import { Worker, type ResourceLimits } from 'node:worker_threads';
import { AppFailure } from '../../core/app-failure.ts';
import { errorOf } from '../threads/thread-problem.ts';
import type { StoreReply, StoreRequest, StoreWorkerData } from './worker-messages.ts';

/** The methods of a synchronous store as seen from another thread. */
export type AsyncMethods<T> = {
  [M in keyof T]: T[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** A store behind a proxy, in whichever thread. */
export interface InThread<T> {
  proxy: AsyncMethods<T>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs a store with synchronous methods in a worker thread of its own.
 *
 * Shape:  resourceLimits: how much memory its JavaScript may take. entry: a module that exports `createStore(init)`; init and all arguments must be cloneable. Calls are answered
 *         in the order they were made. `close` calls the store's own `close`, then ends the thread, also when that call fails.
 * Errors: `AppFailure` crosses as data and is thrown here as `AppFailure`; anything else is thrown with its own stack. A thread
 *         that has died, of too little memory or by a fault, fails every call with `unexpected`.
 */
export async function inWorker<T extends object>(entry: URL, init: unknown, resourceLimits: ResourceLimits = {}): Promise<InThread<T>> {
  const data: StoreWorkerData = { entry: entry.href, init };
  const worker = new Worker(new URL('./store-worker.ts', import.meta.url), { workerData: data, resourceLimits });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let ended: Error | null = null;
  let hasStarted = false;

  const end = (error: Error): void => {
    ended ??= error;
    for (const call of waiting.values()) call.reject(ended);
    waiting.clear();
  };
  const expect = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.ref();
      waiting.set(id, { resolve, reject });
    });
  worker.on('message', (reply: StoreReply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    // An idle store does not keep the process alive.
    if (waiting.size === 0) worker.unref();
    if (reply.ok) call?.resolve(reply.output);
    else call?.reject(errorOf(reply.problem));
  });
  let isClosing = false;
  worker.on('error', (error) => end(hasStarted || isOutOfMemory(error) ? died(error) : asError(error)));
  worker.on('exit', () => end(isClosing ? new Error('The store was closed.') : died(null)));

  const call = (method: string, args: unknown[]): Promise<unknown> => {
    if (ended !== null) return Promise.reject(ended);
    calls += 1;
    const answer = expect(calls);
    worker.postMessage({ id: calls, method, args } satisfies StoreRequest, []);
    return answer;
  };
  const proxy = new Proxy({}, {
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? (...args: unknown[]) => call(name, args) : undefined),
  }) as AsyncMethods<T>;

  try {
    await expect(0);
    hasStarted = true;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    proxy,
    close: async () => {
      isClosing = true;
      try {
        if (ended === null) await call('close', []);
      } finally {
        await worker.terminate();
      }
    },
  };
}

/** What the calls of a thread that is gone come to. Its databases are whole: a step that was under way is either there or not. */
function died(error: unknown): AppFailure {
  const isMemory = isOutOfMemory(error);
  const why = isMemory ? 'ran out of memory' : 'stopped by itself';
  const advice = isMemory ? 'Close other programs, then close Countersign and open it again' : 'Close Countersign and open it again, and report it if it happens again';
  return new AppFailure('unexpected', `The local database ${why}. What was under way may or may not be stored; nothing that was stored is lost. ${advice}.`, error === null ? {} : { verbatim: asError(error).message });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The same store without a thread: every answer is ready at once. */
export function inThisThread<T extends { close(): void }>(store: T): InThread<T> {
  const proxy = new Proxy(store, {
    get: (target, name) => {
      const method = target[name as keyof T];
      return typeof method === 'function' ? async (...args: unknown[]) => method.apply(target, args) as unknown : undefined;
    },
  }) as unknown as AsyncMethods<T>;
  return { proxy, close: async () => store.close() };
}
