import { Worker, type ResourceLimits } from 'node:worker_threads';
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
 *         in the order they were made. `close` calls the store's own `close`, when it has one, then ends the thread.
 * Errors: `AppFailure` crosses as data and is thrown here as `AppFailure`; anything else is thrown with its own stack.
 */
export async function inWorker<T extends object>(entry: URL, init: unknown, resourceLimits: ResourceLimits = {}): Promise<InThread<T>> {
  const data: StoreWorkerData = { entry: entry.href, init };
  const worker = new Worker(new URL('./store-worker.ts', import.meta.url), { workerData: data, resourceLimits });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let ended: Error | null = null;

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
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('The store was closed.')));

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
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    proxy,
    close: async () => {
      if (ended === null) await call('close', []);
      await worker.terminate();
    },
  };
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
