import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CallOutput } from '../../../shared/contract.ts';
import { AppFailure, cancelled } from '../app-failure.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Desktop } from '../ports.ts';
import { exportCheckpoints, exportCsv, exportJsonl } from './export-lines.ts';

/** What a workspace keeps in its folder. */
const ownFiles = /^(?:workspace\.json|[\w-]+\.db(?:-\w+)?)$/u;

/**
 * Writes the whole audit log to a file that the person chooses.
 *
 * Shape:  the export is itself an event, written first, and the last one in the file: a file that does not end with it is
 *         not complete. The head is signed then, and the signed checkpoints of a `.jsonl` stand in a second file beside it.
 * Errors: `cancelled` when no file is chosen, `invalid-input` when it cannot be written to or is one of the workspace's own.
 */
export async function exportAudit(deps: { ledger: Ledger; desktop: Pick<Desktop, 'chooseSaveFile'>; folder: string }, input: { format: 'jsonl' | 'csv'; actor: string }): Promise<CallOutput<'audit.export'>> {
  const { format, actor } = input;
  const file = await deps.desktop.chooseSaveFile(`audit.${format}`);
  if (file === null) throw cancelled('The export');
  await refuseOwnFile(deps.folder, file);
  const stream = await openFile(file);
  try {
    const { events: before } = await deps.ledger.chainHead();
    const last = await deps.ledger.commit({ events: [{ type: 'audit.exported', actor, batchId: null, runId: null, keys: [], data: { format, events: before } }], writes: [] });
    await deps.ledger.signHead();
    await writeLines(file, stream, format === 'jsonl' ? exportJsonl(deps.ledger, last) : exportCsv(deps.ledger, last));
    if (format === 'jsonl') await writeCheckpoints(deps.ledger, checkpointsBeside(file), last);
    return { file, events: last };
  } finally {
    stream.destroy();
  }
}

/** Where the signed checkpoints of an exported `.jsonl` are. */
export function checkpointsBeside(file: string): string {
  return `${file.replace(/\.jsonl$/iu, '')}.checkpoints.jsonl`;
}

async function writeCheckpoints(ledger: Ledger, file: string, last: number): Promise<void> {
  const stream = await openFile(file);
  try {
    await writeLines(file, stream, exportCheckpoints(ledger, last));
  } finally {
    stream.destroy();
  }
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

async function openFile(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file, { encoding: 'utf8' });
  try {
    await once(stream, 'open');
    return stream;
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

async function writeLines(file: string, stream: WriteStream, lines: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(ended(lines)), stream);
  } catch (error) {
    throw error instanceof AppFailure ? error : cannotWrite(file, error);
  }
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function cannotWrite(file: string, error: unknown): AppFailure {
  return new AppFailure('invalid-input', `The file ${file} cannot be written. What is there is not complete. Choose another place.`, { file, why: error instanceof Error ? error.message : String(error) });
}
