import { parentPort } from 'node:worker_threads';
import type { FromThread, ThreadCalls, ToThread } from './thread-messages.ts';
import { errorOf, problemOf } from './thread-problem.ts';

/** What a handler knows of its call. */
export interface ThreadCallContext {
  onProgress(rows: number): void;
  signal: AbortSignal;
}

export type ThreadHandlers<Calls extends ThreadCalls> = {
  [Name in keyof Calls]: (input: Calls[Name]['input'], context: ThreadCallContext) => Calls[Name]['output'] | Promise<Calls[Name]['output']>;
};

/** What a thread can do besides answering calls. */
export interface ThreadLink {
  /** Asks the caller's side and waits for its answer. */
  ask(question: string): Promise<unknown>;
  tell(value: unknown): void;
}

/**
 * Answers the calls of a `CallingThread` in this worker thread.
 *
 * Shape:  calls begin in the order they were made; those that wait do so side by side.
 */
export function serveThread<Calls extends ThreadCalls>(makeHandlers: (link: ThreadLink) => ThreadHandlers<Calls>): void {
  if (parentPort === null) throw new Error('This module runs in a worker thread only.');
  const port = parentPort;
  const send = (message: FromThread): void => port.postMessage(message);
  const underWay = new Map<number, AbortController>();
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let questions = 0;

  const handlers = makeHandlers({
    tell: (value) => send({ type: 'tell', value }),
    ask: (question) =>
      new Promise((resolve, reject) => {
        questions += 1;
        asked.set(questions, { resolve, reject });
        send({ type: 'ask', id: questions, question });
      }),
  });

  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const handle = handlers[name] as ThreadHandlers<ThreadCalls>[string];
      send({ type: 'done', id, output: await handle(input, { signal: abort.signal, onProgress: (rows) => send({ type: 'progress', id, rows }) }) });
    } catch (error) {
      send({ type: 'failed', id, problem: problemOf(error) });
    } finally {
      underWay.delete(id);
    }
  };

  port.on('message', (message: ToThread) => {
    if (message.type === 'call') {
      void answer(message.id, message.name, message.input);
    } else if (message.type === 'cancel') {
      underWay.get(message.id)?.abort();
    } else {
      const waiting = asked.get(message.id);
      asked.delete(message.id);
      if (message.problem === null) waiting?.resolve(message.value);
      else waiting?.reject(errorOf(message.problem));
    }
  });
}
