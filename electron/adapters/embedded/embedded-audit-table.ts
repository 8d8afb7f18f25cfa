import { throwIfCancelled } from '../../core/app-failure.ts';
import type { AuditTable } from '../../core/warehouse-ports.ts';
import { inWorker, type AsyncMethods } from '../sqlite/worker-proxy.ts';
import { createStore, type EmbeddedAuditInit, type EmbeddedAuditStore } from './embedded-audit-store.ts';

const what = 'Copying the audit log';

/** The store as it is called from here, whether it works in this thread or in another. */
interface OpenStore {
  store: EmbeddedAuditStore | AsyncMethods<EmbeddedAuditStore>;
  close(): Promise<void> | void;
}

/**
 * The copy of the audit log in a file on this machine.
 *
 * Shape:  reached at its first use; with `threads` in a worker thread of its own.
 * Errors: `source-unavailable` when the file cannot be used, `cancelled`; see `createStore`.
 */
export function embeddedAuditTable(file: string, options: { readOnly?: boolean; threads?: boolean } = {}): AuditTable & { close(): Promise<void> } {
  const init: EmbeddedAuditInit = { file, readOnly: options.readOnly ?? false };
  let opening: Promise<OpenStore> | null = null;

  const start = async (): Promise<OpenStore> => {
    if (options.threads === true) {
      const { proxy, close } = await inWorker<EmbeddedAuditStore>(new URL('./embedded-audit-store.ts', import.meta.url), init);
      return { store: proxy, close };
    }
    const store = createStore(init);
    return { store, close: store.close };
  };
  const opened = async (signal: AbortSignal): Promise<OpenStore['store']> => {
    throwIfCancelled(signal, what);
    opening ??= start();
    return (await opening).store;
  };
  return {
    place: file,
    append: async (rows, signal) => (await opened(signal)).append(rows),
    present: async (eventIds, signal) => (await opened(signal)).present(eventIds),
    evidence: async (workspaceId, signal) => (await opened(signal)).evidence(workspaceId),
    async close() {
      const ending = opening;
      opening = null;
      await (await ending)?.close();
    },
  };
}
