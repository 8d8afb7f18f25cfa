import type { AccessCheck } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../../core/app-failure.ts';

/** One thing that is tried, and what to ask for when it is refused. */
export interface Need {
  id: string;
  need: string;
  /** The statement that is tried; it reads nothing and changes nothing. */
  sql: string;
  /** `catalog.schema.object` and the privilege on it that is wanted. */
  object: string;
  kind: 'VIEW' | 'TABLE';
  privilege: 'SELECT' | 'MODIFY';
  /** True where the app works without it. */
  isOptional?: boolean;
  /** What people do when the object is not there. */
  whenMissing: string;
}

const deploy = 'It is not there. Deploy the views with "countersign views deploy".';
const notThere = 'It is not there. Look at "sources" in the configuration.';

/**
 * Everything that the app needs of a warehouse, with the least that has to be granted for it.
 *
 * Shape:  names: placeholder -> qualified name.
 * Source: Unity Catalog: reading a view takes SELECT on it, USE SCHEMA and USE CATALOG, and nothing on the tables behind it;
 *         INSERT takes MODIFY (or the finer INSERT, where the workspace has it).
 */
export function accessNeeds(names: Readonly<Record<string, string>>): Need[] {
  const view = (name: string, need: string): Need => ({ id: name, need, sql: `SELECT * FROM ${names[name]} LIMIT 0`, object: names[name] ?? name, kind: 'VIEW', privilege: 'SELECT', whenMissing: deploy });
  const source = (name: string, need: string): Need => ({ ...view(name, need), kind: 'TABLE', whenMissing: notThere });
  const audit = names['property_sync_audit_log'] ?? '';
  return [
    view('rds_properties_enriched', 'Read the properties with their features'),
    view('properties_aggregated_by_sfdc_id', 'Read the groups'),
    view('properties_to_create', 'Read what is to be created'),
    view('properties_to_update', 'Read what is to be updated'),
    view('sync_monitoring_dashboard', 'Read the numbers of the monitoring'),
    source('product_property', 'Check the staging records'),
    { ...source('properties', 'Look cheaply for changes of properties (optional)'), isOptional: true },
    { ...source('property_features', 'Look cheaply for changes of features (optional)'), isOptional: true },
    { ...view('property_sync_audit_log', 'Compare the audit log with its copy'), kind: 'TABLE' },
    {
      id: 'property_sync_audit_log.append',
      need: 'Copy the audit log',
      // No row at all: whether it may be done, without doing anything.
      sql: `INSERT INTO ${audit} SELECT * FROM ${audit} WHERE 1 = 0`,
      object: audit,
      kind: 'TABLE',
      privilege: 'MODIFY',
      whenMissing: deploy,
    },
  ];
}

/** The outcome of one need. `user` is whom a grant would go to. */
export function accessCheck(need: Need, error: unknown, user: string | null): AccessCheck {
  const { id, need: words } = need;
  if (error === null) return { id, need: words, state: 'ok', grant: null, detail: null };
  const details = error instanceof AppFailure ? error.error.details : {};
  const verbatim = typeof details['verbatim'] === 'string' ? details['verbatim'] : error instanceof Error ? error.message : String(error);
  if (details['problem'] === 'permission') return { id, need: words, state: 'missing', grant: grantOf(need, verbatim, user), detail: verbatim };
  if (details['problem'] === 'missing') return { id, need: words, state: 'failed', grant: null, detail: need.whenMissing };
  return { id, need: words, state: 'failed', grant: null, detail: verbatim };
}

/** The one grant that the refusal speaks of: on the catalog, on the schema, or on the object itself. */
function grantOf({ object, kind, privilege }: Need, verbatim: string, user: string | null): string {
  const [catalog = '', schema = ''] = object.split('.');
  const to = `TO \`${(user ?? 'the user of this workspace').replaceAll('`', '``')}\``;
  if (/USE[ _]CATALOG/iu.test(verbatim)) return `GRANT USE CATALOG ON CATALOG ${catalog} ${to}`;
  if (/USE[ _]SCHEMA/iu.test(verbatim)) return `GRANT USE SCHEMA ON SCHEMA ${catalog}.${schema} ${to}`;
  return `GRANT ${privilege} ON ${kind} ${object} ${to}`;
}
