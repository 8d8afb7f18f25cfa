import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ChainReport } from '../../../shared/domain/audit-event.ts';
import { AppFailure } from '../../core/app-failure.ts';
import { verifyAnchoredExport, verifyExport } from '../../core/audit/verify-export.ts';
import type { AuditTable } from '../../core/warehouse-ports.ts';

/**
 * Verifies an exported audit log by itself, or against the warehouse's copy where there is one to ask.
 *
 * Errors: `not-found` when the file cannot be read; what the warehouse throws.
 */
export async function verifyExportedFile(file: string, anchor: { table: AuditTable; signal: AbortSignal } | null): Promise<ChainReport> {
  try {
    await access(file, constants.R_OK);
  } catch {
    throw new AppFailure('not-found', `${file} cannot be read.`, { file });
  }
  const open = () => createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  return anchor === null ? verifyExport(open()) : verifyAnchoredExport(anchor.table, open, anchor.signal);
}
