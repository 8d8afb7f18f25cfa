import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import * as z from 'zod';
import { createQueue } from '../../core/in-turn.ts';

const fileSchema = z.strictObject({ version: z.literal(1), sealed: z.record(z.string(), z.base64()) });
type Sealed = z.infer<typeof fileSchema>['sealed'];

/** A secret as the core gets it. `isLasting`: whether it outlives the app; of one that is not there, whether it would. */
export interface KeptSecret {
  value: string | null;
  isLasting: boolean;
}

export interface Keystore {
  get(name: string): Promise<KeptSecret>;
  /** Null forgets it. Errors: what the file system says when an older secret cannot be taken out of the file. */
  set(name: string, value: string | null): Promise<KeptSecret>;
}

export interface KeystoreOptions {
  safeStorage: Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'>;
  /** Folder of the app's own data. */
  folder: string;
  platform: NodeJS.Platform;
}

/**
 * Keeps secrets sealed by the system's keystore in one file that only this user may read.
 *
 * Shape:  the keystore is first asked when a secret is. Where it is missing, or on Linux only hides behind a fixed
 *         password (`basic_text`), and where the file cannot be written, a secret stays in memory until the app ends.
 * Errors: `get` never throws: what can no longer be opened counts as not there. `set` rejects when an older secret can be
 *         taken out of the file neither by writing the file nor by deleting it; that secret then stays as it was.
 */
export function createKeystore({ safeStorage, folder, platform }: KeystoreOptions): Keystore {
  const file = join(folder, 'secrets.json');
  const session = new Map<string, string>();
  const inTurn = createQueue();

  const isAvailable = async (): Promise<boolean> => {
    if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())) return false;
    return safeStorage.isAsyncEncryptionAvailable().catch(() => false);
  };
  const seal = async (name: string, value: string): Promise<boolean> => {
    try {
      const sealed = await safeStorage.encryptStringAsync(value);
      await writeSealed(file, { ...(await readSealed(file)), [name]: sealed.toString('base64') });
      return true;
    } catch {
      // A keystore that was locked meanwhile, a full disk: the caller keeps the secret for the session and says so.
      return false;
    }
  };
  const forgetSealed = async (name: string): Promise<void> => {
    const { [name]: old, ...others } = await readSealed(file);
    if (old !== undefined) await writeSealed(file, others).catch(() => rm(file, { force: true }));
  };
  const open = async (name: string): Promise<string | null> => {
    const sealed = (await readSealed(file))[name];
    if (sealed === undefined) return null;
    try {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
      if (shouldReEncrypt) await seal(name, result);
      return result;
    } catch {
      // Sealed by another user, another machine or a keystore that was reset: it has to be given anew.
      return null;
    }
  };

  return {
    get: (name) =>
      inTurn(async () => {
        const kept = session.get(name);
        if (kept !== undefined) return { value: kept, isLasting: false };
        return (await isAvailable()) ? { value: await open(name), isLasting: true } : { value: null, isLasting: false };
      }),
    set: (name, value) =>
      inTurn(async () => {
        const canSeal = await isAvailable();
        const isSealed = value !== null && canSeal && (await seal(name, value));
        if (!isSealed) await forgetSealed(name);
        if (value !== null && !isSealed) session.set(name, value);
        else session.delete(name);
        return { value: null, isLasting: value === null ? canSeal : isSealed };
      }),
  };
}

/** A file that is missing or cannot be read holds nothing. */
async function readSealed(file: string): Promise<Sealed> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).sealed;
  } catch {
    return {};
  }
}

async function writeSealed(file: string, sealed: Sealed): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, JSON.stringify({ version: 1, sealed }), { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, file);
}
