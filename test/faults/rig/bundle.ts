import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

/** A change of one source file: `find` must stand in it exactly once. */
export interface Patch {
  /** Below the root of the repository. */
  file: string;
  find: string;
  replace: string;
}

const root = join(import.meta.dirname, '../../..');
const driver = pathToFileURL(createRequire(import.meta.url).resolve('better-sqlite3')).href;

/** Binds everything but the SQLite driver, which is native, into the bundle. */
const bindsDriver: Plugin = {
  name: 'native-driver',
  enforce: 'pre',
  resolveId: (id) => (id === 'better-sqlite3' ? { id: driver, external: true } : null),
};

function patching(patches: readonly Patch[], applied: Set<Patch>): Plugin {
  return {
    name: 'patches',
    enforce: 'pre',
    transform(code, id) {
      let changed = code;
      for (const patch of patches) {
        if (id !== join(root, patch.file)) continue;
        const places = changed.split(patch.find).length - 1;
        if (places !== 1) throw new Error(`The text to replace stands ${places} times in ${patch.file}: ${patch.find}`);
        changed = changed.replace(patch.find, () => patch.replace);
        applied.add(patch);
      }
      return changed === code ? null : changed;
    },
  };
}

/**
 * Makes one JavaScript file of a program and all that it imports, so that a process starts in a fraction of the time; with
 * patches, the program is another one than in the source tree.
 *
 * Shape:  the path of the file.
 * Errors: rejects when a patch does not fit the source exactly once, or its file is not part of the program.
 */
export async function bundle(entry: string, folder: string, patches: readonly Patch[] = []): Promise<string> {
  const applied = new Set<Patch>();
  const name = `${basename(entry, '.ts')}.mjs`;
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [bindsDriver, patching(patches, applied)],
    ssr: { noExternal: true },
    build: { ssr: join(root, entry), outDir: folder, emptyOutDir: false, target: 'node24', minify: false, rolldownOptions: { output: { entryFileNames: name, codeSplitting: false } } },
  });
  const left = patches.find((patch) => !applied.has(patch));
  if (left !== undefined) throw new Error(`${left.file} is not part of ${entry}.`);
  return join(folder, name);
}
