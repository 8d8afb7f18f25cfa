/** How the cells of a source column are read: a text as it stands, a boolean, or an instant. */
export type SourceColumnKind = 'text' | 'boolean' | 'instant';

export interface SourceColumn {
  name: string;
  kind: SourceColumnKind;
}

export type SourceTableName = 'properties' | 'property_features' | 'product_property';

/** The feature codes that the views know. */
export const featureCodes = [
  'identity_verification',
  'bank_linking',
  'payroll_linking',
  'income_verification',
  'fraud_detection',
] as const;

const texts = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, kind: 'text' }));
const instants = (...names: string[]): SourceColumn[] => names.map((name) => ({ name, kind: 'instant' }));
const boolean = (name: string): SourceColumn => ({ name, kind: 'boolean' });
const shown = ['name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name'];

/** The columns of the three source tables; the CSV files have the same. */
export const sourceTables: Readonly<Record<SourceTableName, readonly SourceColumn[]>> = {
  properties: [...texts('id', ...shown, 'status', 'sfdc_id'), ...instants('created_at', 'updated_at')],
  property_features: [
    ...texts('property_id', 'feature_code'),
    boolean('enabled'),
    ...instants('enabled_at', 'updated_at'),
  ],
  product_property: [
    ...texts('id', 'snappt_property_id_c', 'sf_property_id_c', ...shown),
    ...featureCodes.flatMap((code) => [boolean(`${code}_enabled_c`), ...instants(`${code}_enabled_at_c`)]),
    boolean('is_deleted'),
    ...instants('last_modified_date', 'system_modstamp'),
  ],
};

/**
 * The statement that makes one source table in SQLite.
 *
 * Shape:  instants are text of fixed width (`YYYY-MM-DD HH:MM:SS.ffffff`, UTC), booleans 1 and 0.
 */
export function createTableSql(table: SourceTableName, schema = 'main'): string {
  const columns = sourceTables[table].map(({ name, kind }) => `${name} ${kind === 'boolean' ? 'INTEGER' : 'TEXT'}`);
  return `CREATE TABLE ${schema}.${table} (${columns.join(', ')})`;
}

/** The statement that puts one row into a source table, values in the order of its columns. */
export function insertRowSql(table: SourceTableName): string {
  return `INSERT INTO ${table} VALUES (${sourceTables[table].map(() => '?').join(', ')})`;
}
