import type { MirrorRow } from '../../adapters/embedded/embedded-warehouse.ts';
import { featureCodes } from '../../adapters/embedded/source-tables.ts';
import type { Org, OrgRecord } from '../../core/org-ports.ts';

const object = 'Product_Property__c';

/** Column of `product_property` -> field of the staging object, as the mirror of a simulated org has them. */
const columns: readonly (readonly [string, string])[] = [
  ['id', 'Id'],
  ['snappt_property_id_c', 'Snappt_Property_ID__c'],
  ['sf_property_id_c', 'SF_Property_ID__c'],
  ['name', 'Name'],
  ['address', 'Address__c'],
  ['city', 'City__c'],
  ['state', 'State__c'],
  ['zip', 'Zip__c'],
  ['company_id', 'Company_ID__c'],
  ['company_name', 'Company_Name__c'],
  ...featureCodes.flatMap((code): [string, string][] => {
    const field = code.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('_');
    return [
      [`${code}_enabled_c`, `${field}_Enabled__c`],
      [`${code}_enabled_at_c`, `${field}_Enabled_At__c`],
    ];
  }),
  ['is_deleted', 'IsDeleted'],
  ['last_modified_date', 'LastModifiedDate'],
  ['system_modstamp', 'SystemModstamp'],
];

/** Streams the live staging records of an org as rows of the mirror that the views read. */
export async function* mirrorOrg(org: Org, signal: AbortSignal): AsyncGenerator<readonly MirrorRow[]> {
  const fields = columns.map(([, field]) => field);
  for await (const page of org.scan({ object, fields }, signal)) yield page.map(toMirrorRow);
}

function toMirrorRow(record: OrgRecord): MirrorRow {
  return Object.fromEntries(columns.map(([column, field]) => [column, cellOf(record[field])]));
}

function cellOf(value: OrgRecord[string] | undefined): string | boolean | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? String(value) : value;
}
