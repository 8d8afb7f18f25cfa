import { viewNames } from '../../../shared/domain/warehouse.ts';
import { qualifiedNames } from '../../adapters/databricks/names.ts';
import { embeddedObjects } from '../../adapters/embedded/embedded-objects.ts';
import type { WorkspaceConfig } from '../../core/workspace/workspace-config.ts';
import { objectDefinitions, statementsOf } from '../../warehouse-views/deploy-statements.ts';
import { readViewSql, renderView } from '../../warehouse-views/read-views.ts';

export interface PrintedView {
  name: string;
  /** With the names of the target filled in: the SELECT of a view; of the audit table every statement that makes it, with `;` between them. */
  sql: string;
  /** As it stands in the repository. */
  template: string;
}

/** The six objects with the names of one target filled in: those of the workspace where it has that target, else the defaults. */
export function printViews(target: 'databricks' | 'embedded', warehouse: WorkspaceConfig['warehouse'] | null): PrintedView[] {
  const names = target === 'embedded' ? embeddedObjects().names : qualifiedNames(warehouse?.kind === 'databricks' ? warehouse : {});
  return viewNames.map((name) => {
    const isDeployedTable = target === 'databricks' && name === 'property_sync_audit_log';
    return { name, sql: isDeployedTable ? deployedTableSql(names) : renderView(name, names), template: readViewSql(name) };
  });
}

/** What a deployment runs for the audit table where there is none. */
function deployedTableSql(names: Readonly<Record<string, string>>): string {
  return objectDefinitions(names).filter(({ kind }) => kind === 'table').flatMap(statementsOf).join(';\n');
}
