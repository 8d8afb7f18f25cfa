import type { Ledger } from '../../../core/ledger-ports.ts';
import { inWorker } from '../worker-proxy.ts';
import type { BackupStore } from './backup-worker.ts';
import { createLedgerStore, type LedgerStore } from './ledger-store.ts';
import type { LedgerWorkerInit } from './ledger-worker.ts';

export interface OpenLedgerOptions {
  /** Folder of the workspace. */
  folder: string;
  readonly?: boolean;
  /** False: in this thread, for one-shot commands and tests. Default: in a worker thread. */
  threads?: boolean;
  /** Another wall clock; only without threads. */
  now?: () => string;
}

/**
 * Opens the ledger of a workspace, making it when there is none.
 *
 * Errors: rejects with `workspace-damaged` for a damaged ledger (left as it is), `not-found` for a missing one that is
 *         opened read-only.
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const init: LedgerWorkerInit = { folder: options.folder, readonly: options.readonly ?? false };
  if (options.threads === false) return inThisThread(createLedgerStore({ ...init, now: options.now ?? (() => new Date().toISOString()) }));
  const { proxy, close } = await inWorker<LedgerStore>(new URL('./ledger-worker.ts', import.meta.url), init);
  const own = new Map<string | symbol, unknown>([['close', close], ['backUp', () => backUpInThread(options.folder)]]);
  return new Proxy(proxy, { get: (methods, name) => own.get(name) ?? Reflect.get(methods, name) }) as unknown as Ledger;
}

async function backUpInThread(folder: string): ReturnType<Ledger['backUp']> {
  const { proxy, close } = await inWorker<BackupStore>(new URL('./backup-worker.ts', import.meta.url), { folder });
  try {
    return await proxy.backUp();
  } finally {
    await close();
  }
}

/** Gives a synchronous store the port's shape: what it throws becomes a rejection. */
function inThisThread(store: LedgerStore): Ledger {
  const entries = Object.entries(store) as [string, (...args: unknown[]) => unknown][];
  return Object.fromEntries(entries.map(([name, method]) => [name, async (...args: unknown[]) => method(...args)])) as unknown as Ledger;
}
