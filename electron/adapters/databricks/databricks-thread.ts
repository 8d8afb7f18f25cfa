import { setTimeout as wait } from 'node:timers/promises';
import { AppFailure, cancelled } from '../../core/app-failure.ts';
import type { WarehouseProgress } from '../../../shared/domain/warehouse.ts';
import { CallingThread, type CallOptions } from '../threads/calling-thread.ts';
import type { RetryLimits } from './retry.ts';
import type { SqlAddress } from './sql-session.ts';
import { readTokenQuestion } from './token-question.ts';
import type { DatabricksCalls, DatabricksWorkerData } from './warehouse-calls.ts';

export interface DatabricksThreadOptions {
  address: SqlAddress;
  limits: RetryLimits;
  /** A token that is valid now; `refused` is one that the warehouse has not accepted. */
  getToken(refused: string | null): Promise<string>;
  onProgress(progress: WarehouseProgress): void;
}

/** The thread that holds the driver; started at the first call, started anew after it was let go. */
export interface DatabricksThread {
  call<Name extends keyof DatabricksCalls & string>(name: Name, input: DatabricksCalls[Name]['input'], options?: CallOptions): Promise<DatabricksCalls[Name]['output']>;
  /** Ends session and thread unless somebody is at work with them; the next call begins afresh. */
  letGo(): Promise<void>;
  /** Ends them at once. */
  end(): Promise<void>;
}

const closingMs = 6_000;

/** Puts the driver into a thread of its own, so that decoding rows never holds up the core. */
export function databricksThread(options: DatabricksThreadOptions): DatabricksThread {
  let thread: CallingThread<DatabricksCalls> | null = null;
  let underWay = 0;
  /** Cursors that are open. */
  const reading = new Set<number>();
  const started = (): CallingThread<DatabricksCalls> => {
    // One that has died is replaced; its statements failed with it.
    if (thread?.isEnded) {
      thread = null;
      reading.clear();
    }
    thread ??= new CallingThread<DatabricksCalls>({
      what: 'The connection to Databricks',
      entry: new URL('./warehouse-worker.ts', import.meta.url),
      // A few answers of rows at a time, and the driver itself.
      limits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 },
      data: { address: options.address, limits: options.limits } satisfies DatabricksWorkerData,
      ended: () => new AppFailure('cancelled', 'The connection to Databricks was closed. Nothing was changed.'),
      onAsk: (question) => options.getToken(readTokenQuestion(question)),
      onTell: (progress) => options.onProgress(progress as WarehouseProgress),
    });
    return thread;
  };
  const end = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    reading.clear();
    if (ending === null) return;
    // A warehouse that does not answer must not keep the app from closing.
    await Promise.race([ending.call('closeSession', null).catch(() => null), wait(closingMs, undefined, { ref: false })]);
    await ending.end();
  };
  return {
    async call(name, input, callOptions) {
      // What was given up before it began must not be begun: the thread would hear of it only afterwards.
      if (callOptions?.signal?.aborted) throw cancelled(typeof input === 'object' && input !== null && 'what' in input ? input.what : 'The call');
      underWay += 1;
      try {
        const output = await started().call(name, input, callOptions);
        // Rows that are being read count as work from their opening to their end.
        if (name === 'openRows') reading.add(output as number);
        return output;
      } finally {
        underWay -= 1;
        if (name === 'closeRows') reading.delete(input as number);
      }
    },
    letGo: async () => (underWay === 0 && reading.size === 0 ? end() : undefined),
    end,
  };
}
