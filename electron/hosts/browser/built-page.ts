import { cp, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = ['renderer', 'shared', 'vite.config.ts'];

/** Folder of the built page; builds it first when it is missing or older than its sources. */
export async function builtPage(say: (line: string) => void): Promise<string> {
  const folder = join(root, 'renderer/dist');
  const builtAt = await changedAt(join(folder, 'index.html'));
  const newest = Math.max(...(await Promise.all(sources.map((path) => newestChange(join(root, path))))));
  if (builtAt !== null && builtAt >= newest) return folder;
  say('Building the page…');
  // A NODE_ENV that is set already would decide otherwise, for example that of a test runner.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  const draft = await mkdtemp(join(tmpdir(), 'countersign-page-'));
  try {
    await build({ root: join(root, 'renderer'), configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir: draft, emptyOutDir: true } });
    await putInPlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Files first, the page that names them last: two builds at once, or a page being read meanwhile, never see half of one. */
async function putInPlace(draft: string, folder: string): Promise<void> {
  await cp(draft, folder, { recursive: true, filter: (path) => path !== join(draft, 'index.html') });
  const page = join(folder, `index.html.${process.pid}`);
  await cp(join(draft, 'index.html'), page);
  await rename(page, join(folder, 'index.html'));
}

async function newestChange(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path);
  const inside = entries.filter((name) => name !== 'dist' && name !== 'readme');
  return Math.max(0, ...(await Promise.all(inside.map((name) => newestChange(join(path, name))))));
}

async function changedAt(file: string): Promise<number | null> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? null;
}
