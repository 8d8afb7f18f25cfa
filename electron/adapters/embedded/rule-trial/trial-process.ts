import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WhatIfProgress } from '../../../../shared/domain/what-if.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { errorOf } from '../../threads/thread-problem.ts';
import type { FromTrial, ToTrial, TrialCallName, TrialCalls } from './trial-messages.ts';

const entry = fileURLToPath(new URL('./trial-process-entry.ts', import.meta.url));

interface Waiting {
  resolve(output: unknown): void;
  reject(error: unknown): void;
  onProgress(progress: WhatIfProgress): void;
}

/**
 * A process of its own in which one draft runs. A thread would not do: SQLite looks up from a statement only between rows, so that a thread
 * which runs an endless one can never be ended, and the app with it.
 */
export class TrialProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #ended: Error | null = null;
  #calls = 0;

  constructor() {
    this.#child = fork(entry, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (message: FromTrial) => this.#receive(message));
    this.#child.on('error', (error) => this.#end(died(error.message)));
    this.#child.on('exit', (code, signal) => this.#end(died(`exit ${signal ?? code}`)));
  }

  get isEnded(): boolean {
    return this.#ended !== null;
  }

  /** Errors: what the process threw, `AppFailure` as such; the error of `end`; `source-unavailable` when the process has died. */
  call<Name extends TrialCallName>(name: Name, input: TrialCalls[Name]['input'], onProgress: (progress: WhatIfProgress) => void = () => {}): Promise<TrialCalls[Name]['output']> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#calls += 1;
    const id = this.#calls;
    const { promise, resolve, reject } = Promise.withResolvers<TrialCalls[Name]['output']>();
    this.#waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, onProgress });
    this.#child.send({ id, name, input } as ToTrial);
    return promise;
  }

  /** Ends the process at once, in the middle of whatever it does; what waits is told `error`. */
  async end(error: Error): Promise<void> {
    this.#end(error);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #receive(message: FromTrial): void {
    const waiting = this.#waiting.get(message.id);
    if (message.type === 'progress') return waiting?.onProgress(message.progress);
    this.#waiting.delete(message.id);
    if (message.type === 'done') waiting?.resolve(message.output);
    else waiting?.reject(errorOf(message.problem));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

function died(why: string): AppFailure {
  return new AppFailure('limit-exceeded', 'The trial of the rules stopped by itself, most often for want of memory. Nothing was changed. Close other programs or take a simpler text, then run it again.', { why });
}
