import { createLedgerStore, type LedgerStore } from './ledger-store.ts';

export interface LedgerWorkerInit {
  folder: string;
  readonly: boolean;
}

/** Opens the ledger inside a store worker. */
export function createStore(init: LedgerWorkerInit): LedgerStore {
  return createLedgerStore({ ...init, now: () => new Date().toISOString() });
}
