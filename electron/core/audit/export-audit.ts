import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { CallOutput } from '../../../shared/contract.ts';
import { AppFailure, cancelled } from '../app-failure.ts';
import type { Desktop, Ledger } from '../ports.ts';
import { exportCsv, exportJsonl } from './export-lines.ts';

/**
 * Writes the whole audit log to a file that the person chooses.
 *
 * Shape:  the export is itself an event, written first, and the last one in the file: a file that does not end with it is
 *         not complete.
 * Errors: `cancelled` when no file is chosen, `invalid-input` when it cannot be written to.
 */
export async function exportAudit(deps: { ledger: Ledger; desktop: Desktop }, input: { format: 'jsonl' | 'csv'; actor: string }): Promise<CallOutput<'audit.export'>> {
  const { format, actor } = input;
  const file = await deps.desktop.chooseSaveFile(`audit.${format}`);
  if (file === null) throw cancelled('The export');
  const stream = await openFile(file);
  const { events: before } = await deps.ledger.chainHead();
  const [event] = await deps.ledger.commit({ events: [{ type: 'audit.exported', actor, batchId: null, runId: null, keys: [], data: { format, events: before } }], writes: [] });
  const last = event?.seq ?? before;
  await writeLines(stream, format === 'jsonl' ? exportJsonl(deps.ledger, last) : exportCsv(deps.ledger, last));
  return { file, events: last };
}

async function openFile(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file, { encoding: 'utf8' });
  try {
    await once(stream, 'open');
    return stream;
  } catch (error) {
    throw new AppFailure('invalid-input', `The file ${file} cannot be written. Choose another place.`, { file, why: error instanceof Error ? error.message : String(error) });
  }
}

async function writeLines(stream: WriteStream, lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}
