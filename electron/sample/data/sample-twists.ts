import { toLongId } from '../org/salesforce-id.ts';
import { inventTexts } from './places.ts';
import type { Random } from './random.ts';
import {
  emptyRecord,
  isRecordFeatureOn,
  sampleProperty,
  setRecordFeature,
  type FeatureCode,
  type SampleIds,
  type SampleProperty,
  type SampleUnit,
} from './sample-unit.ts';

interface Tools {
  ids: SampleIds;
  random: Random;
}

/**
 * Turns an ordinary unit with one property (and, for an update, one record whose address lags) into an ugly case, in place.
 * It stays what it is: a create with as many features, an update with the same flags changing.
 */
export type Twist = (unit: SampleUnit, tools: Tools) => void;

/** Texts that people and programs get wrong. */
const uglyNames = [
  '=1+1',
  '+SUM(A1:A9)',
  '@Home Apartments',
  '-12 Degrees Lofts',
  '<script>alert("Sample")</script>',
  '<b>Bold</b> & "Quoted" Flats',
  'Willow\u200b Creek',
  'Cedar \u202etnioP\u202c Lofts',
  'M\u0430ple P\u0430rk',
  'Harbor\u00a0Point',
  'Cafe\u0301 Flats',
  'Caf\u00e9 Flats',
  '\u{1f3e2} Tower \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '\u0645\u062c\u0645\u0639 \u0627\u0644\u0646\u062e\u064a\u0644',
  '\u05de\u05d2\u05d3\u05dc Park',
  '  Summit Ridge\t\r\n',
  "O'Brien's, \"The\" Lofts; Ltd",
  '007',
  '1e5',
  'NULL',
] as const;

const future = '2035-06-30 12:00:00.000000';

const named =
  (name: string): Twist =>
  ({ properties: [property] }) => {
    if (property !== undefined) property.name = name;
  };

const onProperty =
  (change: (property: SampleProperty) => void): Twist =>
  ({ properties: [property] }) => {
    if (property !== undefined) change(property);
  };

/** The property has this production id, as it stands; so has the record, where it is one. */
const withProductionId =
  (sfdcId: string, carried: string | null = null): Twist =>
  ({ properties: [property], records: [record] }) => {
    if (property !== undefined) property.sfdc_id = sfdcId;
    if (record !== undefined) record.SF_Property_ID__c = carried;
  };

/** Sets the date of a feature that is on already, here and in the record. */
const datedFeature =
  (date: string | null): Twist =>
  ({ features, records: [record] }) => {
    const code = features.find((feature) => feature.enabled)?.feature_code as FeatureCode | undefined;
    if (code === undefined) return;
    for (const feature of features) if (feature.feature_code === code && feature.enabled) feature.enabled_at = date;
    if (record !== undefined && isRecordFeatureOn(record, code)) setRecordFeature(record, code, true, date);
  };

/** Feature rows that say nothing: codes nobody knows, neither on nor off, the same twice. */
const idleFeatureRows: Twist = ({ properties: [property], features }) => {
  if (property === undefined) return;
  const row = { property_id: property.id, enabled_at: '2024-05-05 05:05:05.000000', updated_at: null };
  features.push(
    { ...row, feature_code: 'credit_check', enabled: true },
    { ...row, feature_code: 'Identity_Verification', enabled: true },
    { ...row, feature_code: 'payroll_linking', enabled: null },
    { ...row, feature_code: 'payroll_linking', enabled: false },
    { ...row, feature_code: 'payroll_linking', enabled: false },
  );
};

/** The record's key is an id that RDS no longer has; it finds its group by the production id it carries. */
const carrier: Twist = ({ records: [record] }, { ids }) => {
  if (record !== undefined) record.Snappt_Property_ID__c = ids.property();
};

/** The record belongs to a property that is not ACTIVE and has no production id, but carries that of an ACTIVE one. */
const carrierOfDisabled: Twist = ({ properties, records: [record] }, { ids, random }) => {
  const disabled = sampleProperty(random, ids, inventTexts(random), { status: 'DISABLED' });
  properties.push(disabled);
  if (record !== undefined) record.Snappt_Property_ID__c = disabled.id;
};

/** The only record that carries another property's production id follows this property: the other one is blocked. */
const blocksAnother =
  (ownProductionId: boolean): Twist =>
  ({ properties, records: [record] }, { ids, random }) => {
    const [property] = properties;
    const carried = ids.production();
    properties.push(sampleProperty(random, ids, inventTexts(random), { sfdcId: carried }));
    if (property !== undefined && !ownProductionId) property.sfdc_id = null;
    if (record !== undefined) record.SF_Property_ID__c = carried;
  };

const blankOverFilled: Twist = ({ properties: [property] }) => {
  if (property === undefined) return;
  property.zip = ' ';
  property.company_id = null;
};

/** A deleted record that once had this key. */
const deletedBefore: Twist = ({ properties: [property], records }, { ids }) => {
  const key = property?.id ?? null;
  records.push({ ...emptyRecord, Id: ids.record(), IsDeleted: true, Name: property?.name ?? 'Deleted', Snappt_Property_ID__c: key });
};

const lowerId = 'a0A5eCaseLofts1';
const upperId = 'a0A5eCASELOFTS1';

/** What is done to single updates. None leads to a blocker: the whole sample can be approved and pushed. */
export const updateTwists: readonly Twist[] = [
  ...uglyNames.map(named),
  withProductionId('N/A'),
  withProductionId('TBD'),
  withProductionId('a0A5e0000012AB'),
  withProductionId(' \t '),
  withProductionId(lowerId, toLongId(lowerId)),
  withProductionId(upperId, toLongId(upperId)),
  onProperty((property) => (property.sfdc_id = `  ${property.sfdc_id ?? ''}\t`)),
  onProperty((property) => (property.sfdc_id = property.sfdc_id === null ? null : `${property.sfdc_id.slice(0, 15)}ZZZ`)),
  onProperty((property) => (property.updated_at = null)),
  onProperty((property) => (property.address = `${property.address}\nBuilding B`)),
  ...Array.from({ length: 6 }, () => datedFeature(null)),
  ...Array.from({ length: 3 }, () => datedFeature(future)),
  ...Array.from({ length: 3 }, () => idleFeatureRows),
  ...Array.from({ length: 3 }, () => carrier),
  carrierOfDisabled,
  ...Array.from({ length: 4 }, () => blankOverFilled),
  blocksAnother(false),
  blocksAnother(true),
];

/** What is done to single creates. None leads to a blocker. */
export const createTwists: readonly Twist[] = [
  ...uglyNames.map(named),
  withProductionId('N/A'),
  withProductionId('n/a'),
  withProductionId(''),
  ...Array.from({ length: 8 }, () => datedFeature(null)),
  ...Array.from({ length: 4 }, () => datedFeature(future)),
  ...Array.from({ length: 2 }, () => idleFeatureRows),
  ...Array.from({ length: 2 }, () => deletedBefore),
  onProperty((property) => (property.updated_at = null)),
];
