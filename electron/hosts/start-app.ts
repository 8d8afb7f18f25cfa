import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppFailure } from '../core/app-failure.ts';
import { createApp } from '../core/app.ts';
import { serveWorkspace } from './browser/serve-workspace.ts';
import { processLogger } from './process-logger.ts';
import { sessionSecrets } from './session-secrets.ts';
import { initWorkspace } from './workspace/init-workspace.ts';
import { openWorkspace } from './workspace/open-workspace.ts';
import { workspaceFiles } from './workspace/workspace-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the app on the workspace of the environment, or on a sample that is made at the first start: as a desktop app where
 * Electron can be had, otherwise on a loopback page. Answers with the exit code.
 */
export async function startApp(env: Environment): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  try {
    const folder = env['COUNTERSIGN_WORKSPACE'] ? resolve(env['COUNTERSIGN_WORKSPACE']) : sampleFolder(env);
    if (!existsSync(workspaceFiles(folder).config)) await makeSample(folder, env, stopping.signal, say);
    const electron = findElectron(env);
    if (electron.binary !== null) return await openElectron(electron.binary, folder, env, stopping.signal);
    say(electron.missing);
    await serveWorkspace({ folder, port: 0, readOnly: false, actor: null, env, signal: stopping.signal, onReady: (url) => say(`Countersign is at ${url}`) });
    return 0;
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Where the sample workspace of this user is. */
export function sampleFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = homedir();
  const data = env['XDG_DATA_HOME'] || (platform === 'darwin' ? join(home, 'Library/Application Support') : platform === 'win32' ? (env['APPDATA'] ?? join(home, 'AppData/Roaming')) : join(home, '.local/share'));
  return join(data, 'countersign', 'sample');
}

/** Electron's binary, or the one sentence that says why there is none. */
export function findElectron(env: Environment, platform: NodeJS.Platform = process.platform): { binary: string; missing: null } | { binary: null; missing: string } {
  const instead = 'so the same app opens on a page of this machine';
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null;
  if (binary === null || !existsSync(binary)) {
    return { binary: null, missing: `Electron's binary is not on this machine ("npx install-electron" fetches it), ${instead}.` };
  }
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return { binary: null, missing: `There is no display for a window, ${instead}.` };
  return { binary, missing: null };
}

async function makeSample(folder: string, env: Environment, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  say(`Making the sample workspace in ${folder}…`);
  await initWorkspace({ folder, from: 'sample' });
  say('Loading the first snapshot…');
  const workspace = await openWorkspace({ folder, host: 'cli', mode: 'write', threads: false, logger: processLogger('error'), desktop: { chooseSaveFile: async () => null, openExternal: async () => false }, secrets: sessionSecrets(), env });
  try {
    const app = await createApp(workspace.ports);
    await app.call('snapshot.refresh', {}, { actor: 'admin', signal });
    await app.close();
  } finally {
    await workspace.close();
  }
}

async function openElectron(binary: string, folder: string, env: Environment, signal: AbortSignal): Promise<number> {
  const { builtPage } = await import('./browser/built-page.ts');
  const { builtDesktop } = await import('./desktop/built-desktop.ts');
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await builtPage(say);
  await builtDesktop(say);
  const child = spawn(binary, [root], { stdio: 'inherit', env: { ...env, COUNTERSIGN_WORKSPACE: folder } });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((done) => {
    child.once('error', () => done(1));
    child.once('exit', (code) => done(code ?? 0));
  });
}
