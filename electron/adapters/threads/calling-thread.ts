import { Worker, type ResourceLimits } from 'node:worker_threads';
import { AppFailure } from '../../core/app-failure.ts';
import type { FromThread, ThreadCalls, ToThread } from './thread-messages.ts';
import { errorOf, problemOf } from './thread-problem.ts';

export interface CallingThreadOptions {
  /** The module that the thread runs; it calls `serveThread`. */
  entry: URL;
  /** Handed to the thread when it starts. */
  data: unknown;
  /** Bounds of the thread's memory, in MB; without them it collects its garbage late. */
  limits?: ResourceLimits;
  /** What a call that is cut off by `end` rejects with. */
  ended(): Error;
  /** Whose work the thread does: begins the sentence about one that has died. */
  what?: string;
  /** Answers what the thread asks in the middle of its work. */
  onAsk?(question: string): Promise<unknown>;
  /** Told what the thread tells outside of any call. */
  onTell?(value: unknown): void;
}

export interface CallOptions {
  onProgress?(rows: number): void;
  /** Aborts the call in the thread, which then rejects as it sees fit. */
  signal?: AbortSignal;
}

interface Waiting {
  resolve(output: unknown): void;
  reject(error: unknown): void;
  onProgress(rows: number): void;
}

/**
 * A worker thread whose work is asked for by calls with promises.
 *
 * Shape:  a thread that has died is not started again: its owner looks at `isEnded` and makes a new one.
 */
export class CallingThread<Calls extends ThreadCalls> {
  readonly #worker: Worker;
  readonly #options: CallingThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: Error | null = null;
  #isEnding = false;

  constructor(options: CallingThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(options.entry, { workerData: options.data, ...(options.limits === undefined ? {} : { resourceLimits: options.limits }) });
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(died(options.what, error)));
    this.#worker.on('exit', () => this.#end(this.#isEnding ? options.ended() : died(options.what, null)));
  }

  /** Whether the thread answers no more, because it was ended or has died. */
  get isEnded(): boolean {
    return this.#isEnding || this.#ended !== null;
  }

  /**
   * Asks the thread for one thing.
   *
   * Errors: what the thread threw, `AppFailure` as such; the error of `ended` when the thread was ended meanwhile;
   *         `source-unavailable` when it has died, of too little memory or by a fault.
   */
  call<Name extends keyof Calls & string>(name: Name, input: Calls[Name]['input'], { onProgress, signal }: CallOptions = {}): Promise<Calls[Name]['output']> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#calls += 1;
    const id = this.#calls;
    const { promise, resolve, reject } = Promise.withResolvers<Calls[Name]['output']>();
    this.#waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, onProgress: onProgress ?? (() => {}) });
    this.#send({ type: 'call', id, name, input });
    const cancel = (): void => this.#send({ type: 'cancel', id });
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Ends the thread at once, in the middle of whatever it does. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message, []);
  }

  #receive(message: FromThread): void {
    if (message.type === 'tell') {
      this.#options.onTell?.(message.value);
    } else if (message.type === 'ask') {
      void this.#answer(message.id, message.question);
    } else if (message.type === 'progress') {
      this.#waiting.get(message.id)?.onProgress(message.rows);
    } else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === 'done') waiting?.resolve(message.output);
      else waiting?.reject(errorOf(message.problem));
    }
  }

  async #answer(id: number, question: string): Promise<void> {
    try {
      const value = await (this.#options.onAsk ?? (() => Promise.reject(new Error(`Nobody answers ${question}.`))))(question);
      this.#send({ type: 'answer', id, value, problem: null });
    } catch (error) {
      this.#send({ type: 'answer', id, value: null, problem: problemOf(error) });
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

function died(what = 'The warehouse', error: unknown): AppFailure {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const why = isMemory ? 'ran out of memory' : 'stopped by itself';
  const advice = isMemory ? 'Close other programs if it happens again' : 'Report it if it happens again';
  const problem = error === null ? {} : { verbatim: error instanceof Error ? error.message : String(error) };
  return new AppFailure('source-unavailable', `${what} ${why}. What was under way has not finished. Try again: it is started anew. ${advice}.`, problem);
}
