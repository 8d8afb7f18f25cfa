import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createApp } from '../../core/app.ts';
import type { Desktop } from '../../core/ports.ts';
import { connectClient } from '../../core/router.ts';
import { processLogger } from '../process-logger.ts';
import { sessionSecrets } from '../session-secrets.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import { workspaceFiles } from '../workspace/workspace-folder.ts';
import { builtPage } from './built-page.ts';
import { servePage } from './page-server.ts';

export interface ServeOptions {
  folder: string;
  port: number;
  readOnly: boolean;
  /** Who a page is at first where identities are free names. Default `admin`. */
  actor: string | null;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onReady(url: string): void;
}

/** Serves one workspace as a page on this machine until the signal is aborted. */
export async function serveWorkspace(options: ServeOptions): Promise<void> {
  const workspace = await openWorkspace({
    folder: options.folder,
    host: 'browser',
    mode: options.readOnly ? 'read' : 'write',
    threads: true,
    logger: processLogger('warn'),
    desktop: exportsFolder(options.folder),
    secrets: sessionSecrets(),
    env: options.env,
  });
  try {
    const app = await createApp(workspace.ports);
    const actor = app.canSwitchIdentity ? (options.actor ?? 'admin') : null;
    const folder = await builtPage((line) => process.stderr.write(`${line}\n`));
    const server = await servePage({ folder, port: options.port, onClient: (pipe) => connectClient(app, pipe, actor) });
    options.onReady(server.url);
    if (!options.signal.aborted) await once(options.signal, 'abort');
    await app.close();
    await server.close();
  } finally {
    await workspace.close();
  }
}

/** Exports of a page go into the workspace, under a name that is not taken yet. Other pages are opened by the page itself, by a link. */
export function exportsFolder(workspaceFolder: string): Desktop {
  return {
    async chooseSaveFile(suggestedName) {
      const folder = workspaceFiles(workspaceFolder).exports;
      mkdirSync(folder, { recursive: true });
      const stamp = new Date().toISOString().replace(/[:.]/gu, '-');
      return join(folder, `${stamp} ${basename(suggestedName)}`);
    },
    openExternal: async () => false,
  };
}
