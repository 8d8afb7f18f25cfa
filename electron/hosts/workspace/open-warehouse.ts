import { openDatabricks } from '../../adapters/databricks/open-databricks.ts';
import { embeddedAccess } from '../../adapters/embedded/embedded-access.ts';
import { embeddedAuditTable } from '../../adapters/embedded/embedded-audit-table.ts';
import { embeddedObjects } from '../../adapters/embedded/embedded-objects.ts';
import { embeddedWarehouse } from '../../adapters/embedded/embedded-warehouse.ts';
import type { AppPorts } from '../../core/app.ts';
import type { Org } from '../../core/org-ports.ts';
import type { Desktop } from '../../core/ports.ts';
import type { Secrets } from '../../core/warehouse-ports.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { productVersion } from '../product-version.ts';
import { closeAll } from './close-all.ts';
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
  /** True where the copy of the audit log may only be read. */
  readOnly: boolean;
  /** True: the copy of the audit log works in a thread of its own. */
  threads: boolean;
}

/** The warehouse of a workspace, reached at its first use. */
export function openWarehouse(folder: string, config: WorkspaceConfig, org: Org, services: WarehouseServices): WarehouseSite {
  if (config.warehouse.kind === 'databricks') {
    const { close, ...ports } = openDatabricks({ config: config.warehouse, version: productVersion(), env: services.env, secrets: services.secrets, openExternal: (url) => services.desktop.openExternal(url) });
    return { ports, close };
  }
  const files = workspaceFiles(folder);
  const { source } = config.warehouse;
  const warehouse = embeddedWarehouse({
    file: files.warehouse,
    auditFile: files.warehouseAudit,
    ...(source === null ? {} : { source }),
    mirror: config.org.kind === 'simulated' ? (signal) => mirrorOrg(org, signal) : 'file',
  });
  const auditTable = embeddedAuditTable(files.warehouseAudit, { readOnly: services.readOnly, threads: services.threads });
  return {
    ports: { warehouse, warehouseObjects: embeddedObjects(), warehouseAccess: embeddedAccess(source ?? 'sample'), auditTable },
    close: () => closeAll([() => auditTable.close(), () => warehouse.close()]),
  };
}
