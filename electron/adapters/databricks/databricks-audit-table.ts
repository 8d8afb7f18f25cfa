import type { AuditTable } from '../../core/warehouse-ports.ts';
import { auditStatements, idsParameter, readEvidence, rowsParameter } from '../../warehouse-views/audit-statements.ts';
import type { DatabricksThread } from './databricks-thread.ts';

const what = 'Copying the audit log';

/**
 * The copy of the audit log in Databricks.
 *
 * Errors: as the driver's calls; `details.effect` is `unknown` when an append may have happened.
 */
export function databricksAuditTable(thread: DatabricksThread, name: string): AuditTable {
  const statements = auditStatements(name);
  return {
    place: name,
    async append(rows, signal) {
      if (rows.length > 0) await thread.call('write', { sql: statements.append, parameters: { rows: rowsParameter(rows) }, what }, { signal });
    },
    async present(eventIds, signal) {
      if (eventIds.length === 0) return new Set();
      const rows = await thread.call('read', { sql: statements.present, parameters: { rows: idsParameter(eventIds) }, what }, { signal });
      return new Set(rows.map((row) => String(row['event_id'])));
    },
    async evidence(workspaceId, signal) {
      return readEvidence(await thread.call('read', { sql: statements.evidence, parameters: { workspace_id: workspaceId }, what }, { signal }));
    },
  };
}
