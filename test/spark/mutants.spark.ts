import { beforeAll, describe, expect, it } from 'vitest';
import type { Source, SourceRow } from '../warehouse-views/view-fixture.ts';
import { compareSource, interpreted, randomSources } from './sources.ts';
import { sparkLane } from './spark-session.ts';
import { viewTexts, type SelectView } from './spark-views.ts';

/** One rule, told otherwise: what of a view's text becomes what. */
interface Mutant {
  rule: string;
  view: SelectView;
  from: string;
  to: string;
}

const mutants: readonly Mutant[] = [
  { rule: 'a flag comes from the primary instead of any contributor', view: 'properties_aggregated_by_sfdc_id', from: 'm.is_active AND m.bank_linking_enabled AS bank_linking', to: 'm.is_active AND m.bank_linking_enabled AND m.property_id = FIRST_VALUE(m.property_id) OVER primary_first AS bank_linking' },
  { rule: 'a DISABLED property contributes its flag', view: 'properties_aggregated_by_sfdc_id', from: 'm.is_active AND m.fraud_detection_enabled AS fraud_detection', to: 'm.fraud_detection_enabled AS fraud_detection' },
  { rule: 'the date of a group is its latest', view: 'properties_aggregated_by_sfdc_id', from: 'MIN(CASE WHEN m.is_active AND m.identity_verification_enabled', to: 'MAX(CASE WHEN m.is_active AND m.identity_verification_enabled' },
  { rule: 'the primary may be one without a date', view: 'properties_aggregated_by_sfdc_id', from: 'm.updated_at DESC NULLS LAST', to: 'm.updated_at DESC NULLS FIRST' },
  { rule: 'the primary is the largest id of those updated last', view: 'properties_aggregated_by_sfdc_id', from: 'NULLS LAST, m.property_id', to: 'NULLS LAST, m.property_id DESC' },
  { rule: 'the date of a property is the latest of its rows', view: 'rds_properties_enriched', from: "MIN(CASE WHEN f.feature_code = 'payroll_linking'", to: "MAX(CASE WHEN f.feature_code = 'payroll_linking'" },
  { rule: 'a feature row without an answer is enabled', view: 'rds_properties_enriched', from: 'f.enabled IS TRUE', to: 'f.enabled IS NOT FALSE' },
  { rule: 'line ends stay at the ends of a text', view: 'rds_properties_enriched', from: "btrim(n.name, ' ' || char(9) || char(13) || char(10))", to: "btrim(n.name, ' ')" },
  { rule: 'the 15- and 18-character forms are two ids', view: 'rds_properties_enriched', from: 'SUBSTR(s.sfdc_id_stripped, 1, 15)', to: 's.sfdc_id_stripped' },
  { rule: 'an id in two rows is the row with the largest name', view: 'rds_properties_enriched', from: 'p.name ASC NULLS FIRST', to: 'p.name DESC' },
  { rule: 'a group of three is created though Salesforce has it', view: 'properties_to_create', from: 'WHERE t.sfdc_key IS NULL', to: 'WHERE t.sfdc_key IS NULL OR a.property_count > 2' },
  { rule: 'a deleted record takes values', view: 'properties_to_update', from: 'r.is_deleted IS NOT TRUE AND', to: '' },
];

const spark = sparkLane('mutants');

/** Some of the random sources as one: their properties stay apart, their groups become large. */
function together(parts: readonly Source[]): Source {
  const all: Record<'properties' | 'features' | 'staging', SourceRow[]> = { properties: [], features: [], staging: [] };
  for (const [part, { properties = [], features = [], staging = [] }] of parts.entries()) {
    const apart = (id: string | null | undefined): string => `${id}, ${part}`;
    all.properties.push(...properties.map((row) => ({ ...row, id: apart(row['id']) })));
    all.features.push(...features.map((row) => ({ ...row, property_id: apart(row['property_id']) })));
    all.staging.push(...staging.map((row) => ({ ...row, id: apart(row['id']), snappt_property_id_c: apart(row['snappt_property_id_c']) })));
  }
  return all;
}

/** A rule that is told otherwise need not show in each of them. */
const tried = [together(randomSources(12)), together(randomSources(14).slice(12)), ...randomSources(20).slice(14)];

describe('the comparison', () => {
  beforeAll(async () => {
    await spark.call('set', { settings: interpreted });
  });

  it('finds no difference while Spark runs the texts of the repository', async () => {
    for (const source of tried.slice(0, 2)) expect((await compareSource(source, spark)).differences).toEqual([]);
  });

  it.each(mutants)('notices when $rule', async ({ view, from, to }) => {
    const text = viewTexts[view].replace(from, to);
    expect(text).not.toBe(viewTexts[view]);
    let noticed: string | undefined;
    for (const source of tried) {
      noticed = (await compareSource(source, spark, { texts: { ...viewTexts, [view]: text } })).differences[0];
      if (noticed !== undefined) break;
    }
    expect(noticed).toBeDefined();
  });
});
