import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { verifyExport } from '../../core/audit/verify-export.ts';

/** Verifies an exported audit log by itself. Errors: `not-found` when the file cannot be read. */
export async function verifyExportedFile(file: string): Promise<ChainReport> {
  const stream = createReadStream(file, 'utf8');
  try {
    await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
  } catch {
    throw new AppFailure('not-found', `${file} cannot be read.`, { file });
  }
  return verifyExport(createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }));
}
