import { embeddedAccess } from '../../adapters/embedded/embedded-access.ts';
import { embeddedAuditTable } from '../../adapters/embedded/embedded-audit-table.ts';
import { embeddedObjects } from '../../adapters/embedded/embedded-objects.ts';
import { embeddedWarehouse } from '../../adapters/embedded/embedded-warehouse.ts';
import { AppFailure } from '../../core/app-failure.ts';
import type { AppPorts } from '../../core/app.ts';
import type { Desktop, Org } from '../../core/ports.ts';
import type { Secrets } from '../../core/warehouse-ports.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { mirrorOrg } from './org-mirror.ts';
import { workspaceFiles } from './workspace-folder.ts';

/** Everything that the core knows of a workspace's warehouse. */
export interface WarehouseSite {
  ports: Pick<AppPorts, 'warehouse' | 'warehouseObjects' | 'warehouseAccess' | 'auditTable'>;
  close(): Promise<void>;
}

/** What reaching a warehouse needs of the host. */
export interface WarehouseServices {
  env: Readonly<Record<string, string | undefined>>;
  /** Those of this workspace and this address only. */
  secrets: Secrets;
  desktop: Pick<Desktop, 'openExternal'>;
}

/** The warehouse of a workspace, reached at its first use. */
export function openWarehouse(folder: string, config: WorkspaceConfig, org: Org, _services: WarehouseServices): WarehouseSite {
  if (config.warehouse.kind === 'databricks') throw new AppFailure('not-available-here', 'This version has no Databricks driver yet. Use an embedded warehouse (a folder of CSV files).');
  const files = workspaceFiles(folder);
  const { source } = config.warehouse;
  const warehouse = embeddedWarehouse({
    file: files.warehouse,
    ...(source === null ? {} : { source }),
    mirror: config.org.kind === 'simulated' ? (signal) => mirrorOrg(org, signal) : 'file',
  });
  const auditTable = embeddedAuditTable(files.warehouseAudit);
  return {
    ports: { warehouse, warehouseObjects: embeddedObjects(), warehouseAccess: embeddedAccess(source ?? 'sample'), auditTable },
    async close() {
      await auditTable.close();
      await warehouse.close();
    },
  };
}
