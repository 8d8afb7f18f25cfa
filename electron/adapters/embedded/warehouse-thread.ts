import { Worker } from 'node:worker_threads';
import { AppFailure } from '../../core/app-failure.ts';
import { sourceFailure } from './csv-source.ts';
import { SourceFileError } from './source-file-error.ts';
import type { WarehouseCallName, WarehouseCalls, WarehouseReply, WarehouseWorkerData, WorkerProblem } from './warehouse-messages.ts';

interface Waiting {
  resolve(output: unknown): void;
  reject(error: unknown): void;
  onProgress(rows: number): void;
}

/** The worker thread that does the embedded warehouse's SQLite work, as calls with promises. */
export class WarehouseThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: Error | null = null;

  constructor(data: WarehouseWorkerData) {
    this.#worker = new Worker(new URL('./warehouse-worker.ts', import.meta.url), { workerData: data });
    this.#worker.on('message', (reply: WarehouseReply) => this.#receive(reply));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new AppFailure('cancelled', 'The embedded warehouse was closed. Nothing was changed.')));
  }

  /**
   * Asks the worker for one thing.
   *
   * Errors: `AppFailure` (`source-invalid`) for a broken source file; `cancelled` when the thread was ended meanwhile.
   */
  call<Name extends WarehouseCallName>(
    name: Name,
    input: WarehouseCalls[Name]['input'],
    onProgress: (rows: number) => void = () => {},
  ): Promise<WarehouseCalls[Name]['output']> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#calls += 1;
      const id = this.#calls;
      this.#waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, onProgress });
      this.#worker.postMessage({ id, call: name, input }, []);
    });
  }

  /** Ends the thread at once, in the middle of whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: WarehouseReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if (reply.type === 'progress') {
      waiting.onProgress(reply.rows);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.type === 'done') waiting.resolve(reply.output);
    else waiting.reject(errorOf(reply.problem));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

function errorOf(problem: WorkerProblem): unknown {
  if (problem.kind === 'source file') return sourceFailure(new SourceFileError(problem, problem.problem));
  const error = new Error(problem.message);
  if (problem.stack !== undefined) error.stack = problem.stack;
  return error;
}
