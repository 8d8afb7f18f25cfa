import type { Mapping } from '../../../../shared/domain/mapping.ts';
import { viewColumns } from '../../../warehouse-views/view-columns.ts';

/** Columns of view `rds_properties_enriched` that table `property` keeps under their own names. */
const ownColumns: readonly string[] = ['property_id', 'status', 'is_active', 'updated_at', 'sfdc_id', 'sfdc_id_raw', 'sfdc_key', 'source_row_count'];

/**
 * The columns of view `rds_properties_enriched` that are neither mapped nor kept under their own names.
 *
 * Shape:  in the order of the view; the values of one property stand in this order in `property.rest`, a JSON text.
 */
export function restColumns(mapping: Mapping): string[] {
  const kept = new Set([...ownColumns, ...mapping.fields.map(({ column }) => column)]);
  return viewColumns.rds_properties_enriched.map(({ name }) => name).filter((name) => !kept.has(name));
}
