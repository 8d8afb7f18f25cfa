import type { CallOutput } from '../../../shared/contract.ts';
import { createExportFile, openExportFile, type ExportPlace } from '../export-file.ts';
import type { Ledger } from '../ledger-ports.ts';
import { exportCheckpoints, exportCsv, exportJsonl } from './export-lines.ts';

/**
 * Writes the whole audit log to a file that the person chooses.
 *
 * Shape:  the export is itself an event, written first, and the last one in the file: a file that does not end with it is
 *         not complete. The head is signed then, and the signed checkpoints of a `.jsonl` stand in a second file beside it.
 * Errors: `cancelled` when no file is chosen, `invalid-input` when it cannot be written to or is one of the workspace's own.
 */
export async function exportAudit(deps: ExportPlace & { ledger: Ledger }, input: { format: 'jsonl' | 'csv'; actor: string }): Promise<CallOutput<'audit.export'>> {
  const { format, actor } = input;
  const target = await openExportFile(deps, `audit.${format}`);
  try {
    const { events: before } = await deps.ledger.chainHead();
    const last = await deps.ledger.commit({ events: [{ type: 'audit.exported', actor, batchId: null, runId: null, keys: [], data: { format, events: before } }], writes: [] });
    await deps.ledger.signHead();
    await target.write(format === 'jsonl' ? exportJsonl(deps.ledger, last) : exportCsv(deps.ledger, last));
    if (format === 'jsonl') await writeCheckpoints(deps.ledger, checkpointsBeside(target.file), last);
    return { file: target.file, events: last };
  } finally {
    target.close();
  }
}

/** Where the signed checkpoints of an exported `.jsonl` are. */
export function checkpointsBeside(file: string): string {
  return `${file.replace(/\.jsonl$/iu, '')}.checkpoints.jsonl`;
}

async function writeCheckpoints(ledger: Ledger, file: string, last: number): Promise<void> {
  const target = await createExportFile(file);
  try {
    await target.write(exportCheckpoints(ledger, last));
  } finally {
    target.close();
  }
}
