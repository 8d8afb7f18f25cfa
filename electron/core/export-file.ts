import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppFailure, cancelled } from './app-failure.ts';
import type { Desktop } from './ports.ts';

/** What an export needs to find its place. */
export interface ExportPlace {
  desktop: Pick<Desktop, 'chooseSaveFile'>;
  /** The workspace folder. */
  folder: string;
}

/** A file that is open to be written. */
export interface ExportFile {
  file: string;
  /** Writes lines, each with its end, and closes the file. Errors: `invalid-input` when it cannot be written. */
  write(lines: AsyncIterable<string>): Promise<void>;
  /** Closes the file in any case; what is there then is not complete. */
  close(): void;
}

/** What a workspace keeps in its folder. */
const ownFiles = /^(?:workspace\.json|[\w-]+\.db(?:-\w+)?)$/u;

/**
 * Opens the file that the person chooses for an export.
 *
 * Errors: `cancelled` when no file is chosen, `invalid-input` when it cannot be written to or is one of the workspace's own.
 */
export async function openExportFile({ desktop, folder }: ExportPlace, suggestedName: string): Promise<ExportFile> {
  const file = await desktop.chooseSaveFile(suggestedName);
  if (file === null) throw cancelled('The export');
  await refuseOwnFile(folder, file);
  return createExportFile(file);
}

/** Opens a file beside one that the person chose. Errors: `invalid-input` when it cannot be written to. */
export async function createExportFile(file: string): Promise<ExportFile> {
  const stream = await openStream(file);
  return {
    file,
    async write(lines) {
      try {
        await pipeline(Readable.from(ended(lines)), stream);
      } catch (error) {
        throw error instanceof AppFailure ? error : cannotWrite(file, error);
      }
    },
    close: () => void stream.destroy(),
  };
}

/** Opening one of the workspace's own files would empty it, and free the locks that SQLite holds on it. */
async function refuseOwnFile(folder: string, file: string): Promise<void> {
  const wanted = await realPath(file);
  if (dirname(wanted) !== (await realPath(folder)) || !ownFiles.test(basename(wanted))) return;
  throw new AppFailure('invalid-input', `${file} is a file of the workspace itself. Choose another name; nothing was changed.`, { file });
}

/** The path without symbolic links, also of a file that is not there yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // Not there yet, or its folder is not; the folder tells where it would be.
    return join(await realpath(dirname(path)).catch(() => dirname(resolve(path))), basename(path));
  }
}

async function openStream(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file, { encoding: 'utf8' });
  try {
    await once(stream, 'open');
    return stream;
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function cannotWrite(file: string, error: unknown): AppFailure {
  return new AppFailure('invalid-input', `The file ${file} cannot be written. What is there is not complete. Choose another place.`, { file, why: error instanceof Error ? error.message : String(error) });
}
