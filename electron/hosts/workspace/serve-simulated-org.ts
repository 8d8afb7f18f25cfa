import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { AppFailure } from '../../core/app-failure.ts';
import { startOrg } from '../../sample/org/start-org.ts';
import { stopBackgroundOrg, type OrgAnnouncement } from './simulated-org-process.ts';
import { readWorkspaceConfig, workspaceFiles } from './workspace-folder.ts';

/**
 * Serves a workspace's simulated org in this process until the signal is aborted. Other commands find it and use it.
 *
 * Errors: `not-available-here` where the org is a real one; `invalid-input` when it is already served or the port is taken.
 */
export async function serveSimulatedOrg(folder: string, port: number, signal: AbortSignal, onReady: (org: OrgAnnouncement) => void): Promise<void> {
  if (readWorkspaceConfig(folder).org.kind !== 'simulated') throw new AppFailure('not-available-here', 'The org of this workspace is a real one; there is nothing to serve.');
  await stopBackgroundOrg(folder);
  const files = workspaceFiles(folder);
  const org = await startOrg({ file: files.org, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') throw new AppFailure('invalid-input', `The port ${port} cannot be used. Choose another one.`, { port });
    throw error;
  });
  try {
    const announcement: OrgAnnouncement = { url: org.url, orgId: org.orgId, pid: process.pid, ...org.credentials, foreground: true };
    const text = `${JSON.stringify(announcement)}\n`;
    const draft = `${files.orgAnnouncement}.${process.pid}`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, files.orgAnnouncement);
    onReady(announcement);
    if (!signal.aborted) await once(signal, 'abort');
    if (readFileSync(files.orgAnnouncement, 'utf8') === text) rmSync(files.orgAnnouncement, { force: true });
  } finally {
    await org.close();
  }
}
