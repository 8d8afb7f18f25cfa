import { viewNames } from '../../../shared/domain/warehouse.ts';
import { qualifiedNames } from '../../adapters/databricks/names.ts';
import { embeddedObjects } from '../../adapters/embedded/embedded-objects.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { createTableSql } from '../../warehouse-views/deploy-statements.ts';
import { readViewSql, renderView } from '../../warehouse-views/read-views.ts';
import { readTableDefinition } from '../../warehouse-views/table-definition.ts';

export interface PrintedView {
  name: string;
  /** With the names of the target filled in; on Databricks the audit table without its constraints, which take statements of their own. */
  sql: string;
  /** As it stands in the repository. */
  template: string;
}

/** The six objects with the names of one target filled in: those of the workspace where it has that target, else the defaults. */
export function printViews(target: 'databricks' | 'embedded', warehouse: WorkspaceConfig['warehouse'] | null): PrintedView[] {
  const names = target === 'embedded' ? embeddedObjects().names : qualifiedNames(warehouse?.kind === 'databricks' ? warehouse : {});
  return viewNames.map((name) => {
    const isPlainTable = target === 'databricks' && name === 'property_sync_audit_log';
    const sql = isPlainTable ? createTableSql(names[name] ?? name, readTableDefinition()) : renderView(name, names);
    return { name, sql, template: readViewSql(name) };
  });
}
