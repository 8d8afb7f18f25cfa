import type { WarehouseRow, WarehouseView } from '../core/ports.ts';

/** How the cells of a column cross into the app: see `WarehouseRow`. */
export type ViewColumnKind = 'text' | 'boolean' | 'instant' | 'number';

export interface ViewColumn {
  name: string;
  kind: ViewColumnKind;
}

const of = (kind: ViewColumnKind, ...names: string[]): ViewColumn[] => names.map((name) => ({ name, kind }));

const shown = of('text', 'name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name');
const features = ['identity_verification', 'bank_linking', 'payroll_linking', 'income_verification', 'fraud_detection'];
const flags = features.flatMap((code) => [...of('boolean', `${code}_enabled`), ...of('instant', `${code}_enabled_at`)]);
const flagsWithWinners = features.flatMap((code) => [
  ...of('boolean', `${code}_enabled`),
  ...of('instant', `${code}_enabled_at`),
  ...of('text', `${code}_enabled_winner_id`, `${code}_enabled_at_winner_id`),
]);
const group = [
  ...of('number', 'active_property_count', 'property_count'),
  ...of('text', 'contributing_property_ids', 'ignored_property_ids', 'primary_property_id'),
  ...of('number', 'feature_count'),
];

/**
 * The columns of each view that the app reads, and what they hold. Both warehouses read by this list, so that the same data
 * gives the same rows whatever types the driver delivers.
 *
 * Shape:  of the source tables only what the checks look at.
 */
export const viewColumns: Readonly<Record<WarehouseView, readonly ViewColumn[]>> = {
  properties: [...of('text', 'id', ...shown.map(({ name }) => name), 'status', 'sfdc_id'), ...of('instant', 'created_at', 'updated_at')],
  product_property: [...of('text', 'id', 'snappt_property_id_c', 'sf_property_id_c'), ...of('boolean', 'is_deleted')],
  rds_properties_enriched: [
    ...of('text', 'property_id'),
    ...shown,
    ...of('text', 'status'),
    ...of('boolean', 'is_active'),
    ...of('text', 'sfdc_id', 'sfdc_id_raw', 'sfdc_key'),
    ...of('instant', 'created_at', 'updated_at'),
    ...flags,
    ...of('number', 'feature_count', 'source_row_count'),
  ],
  properties_aggregated_by_sfdc_id: [...of('text', 'sfdc_key', 'sfdc_id'), ...shown, ...flagsWithWinners, ...group],
  properties_to_create: [...of('text', 'snappt_property_id', 'sfdc_key'), ...shown, ...flagsWithWinners, ...group, ...of('text', 'priority')],
  properties_to_update: [...of('text', 'snappt_property_id', 'record_id', 'sfdc_key'), ...shown, ...flagsWithWinners, ...group],
  sync_monitoring_dashboard: [...of('text', 'metric'), ...of('number', 'value', 'numerator', 'denominator'), ...of('text', 'at')],
};

/** The order in which the rows of each view are read: by its key, as text byte by byte, NULL first. */
export const viewOrder: Readonly<Record<WarehouseView, readonly string[]>> = {
  properties: viewColumns.properties.map(({ name }) => name),
  product_property: ['id', 'snappt_property_id_c', 'sf_property_id_c', 'is_deleted'],
  rds_properties_enriched: ['property_id'],
  properties_aggregated_by_sfdc_id: ['sfdc_key'],
  properties_to_create: ['snappt_property_id'],
  properties_to_update: ['snappt_property_id', 'record_id', 'sfdc_key'],
  sync_monitoring_dashboard: ['metric'],
};

/**
 * Makes rows of a view from their cells.
 *
 * Shape:  cells in the order of the view's columns.
 */
export function rowMaker(view: WarehouseView): (cells: readonly WarehouseRow[string][]) => WarehouseRow {
  const names = viewColumns[view].map(({ name }) => name);
  const blank: WarehouseRow = Object.fromEntries(names.map((name) => [name, null]));
  return (cells) => {
    // A copy of a whole row and then its values: three times as fast as adding one column after the other.
    const row: Record<string, WarehouseRow[string]> = { ...blank };
    for (let at = 0; at < names.length; at += 1) row[names[at] ?? ''] = cells[at] ?? null;
    return row;
  };
}
