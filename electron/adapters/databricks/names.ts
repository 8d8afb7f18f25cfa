import { viewNames } from '../../../shared/domain/warehouse.ts';
import type { DatabricksConfig } from '../../core/workspace/workspace-config.ts';

/** Where things are in Databricks unless the config says otherwise. Source: the plan of the sync architecture. */
const defaults = {
  catalog: 'crm',
  schema: 'sfdc_dbx',
  properties: 'rds.pg_rds_public.properties',
  property_features: 'rds.pg_rds_public.property_features',
  product_property: 'crm.sfdc_dbx.product_property',
};

/** The catalog and schema that hold our six objects. */
export function placeOf(config: Pick<DatabricksConfig, 'catalog' | 'schema'>): { catalog: string; schema: string } {
  return { catalog: config.catalog ?? defaults.catalog, schema: config.schema ?? defaults.schema };
}

/** Placeholder of a view's text -> qualified name. */
export function qualifiedNames(config: Pick<DatabricksConfig, 'catalog' | 'schema' | 'sources'>): Readonly<Record<string, string>> {
  const { catalog, schema } = placeOf(config);
  return {
    properties: config.sources?.properties ?? defaults.properties,
    property_features: config.sources?.property_features ?? defaults.property_features,
    product_property: config.sources?.product_property ?? defaults.product_property,
    ...Object.fromEntries(viewNames.map((name) => [name, `${catalog}.${schema}.${name}`])),
  };
}
