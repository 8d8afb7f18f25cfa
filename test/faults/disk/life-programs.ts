import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../rig/bundle.ts';

/** The program of a pushing life as it stands in the source tree. */
export const pushingLife = fileURLToPath(new URL('./pushing-life.ts', import.meta.url));

/** The programs of both kinds of life, each as one file: it starts in a third of the time that the source takes. */
export interface LifePrograms {
  pushing: string;
  recorded: string;
}

/** Does work with the programs of the lives, and takes them away again. */
export async function withLifePrograms<T>(work: (programs: LifePrograms) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-lives-'));
  try {
    return await work({ pushing: await bundle('test/faults/disk/pushing-life.ts', folder), recorded: await bundle('test/faults/disk/recorded-life.ts', folder) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
