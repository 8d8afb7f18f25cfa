import { join, resolve } from 'node:path';
import { openRuleTrial } from '../../adapters/embedded/rule-trial/open-rule-trial.ts';
import { openCache } from '../../adapters/sqlite/cache/open-cache.ts';
import { openLedger } from '../../adapters/sqlite/ledger/open-ledger.ts';
import { acquireWorkspaceLock } from '../../adapters/sqlite/workspace-lock.ts';
import type { AppPorts } from '../../core/app.ts';
import type { Desktop, Logger } from '../../core/ports.ts';
import type { Secrets } from '../../core/warehouse-ports.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { systemClock } from '../system-clock.ts';
import { productVersion } from '../product-version.ts';
import { closeAll } from './close-all.ts';
import { connectOrg } from './connect-org.ts';
import { openWarehouse } from './open-warehouse.ts';
import { scopedSecrets } from './scoped-secrets.ts';
import { readWorkspaceConfig } from './workspace-folder.ts';

export interface OpenWorkspaceOptions {
  folder: string;
  host: AppPorts['host'];
  /**
   * `read`: nothing is written and no lock is taken, so another process may write meanwhile. `write`: this process alone
   * writes. `beside`: only the ledger is written, a step at a time, also while another process works (the pause switch).
   */
  mode: 'read' | 'write' | 'beside';
  /** True: the databases work in threads of their own. */
  threads: boolean;
  logger: Logger;
  desktop: Desktop;
  secrets: Secrets;
  env: Readonly<Record<string, string | undefined>>;
}

export interface OpenWorkspace {
  ports: AppPorts;
  /** Closes every part, also after one could not be closed, and the lock last. Errors: the first one. */
  close(): Promise<void>;
}

/**
 * Opens a workspace: its two databases now, source and org at their first use.
 *
 * Errors: `not-found`, `workspace-damaged`, `workspace-busy` when another process writes.
 */
export async function openWorkspace(options: OpenWorkspaceOptions): Promise<OpenWorkspace> {
  const { folder, mode, threads } = options;
  const readOnly = mode === 'read';
  const config = readWorkspaceConfig(folder);
  const closers: (() => Promise<void> | void)[] = [];
  const close = (): Promise<void> => closeAll(closers.splice(0).toReversed());
  try {
    if (mode === 'write') {
      const lock = acquireWorkspaceLock(folder);
      closers.push(() => lock.release());
    }
    const ledger = await openLedger({ folder, readonly: readOnly, threads });
    closers.push(() => ledger.close());
    const cache = await openCache({ folder, mapping: config.mapping, readonly: mode !== 'write', threads });
    closers.push(() => cache.close());
    const org = connectOrg(folder, config, options.env, options.secrets);
    closers.push(() => org.close());
    // A one-shot command copies the audit log once, at its end: a thread would take longer to start than to do it.
    const copiesInThread = threads && options.host !== 'cli';
    const site = openWarehouse(folder, config, org, { env: options.env, secrets: scopedSecrets(options.secrets, [resolve(folder), addressOf(config)]), desktop: options.desktop, readOnly: mode !== 'write', threads: copiesInThread });
    closers.push(() => site.close());
    const ruleTrial = openRuleTrial({ cacheFile: join(folder, 'cache.db'), mapping: config.mapping });
    closers.push(() => ruleTrial.close());
    return {
      ports: { cache, ledger, ...site.ports, ruleTrial, org, clock: systemClock, logger: options.logger, desktop: options.desktop, config, folder, host: options.host, version: productVersion(), readOnly, isAlone: mode === 'write' },
      close,
    };
  } catch (error) {
    // Why it could not be opened says more than what could not be closed after that.
    await close().catch(() => {});
    throw error;
  }
}

function addressOf({ warehouse }: WorkspaceConfig): string {
  return warehouse.kind === 'databricks' ? warehouse.host : '';
}
