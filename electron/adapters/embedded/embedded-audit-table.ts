import { AppFailure } from '../../core/app-failure.ts';
import type { AuditTable } from '../../core/warehouse-ports.ts';

/** The copy of the audit log in a file on this machine. */
export function embeddedAuditTable(file: string): AuditTable & { close(): Promise<void> } {
  const fail = async (): Promise<never> => {
    throw new AppFailure('not-available-here', 'The copy of the audit log is being built.');
  };
  return { place: file, append: fail, present: fail, evidence: fail, close: async () => {} };
}
