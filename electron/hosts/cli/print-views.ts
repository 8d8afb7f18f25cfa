import { viewNames } from '../../../shared/domain/warehouse.ts';
import { readViewSql, renderView } from '../../warehouse-views/read-views.ts';

const sources: Readonly<Record<'databricks' | 'embedded', Readonly<Record<string, string>>>> = {
  databricks: {
    properties: 'rds.pg_rds_public.properties',
    property_features: 'rds.pg_rds_public.property_features',
    product_property: 'crm.sfdc_dbx.product_property',
  },
  embedded: { properties: 'properties', property_features: 'property_features', product_property: 'product_property' },
};
const databricksSchema = 'crm.sfdc_dbx';

export interface PrintedView {
  name: string;
  /** With the names of the target filled in. */
  sql: string;
  /** As it stands in the repository. */
  template: string;
}

/** The six views with the names of one target filled in. */
export function printViews(target: 'databricks' | 'embedded'): PrintedView[] {
  const own = viewNames.map((name) => [name, target === 'databricks' ? `${databricksSchema}.${name}` : name]);
  const names = { ...sources[target], ...(Object.fromEntries(own) as Record<string, string>) };
  return viewNames.map((name) => ({ name, sql: renderView(name, names), template: readViewSql(name) }));
}
