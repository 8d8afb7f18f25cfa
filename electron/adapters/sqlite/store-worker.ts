import { parentPort, workerData } from 'node:worker_threads';
import { problemOf } from '../threads/thread-problem.ts';
import type { StoreReply, StoreRequest, StoreWorkerData } from './worker-messages.ts';

type Store = Record<string, ((...args: unknown[]) => unknown) | undefined>;

const port = parentPort;
if (port === null) throw new Error('The store worker runs in a worker thread only.');

function answer(id: number, work: () => unknown): void {
  let reply: StoreReply;
  try {
    reply = { id, ok: true, output: work() };
  } catch (error) {
    reply = { id, ok: false, problem: problemOf(error) };
  }
  port?.postMessage(reply);
}

const { entry, init } = workerData as StoreWorkerData;
const module = (await import(entry)) as { createStore(init: unknown): Store };
let store: Store = {};
answer(0, () => {
  store = module.createStore(init);
});
port.on('message', ({ id, method, args }: StoreRequest) => {
  answer(id, () => {
    const call = store[method];
    if (call === undefined) throw new Error(`The store has no method ${method}.`);
    return call.apply(store, args);
  });
});
