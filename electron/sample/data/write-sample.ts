import { openDatabase } from '../../adapters/sqlite/open-database.ts';
import { createTableSql, insertRowSql } from '../../adapters/embedded/source-tables.ts';
import type { OrgSeedRecord } from '../org/org-file.ts';
import { hashText } from './random.ts';
import { planSample, type SamplePlan } from './sample-plan.ts';
import type { SampleFeature, SampleProperty } from './sample-unit.ts';
import { sampleUnits } from './sample-units.ts';

export interface SampleOptions {
  /** The embedded warehouse's SQLite file; must not exist yet. */
  warehouseFile: string;
  /** About how many ACTIVE properties; without it the exact proportions of the mission. */
  properties?: number;
  seed?: number | string;
  /** Takes the staging records that the simulated org starts with. */
  onOrgRecords(records: Iterable<OrgSeedRecord>): void;
}

/** What was written, in rows, and what the plan of the sample leads to. */
export interface SampleCounts {
  properties: number;
  propertyFeatures: number;
  plan: SamplePlan;
}

/**
 * Writes the sample: the RDS tables into the embedded warehouse's file, the staging records to whoever makes the org.
 *
 * Shape:  the same number and seed always give the same content. Rows stream in both directions, so a million properties
 *         take no more memory than a hundred.
 */
export function writeSample(options: SampleOptions): SampleCounts {
  const plan = planSample(options.properties);
  const seed = hashText(`sample ${options.seed ?? 1}`);
  const counts = writeTables(options.warehouseFile, plan, seed);
  options.onOrgRecords(records(plan, seed));
  return { ...counts, plan };
}

function* records(plan: SamplePlan, seed: number): Generator<OrgSeedRecord> {
  for (const unit of sampleUnits(plan, seed)) yield* unit.records;
}

function writeTables(file: string, plan: SamplePlan, seed: number): { properties: number; propertyFeatures: number } {
  const db = openDatabase(file, { durability: 'normal' });
  try {
    db.exec(createTableSql('properties'));
    db.exec(createTableSql('property_features'));
    const insertProperty = db.prepare(insertRowSql('properties'));
    const insertFeature = db.prepare(insertRowSql('property_features'));
    let properties = 0;
    let propertyFeatures = 0;
    db.exec('BEGIN');
    for (const unit of sampleUnits(plan, seed)) {
      for (const property of unit.properties) insertProperty.run(propertyCells(property));
      for (const feature of unit.features) insertFeature.run(featureCells(feature));
      properties += unit.properties.length;
      propertyFeatures += unit.features.length;
    }
    db.exec('COMMIT');
    db.exec('CREATE INDEX properties_by_id ON properties (id)');
    db.exec('CREATE INDEX property_features_by_property_id ON property_features (property_id)');
    // From now on the file is only read: no log beside it.
    db.pragma('journal_mode = DELETE');
    return { properties, propertyFeatures };
  } finally {
    db.close();
  }
}

function propertyCells(row: SampleProperty): (string | null)[] {
  const { id, name, address, city, state, zip, company_id, company_name, status, sfdc_id, created_at, updated_at } = row;
  return [id, name, address, city, state, zip, company_id, company_name, status, sfdc_id, created_at, updated_at];
}

function featureCells(row: SampleFeature): (string | number | null)[] {
  const enabled = row.enabled === null ? null : Number(row.enabled);
  return [row.property_id, row.feature_code, enabled, row.enabled_at, row.updated_at];
}
