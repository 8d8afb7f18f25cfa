import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = ['main.ts', 'start-desktop.ts', 'answer-core.ts', 'keystore.ts', 'security.ts', 'app-protocol.ts', 'core-messages.ts', 'menu.ts', 'preload.ts', 'expose-bridge.ts'];
const modes = ['desktop-main', 'desktop-preload'] as const;

/** Builds Electron's main and preload scripts when they are missing or older than their sources. */
export async function builtDesktop(say: (line: string) => void): Promise<void> {
  const here = join(root, 'electron/hosts/desktop');
  const newest = Math.max(...(await Promise.all(sources.map((name) => changedAt(join(here, name))))));
  const oldest = Math.min(...(await Promise.all(['dist/main.js', 'dist/preload.cjs'].map((name) => changedAt(join(here, name))))));
  if (oldest > newest) return;
  say('Building the desktop shell…');
  const { build } = await import('vite');
  for (const mode of modes) await build({ mode, root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
}

async function changedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}
