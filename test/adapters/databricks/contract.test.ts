import { openStandInSite } from '../../stand-in/open-site.ts';
import type { CallSettings } from '../../stand-in/thrift-calls.ts';
import { auditTableContract } from '../audit-table-contract.ts';
import { warehouseContract } from '../warehouse-contract.ts';
import type { AuditLogRow } from '../../../electron/core/warehouse-ports.ts';

/** Waits long enough for a busy machine. */
const limits = { delaysMs: [20], startMs: 5_000, transientMs: 5_000, answerMs: 60_000 };

const forms: Readonly<Record<string, CallSettings>> = {
  'Databricks over the driver (columns, polled)': { format: 'columns', directResults: false },
  'Databricks over the driver (Arrow, direct results)': { format: 'arrow', directResults: true },
};

for (const [name, settings] of Object.entries(forms)) {
  warehouseContract(name, async () => {
    const opened = await openStandInSite(settings, limits);
    let isDeployed = false;
    return {
      warehouse: opened.site.warehouse,
      async load(folder) {
        opened.load(folder);
        if (!isDeployed) await opened.deploy();
        isDeployed = true;
      },
      close: () => opened.close(),
    };
  });

  auditTableContract(name, async () => {
    const opened = await openStandInSite(settings, limits);
    const { names, site, standIn } = opened;
    for (const table of ['properties', 'property_features', 'product_property'] as const) standIn.engine.loadTable(table, names[table] ?? '', []);
    await opened.deploy();
    return { table: site.auditTable, rows: async () => standIn.engine.rowsOf(names['property_sync_audit_log'] ?? '') as unknown as AuditLogRow[], close: () => opened.close() };
  });
}
