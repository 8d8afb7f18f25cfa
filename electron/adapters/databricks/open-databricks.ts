import type { Warehouse } from '../../core/ports.ts';
import type { AuditTable, Secrets, WarehouseAccess, WarehouseObjects } from '../../core/warehouse-ports.ts';
import type { DatabricksConfig } from '../../core/workspace/workspace-config.ts';
import { databricksAccess, progressHub } from './databricks-access.ts';
import { databricksAuditTable } from './databricks-audit-table.ts';
import { databricksObjects } from './databricks-objects.ts';
import { databricksThread } from './databricks-thread.ts';
import { databricksWarehouse } from './databricks-warehouse.ts';
import { placeOf, qualifiedNames } from './names.ts';
import { defaultRetryLimits, type RetryLimits } from './retry.ts';
import { tokenSource } from './sign-in/token-source.ts';
import { warehouseAddress } from './warehouse-address.ts';

export interface DatabricksOptions {
  config: DatabricksConfig;
  env: Readonly<Record<string, string | undefined>>;
  secrets: Secrets;
  /** Opens a page in the person's browser; false where this host cannot. */
  openExternal(url: string): Promise<boolean>;
  /** Of the app, as the warehouse's query history shows it. */
  version: string;
  limits?: RetryLimits;
}

/** Everything that the core knows of a warehouse in Databricks. */
export interface DatabricksSite {
  warehouse: Warehouse;
  warehouseObjects: WarehouseObjects;
  warehouseAccess: WarehouseAccess;
  auditTable: AuditTable;
  close(): Promise<void>;
}

/**
 * A SQL warehouse of Databricks; nothing is reached before the first call.
 *
 * Errors: `invalid-input` when the config's certificate file or proxy cannot be used.
 */
export function openDatabricks({ config, env, secrets, openExternal, version, limits = defaultRetryLimits }: DatabricksOptions): DatabricksSite {
  const address = warehouseAddress(config, env, version);
  const names = qualifiedNames(config);
  const progress = progressHub();
  const closing = new AbortController();
  const oauth = config.oauth ?? null;
  const tokens = tokenSource({ address, env, secrets, oauthClient: oauth?.clientId ?? null });
  const thread = databricksThread({ address, limits, getToken: (refused) => tokens.token(refused, closing.signal), onProgress: progress.tell });
  return {
    warehouse: databricksWarehouse(thread, names),
    warehouseObjects: databricksObjects(thread, placeOf(config), names),
    warehouseAccess: databricksAccess({ thread, address, names, tokens, oauth, openExternal, progress }),
    auditTable: databricksAuditTable(thread, names['property_sync_audit_log'] ?? ''),
    async close() {
      closing.abort();
      await thread.end();
    },
  };
}
