import { featureCodes } from '../../adapters/embedded/source-tables.ts';
import type { OrgSeedRecord } from '../org/org-file.ts';
import { makeId } from '../org/salesforce-id.ts';
import { shortAddress, type PropertyTexts } from './places.ts';
import { scatter, type Random } from './random.ts';

export type FeatureCode = (typeof featureCodes)[number];

/** A row of `properties`. Instants are fixed-width text, as the embedded warehouse keeps them. */
export interface SampleProperty extends Record<keyof PropertyTexts, string | null> {
  id: string;
  status: string | null;
  sfdc_id: string | null;
  created_at: string | null;
  updated_at: string | null;
}

/** A row of `property_features`. */
export interface SampleFeature {
  property_id: string;
  feature_code: string;
  enabled: boolean | null;
  enabled_at: string | null;
  updated_at: string | null;
}

/** What belongs together: properties, their features, and the staging records that Salesforce has for them. */
export interface SampleUnit {
  properties: SampleProperty[];
  features: SampleFeature[];
  records: OrgSeedRecord[];
}

/** The features that are on, with their dates. */
export type FeatureDates = Partial<Record<FeatureCode, string | null>>;

/** Names for new things; each is given once only. */
export interface SampleIds {
  property(): string;
  production(): string;
  record(): string;
}

const fieldOf = {
  identity_verification: 'Identity_Verification',
  bank_linking: 'Bank_Linking',
  payroll_linking: 'Payroll_Linking',
  income_verification: 'Income_Verification',
  fraud_detection: 'Fraud_Detection',
} as const satisfies Record<FeatureCode, string>;

/** Makes ids that differ from seed to seed and never repeat. */
export function sampleIds(seed: number): SampleIds {
  let properties = 0;
  let productions = 0;
  let records = 0;
  return {
    property: () => {
      properties += 1;
      const head = scatter(properties ^ seed);
      const hex = (value: number, length: number): string => value.toString(16).padStart(8, '0').slice(0, length);
      return `${hex(head, 8)}-${hex(scatter(head + seed), 4)}`;
    },
    production: () => {
      productions += 1;
      return makeId('a0A', '5e', productions * 7_919 + (seed % 7_919));
    },
    record: () => {
      records += 1;
      return makeId('a0P', '5e', records * 13 + (seed % 13));
    },
  };
}

const day = 86_400;

/** An instant some days after another, to the microsecond; both as days since 1 January 2023. */
export function inventInstant(random: Random, fromDay: number, toDay: number): string {
  const seconds = fromDay * day + random.integer((toDay - fromDay) * day);
  const iso = new Date(Date.UTC(2023, 0, 1) + seconds * 1_000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${String(random.integer(1_000_000)).padStart(6, '0')}`;
}

/** Turns some features on; `must` names one that is on in any case. */
export function inventFeatures(random: Random, must: FeatureCode | null): FeatureDates {
  const dates: FeatureDates = {};
  for (const code of featureCodes) {
    if (code === must || random.chance(code === 'identity_verification' ? 0.6 : 0.22)) dates[code] = inventInstant(random, 30, 1_000);
  }
  return dates;
}

export function sampleProperty(
  random: Random,
  ids: SampleIds,
  texts: PropertyTexts,
  facts: { status?: string; sfdcId?: string | null } = {},
): SampleProperty {
  return {
    id: ids.property(),
    ...texts,
    status: facts.status ?? 'ACTIVE',
    sfdc_id: facts.sfdcId ?? null,
    created_at: inventInstant(random, 0, 700),
    updated_at: inventInstant(random, 880, 1_095),
  };
}

/** The feature rows of a property, now and then with a row twice or with one that is off. */
export function featureRows(random: Random, propertyId: string, dates: FeatureDates): SampleFeature[] {
  const rows: SampleFeature[] = [];
  for (const code of featureCodes) {
    const date = dates[code];
    const row = { property_id: propertyId, feature_code: code, updated_at: inventInstant(random, 1_000, 1_095) };
    if (date === undefined) {
      if (random.chance(0.1)) rows.push({ ...row, enabled: false, enabled_at: inventInstant(random, 0, 30) });
      continue;
    }
    rows.push({ ...row, enabled: true, enabled_at: date });
    if (random.chance(0.01)) rows.push({ ...row, enabled: true, enabled_at: date === null ? null : inventInstant(random, 1_001, 1_090) });
  }
  return rows;
}

/** A live staging record without any value. */
export const emptyRecord: Readonly<OrgSeedRecord> = {
  Id: '',
  IsDeleted: false,
  Name: null,
  Snappt_Property_ID__c: null,
  SF_Property_ID__c: null,
  Address__c: null,
  City__c: null,
  State__c: null,
  Zip__c: null,
  Company_ID__c: null,
  Company_Name__c: null,
  Identity_Verification_Enabled__c: false,
  Identity_Verification_Enabled_At__c: null,
  Bank_Linking_Enabled__c: false,
  Bank_Linking_Enabled_At__c: null,
  Payroll_Linking_Enabled__c: false,
  Payroll_Linking_Enabled_At__c: null,
  Income_Verification_Enabled__c: false,
  Income_Verification_Enabled_At__c: null,
  Fraud_Detection_Enabled__c: false,
  Fraud_Detection_Enabled_At__c: null,
};

/** The staging record that already holds exactly what is proposed. */
export function equalRecord(
  random: Random,
  ids: SampleIds,
  facts: { key: string | null; carries: string | null; texts: PropertyTexts; dates: FeatureDates },
): OrgSeedRecord {
  const modified = secondsOnly(inventInstant(random, 880, 1_095));
  const record: OrgSeedRecord = {
    ...emptyRecord,
    Id: ids.record(),
    Name: facts.texts.name,
    Snappt_Property_ID__c: facts.key,
    SF_Property_ID__c: facts.carries,
    Address__c: facts.texts.address,
    City__c: facts.texts.city,
    State__c: facts.texts.state,
    Zip__c: facts.texts.zip,
    Company_ID__c: facts.texts.company_id,
    Company_Name__c: facts.texts.company_name,
    CreatedDate: secondsOnly(inventInstant(random, 0, 800)),
    LastModifiedDate: modified,
    SystemModstamp: modified,
  };
  for (const code of featureCodes) {
    const date = facts.dates[code];
    if (date !== undefined) setRecordFeature(record, code, true, date);
  }
  return record;
}

export function isRecordFeatureOn(record: OrgSeedRecord, code: FeatureCode): boolean {
  return record[`${fieldOf[code]}_Enabled__c`];
}

export function setRecordFeature(record: OrgSeedRecord, code: FeatureCode, enabled: boolean, date: string | null): void {
  record[`${fieldOf[code]}_Enabled__c`] = enabled;
  record[`${fieldOf[code]}_Enabled_At__c`] = date === null ? null : secondsOnly(date);
}

/**
 * Makes a record lag behind what is proposed for it, so that at least one field changes.
 *
 * Shape:  `flags`: identity verification is still off and perhaps another flag is wrong; otherwise no flag changes.
 */
export function letRecordLag(record: OrgSeedRecord, dates: FeatureDates, random: Random, flags: boolean): void {
  if (flags) lagFlags(record, dates, random);
  const changes = flags ? random.integer(3) : 1 + Math.min(random.integer(4), random.integer(4));
  for (let change = 0; change < changes; change += 1) lagField(record, dates, random, change);
}

function lagFlags(record: OrgSeedRecord, dates: FeatureDates, random: Random): void {
  setRecordFeature(record, 'identity_verification', false, null);
  for (const code of featureCodes.slice(1)) {
    if (dates[code] !== undefined && random.chance(0.35)) setRecordFeature(record, code, false, null);
    else if (dates[code] === undefined && random.chance(0.03)) setRecordFeature(record, code, true, inventInstant(random, 30, 900));
  }
}

function lagField(record: OrgSeedRecord, dates: FeatureDates, random: Random, change: number): void {
  const kind = random.integer(20);
  const company = record.Company_Name__c ?? '';
  if (change === 0 && kind < 8) record.Address__c = shortAddress(record.Address__c ?? '');
  else if (kind < 4) record.Zip__c = null;
  else if (kind < 8) record.City__c = (record.City__c ?? '').toUpperCase();
  else if (kind < 12) record.Company_Name__c = company === company.toUpperCase() ? `${company} (old)` : company.toUpperCase();
  else if (kind < 14) record.Company_ID__c = null;
  else if (kind < 16) record.Name = `${(record.Name ?? '').split(' ')[0]} (legacy)`;
  else if (!lagDate(record, dates, random)) record.State__c = null;
}

/** Moves or empties the date of a flag that is on; false when there is none. */
function lagDate(record: OrgSeedRecord, dates: FeatureDates, random: Random): boolean {
  const code = featureCodes.find((code) => typeof dates[code] === 'string' && isRecordFeatureOn(record, code));
  if (code === undefined) return false;
  setRecordFeature(record, code, true, random.chance(0.5) ? null : inventInstant(random, 1_001, 1_095));
  return true;
}

/** An instant as Salesforce keeps it: cut to whole seconds. */
function secondsOnly(fixedWidth: string): string {
  return `${fixedWidth.slice(0, 10)}T${fixedWidth.slice(11, 19)}Z`;
}
