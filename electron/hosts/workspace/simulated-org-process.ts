import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { openDatabase } from '../../adapters/sqlite/open-database.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { workspaceFiles } from './workspace-folder.ts';

const announcementSchema = z.object({
  url: z.string(),
  orgId: z.string(),
  pid: z.number().int(),
  username: z.string(),
  password: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  /** True while `org serve` runs in somebody's terminal. */
  foreground: z.boolean().default(false),
});

/** Where a workspace's simulated org listens and how one signs in. */
export type OrgAnnouncement = z.infer<typeof announcementSchema>;

const startMs = 20_000;
const pollMs = 25;
const probeMs = 2_000;
const idleExitMs = 120_000;

/** The simulated org that answers now, or null. */
export async function findRunningOrg(folder: string): Promise<OrgAnnouncement | null> {
  const announced = readAnnouncement(folder);
  return announced && (await answers(announced.url)) ? announced : null;
}

/**
 * Finds the workspace's simulated org or starts it as a process of its own that ends by itself when idle.
 *
 * Errors: `org-unavailable` when it does not come up. Two callers at once start one process: the start is guarded by a
 *         lock that the kernel frees when its holder dies.
 */
export async function ensureSimulatedOrg(folder: string): Promise<OrgAnnouncement> {
  for (let waited = 0; waited < startMs; waited += pollMs) {
    const running = await findRunningOrg(folder);
    if (running) return running;
    const release = tryGuard(folder);
    if (release) {
      try {
        return (await findRunningOrg(folder)) ?? (await startProcess(folder));
      } finally {
        release();
      }
    }
    await wait(pollMs);
  }
  throw notStarted(folder);
}

/** Takes the lock of starting, or answers null while somebody else has it. */
function tryGuard(folder: string): (() => void) | null {
  const guard = openDatabase(workspaceFiles(folder).orgStart, { durability: 'off', busyTimeoutMs: 0 });
  try {
    guard.exec('BEGIN EXCLUSIVE');
    return () => guard.close();
  } catch {
    guard.close();
    return null;
  }
}

/** Ends the background process of the simulated org, so that another can take its file over. */
export async function stopBackgroundOrg(folder: string): Promise<void> {
  const running = await findRunningOrg(folder);
  if (!running) return;
  if (running.foreground) throw new AppFailure('invalid-input', `The simulated org of this workspace is already served at ${running.url}.`, { url: running.url });
  process.kill(running.pid, 'SIGTERM');
  for (let waited = 0; waited < startMs && (await answers(running.url)); waited += pollMs) await wait(pollMs);
}

async function startProcess(folder: string): Promise<OrgAnnouncement> {
  const files = workspaceFiles(folder);
  const entry = fileURLToPath(new URL('../../sample/org/serve.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, '--file', files.org, '--announce', files.orgAnnouncement, '--idle-exit-ms', String(idleExitMs)], {
    detached: true,
    stdio: 'ignore',
    cwd: folder,
  });
  child.on('error', () => {});
  child.unref();
  for (let waited = 0; waited < startMs && child.exitCode === null; waited += pollMs) {
    const announced = readAnnouncement(folder);
    if (announced && announced.pid === child.pid && (await answers(announced.url))) return announced;
    await wait(pollMs);
  }
  throw notStarted(folder);
}

function notStarted(folder: string): AppFailure {
  return new AppFailure('org-unavailable', 'The simulated org of this workspace did not start. Its file org.db may be missing or damaged.', { folder });
}

function readAnnouncement(folder: string): OrgAnnouncement | null {
  try {
    return announcementSchema.parse(JSON.parse(readFileSync(workspaceFiles(folder).orgAnnouncement, 'utf8')));
  } catch {
    return null;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_control/faults`, { signal: AbortSignal.timeout(probeMs), redirect: 'error' });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
