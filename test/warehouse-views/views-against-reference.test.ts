import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedOf, type Expected } from './reference.ts';
import { runViews, type Source, type SourceRow } from './view-fixture.ts';

const ids = ['p1', 'p10', 'p9', 'P1', 'p,"1', ' p1', '-p', 'é', '\u{1f3e2}', '\uffee', ' ', ''];
const keys = ['a0A5e0000000001', 'a0A5e000000000A', 'a0A5e000000000a'];
const productionIds = [null, '', ' \t', 'N/A', 'TBD', ...keys, `${keys[0]}AAA`, `${keys[1]}AAE`, `\t${keys[0]}ZZZ\r\n`, `${keys[0]}A`];
const instants = [null, '2025-01-01 00:00:00', '2025-01-01 00:00:01', '2026-02-03 04:05:06'];
const shownTexts = [null, '', ' ', '\t\r\n', 'A', ' A\t', 'a b', 'é', '007'];
const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const property: fc.Arbitrary<SourceRow> = fc.record({
  id: pick(ids),
  name: pick(shownTexts),
  company_name: pick(shownTexts),
  status: pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'DISABLED', 'active', ' ACTIVE', null]),
  sfdc_id: pick(productionIds),
  created_at: pick(instants),
  updated_at: pick(instants),
});
const feature: fc.Arbitrary<SourceRow> = fc.record({
  property_id: pick(ids),
  feature_code: pick(['identity_verification', 'bank_linking', 'fraud_detection', 'Bank_Linking', 'other', null]),
  enabled: pick(['true', 'true', 'false', null]),
  enabled_at: pick(instants),
});
const record: fc.Arbitrary<SourceRow> = fc.record({
  snappt_property_id_c: pick([...ids, 'gone', null]),
  sf_property_id_c: pick(productionIds),
  is_deleted: pick(['false', 'false', null, 'true']),
});
const source: fc.Arbitrary<Source> = fc
  .record({
    properties: fc.array(property, { maxLength: 9 }),
    features: fc.array(feature, { maxLength: 9 }),
    staging: fc.array(record, { maxLength: 6 }),
  })
  .map((tables) => ({ ...tables, staging: tables.staging.map((row, at) => ({ ...row, id: `s${at}` })) }));

const sorted = (rows: readonly Expected[]): Expected[] =>
  rows.toSorted((a, b) => JSON.stringify([a['snappt_property_id'], a['record_id']]).localeCompare(JSON.stringify([b['snappt_property_id'], b['record_id']])));

describe('the views', () => {
  it('agree with the rules written down a second time, on sources with every ugly case', () => {
    fc.assert(
      fc.property(source, (tables) => {
        const views = runViews(tables);
        const expected = expectedOf(tables);
        expect(sorted(views.properties_to_create)).toEqual(sorted(expected.creates));
        expect(sorted(views.properties_to_update)).toEqual(sorted(expected.updates));
        const blocked = views.sync_monitoring_dashboard.find((row) => row['metric'] === 'blocked_properties');
        expect(blocked?.['value']).toBe(expected.blocked.length);
      }),
      { numRuns: 150 },
    );
  });

  it('give the same whatever the order of the rows', () => {
    fc.assert(
      fc.property(source, (tables) => {
        const reversed = {
          properties: tables.properties?.toReversed() ?? [],
          features: tables.features?.toReversed() ?? [],
          staging: tables.staging?.toReversed() ?? [],
        };
        const { properties: _1, ...views } = runViews(tables);
        const { properties: _2, ...again } = runViews(reversed);
        expect(again).toEqual(views);
      }),
      { numRuns: 40 },
    );
  });
});
