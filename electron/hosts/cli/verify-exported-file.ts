import { isUtf8 } from 'node:buffer';
import { createReadStream, existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { checkpointsBeside } from '../../core/audit/export-audit.ts';
import { readCheckpointLines, verifyAnchoredExport, verifyExport, type ExportedLog } from '../../core/audit/verify-export.ts';
import type { AuditTable } from '../../core/warehouse-ports.ts';

/**
 * Verifies an exported audit log by itself, or against the warehouse's copy where there is one to ask.
 *
 * Shape:  the signed checkpoints are read from the file beside it, where there is one.
 * Errors: `not-found` when the file cannot be read; what the warehouse throws.
 */
export async function verifyExportedFile(file: string, anchor: { table: AuditTable; signal: AbortSignal } | null): Promise<ChainReport> {
  try {
    await access(file, constants.R_OK);
  } catch {
    throw new AppFailure('not-found', `${file} cannot be read.`, { file });
  }
  const beside = checkpointsBeside(file);
  const log: ExportedLog = { open: () => linesOf(file), checkpoints: existsSync(beside) ? await readCheckpointLines(linesOf(beside)) : null };
  return anchor === null ? verifyExport(log) : verifyAnchoredExport(anchor.table, log, anchor.signal);
}

const noEvent = '\uFFFD';

/**
 * The lines of a file as they were written.
 *
 * Shape:  only a line feed ends a line: texts may hold all other line ends that Unicode knows. A line that is no UTF-8 comes
 *         as one that is no event.
 */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, begin)) {
      yield textOf(Buffer.concat([...rest, piece.subarray(begin, end)]));
      rest = [];
      begin = end + 1;
    }
    if (begin < piece.length) rest.push(piece.subarray(begin));
  }
  if (rest.length > 0) yield textOf(Buffer.concat(rest));
}

function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : noEvent;
}
