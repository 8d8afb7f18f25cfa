import { describe, expect, it } from 'vitest';
import { readViewSql, renderView } from '../../electron/warehouse-views/read-views.ts';
import { viewNames } from '../../shared/domain/warehouse.ts';
import { feature, property, runViews, staged, type Source } from './view-fixture.ts';

const X = 'a0A5e0000000001';
const Y = 'a0A5e0000000002';

const keysOf = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] => rows.map((row) => row['snappt_property_id']);
/** Keys of creates, then of updates with their contributors, then the number of blocked properties. */
function resultOf(source: Source): [unknown[], Record<string, unknown>, unknown] {
  const views = runViews(source);
  const updates = Object.fromEntries(views.properties_to_update.map((row) => [row['record_id'], row['contributing_property_ids']]));
  const blocked = views.sync_monitoring_dashboard.find((row) => row['metric'] === 'blocked_properties');
  return [keysOf(views.properties_to_create), updates, blocked?.['value']];
}

describe('Park Kennedy', () => {
  it('is one record with the features of its ACTIVE property only, though the DISABLED one was updated later', () => {
    const { properties_to_update } = runViews({
      properties: [
        property('5b0e', { name: 'Park Kennedy', sfdc_id: X, updated_at: '2025-12-02' }),
        property('2d77', { name: 'Old Kennedy', sfdc_id: `${X}AAA`, status: 'DISABLED', updated_at: '2025-12-19' }),
      ],
      features: [
        feature('5b0e', 'identity_verification', { enabled_at: '2025-03-14' }),
        feature('5b0e', 'bank_linking', { enabled_at: '2025-04-02' }),
        feature('2d77', 'fraud_detection', { enabled_at: '2025-12-18' }),
      ],
      staging: [staged('s1', '5b0e', { sf_property_id_c: `${X}AAA` })],
    });
    expect(properties_to_update).toHaveLength(1);
    expect(properties_to_update[0]).toMatchObject({
      name: 'Park Kennedy',
      identity_verification_enabled: true,
      identity_verification_enabled_winner_id: '5b0e',
      bank_linking_enabled_at: '2025-04-02T00:00:00.000000Z',
      fraud_detection_enabled: false,
      fraud_detection_enabled_winner_id: null,
      active_property_count: 1,
      property_count: 2,
      contributing_property_ids: '["5b0e"]',
      ignored_property_ids: '["2d77"]',
      primary_property_id: '5b0e',
      feature_count: 2,
    });
  });
});

describe('a property', () => {
  it('is ACTIVE only when its status is exactly that', () => {
    const statuses = ['ACTIVE', 'active', ' ACTIVE', 'ACTIVE ', null, ''];
    const source = { properties: statuses.map((status, at) => property(`p${at}`, { status })) };
    expect(resultOf(source)[0]).toEqual(['p0']);
  });

  it('has no production id unless it has 15 or 18 characters without the white space at its ends', () => {
    const ids = [null, '', ' \t\r\n', 'N/A', X.slice(1), `${X}A`, ` ${X}\t\r\n`, `${X}ZZZ`];
    const { rds_properties_enriched } = runViews({ properties: ids.map((sfdc_id, at) => property(`p${at}`, { sfdc_id })) });
    expect(rds_properties_enriched.map((row) => row['sfdc_key'])).toEqual([null, null, null, null, null, null, X, X]);
    expect(rds_properties_enriched[6]).toMatchObject({ sfdc_id: X, sfdc_id_raw: ` ${X}\t\r\n` });
  });

  it('does not group by a malformed production id', () => {
    expect(resultOf({ properties: [property('p1', { sfdc_id: 'N/A' }), property('p2', { sfdc_id: 'N/A' })] })[0]).toEqual(['p1', 'p2']);
  });

  it('with its id in two rows is the row most recently updated, then the smallest by every other column', () => {
    const rows = [
      property('p', { name: 'B', updated_at: '2025-01-02' }),
      property('p', { name: 'A', updated_at: '2025-01-02' }),
      property('p', { name: '0', updated_at: '2025-01-01' }),
      property('p', { name: '0', updated_at: null }),
    ];
    const { rds_properties_enriched } = runViews({ properties: rows });
    expect(rds_properties_enriched).toMatchObject([{ name: 'A', source_row_count: 4 }]);
  });

  it('loses white space at the ends of its texts, and keeps what is inside', () => {
    const { rds_properties_enriched } = runViews({ properties: [property('p', { name: '\t A  b\r\n', city: ' \t', zip: '007' })] });
    expect(rds_properties_enriched).toMatchObject([{ name: 'A  b', city: null, zip: '007' }]);
  });
});

describe('a feature', () => {
  it('is enabled when any row says so, since the earliest of the enabled rows', () => {
    const rows = [
      feature('p', 'bank_linking', { enabled_at: '2025-03-01 00:00:00.000002' }),
      feature('p', 'bank_linking', { enabled_at: '2025-03-01 00:00:00.000001' }),
      feature('p', 'bank_linking', { enabled_at: null }),
      feature('p', 'bank_linking', { enabled: 'false', enabled_at: '2020-01-01' }),
      feature('p', 'payroll_linking', { enabled: null, enabled_at: '2020-01-01' }),
      feature('p', 'Fraud_Detection'),
      feature('gone', 'fraud_detection'),
    ];
    const { rds_properties_enriched } = runViews({ properties: [property('p')], features: rows });
    expect(rds_properties_enriched).toMatchObject([
      { bank_linking_enabled: true, bank_linking_enabled_at: '2025-03-01T00:00:00.000001Z', payroll_linking_enabled: false, payroll_linking_enabled_at: null, fraud_detection_enabled: false, feature_count: 1 },
    ]);
  });

  it('of a group is won by the earliest date, no date last, then by the smallest id', () => {
    const group = ['p9', 'p10', 'p1'].map((id) => property(id, { sfdc_id: X }));
    const { properties_aggregated_by_sfdc_id } = runViews({
      properties: group,
      features: [
        feature('p1', 'bank_linking'),
        feature('p9', 'bank_linking', { enabled_at: '2025-01-01' }),
        feature('p10', 'bank_linking', { enabled_at: '2025-01-01' }),
        feature('p9', 'fraud_detection'),
        feature('p10', 'fraud_detection'),
      ],
    });
    expect(properties_aggregated_by_sfdc_id).toMatchObject([
      {
        bank_linking_enabled_winner_id: 'p10',
        bank_linking_enabled_at_winner_id: 'p10',
        fraud_detection_enabled: true,
        fraud_detection_enabled_winner_id: 'p10',
        fraud_detection_enabled_at: null,
        fraud_detection_enabled_at_winner_id: null,
        primary_property_id: 'p1',
        contributing_property_ids: '["p1","p10","p9"]',
      },
    ]);
  });
});

describe('the primary', () => {
  it('is the contributor updated last, no date being oldest, and gives its blanks too', () => {
    const { properties_aggregated_by_sfdc_id } = runViews({
      properties: [
        property('p1', { sfdc_id: X, updated_at: null }),
        property('p2', { sfdc_id: X, updated_at: '2025-01-01T12:00:00+02:00', name: ' ' }),
        property('p3', { sfdc_id: X, updated_at: '2025-01-01T09:59:59.999999Z' }),
      ],
    });
    expect(properties_aggregated_by_sfdc_id).toMatchObject([{ primary_property_id: 'p2', name: null }]);
  });
});

describe('a group', () => {
  it('keeps production ids that differ in letter case apart', () => {
    const { properties_aggregated_by_sfdc_id } = runViews({
      properties: [property('p1', { sfdc_id: X }), property('p2', { sfdc_id: X.toUpperCase() })],
    });
    expect(properties_aggregated_by_sfdc_id).toHaveLength(2);
  });

  it('is created once, keyed by its primary, when nothing of it is live', () => {
    const properties = [property('p2', { sfdc_id: X, updated_at: '2026-02-01' }), property('p1', { sfdc_id: `${X}AAA` })];
    expect(resultOf({ properties, staging: [staged('s1', 'p1', { is_deleted: 'true', sf_property_id_c: X })] })).toEqual([['p2'], {}, 0]);
  });

  it('is updated through a member that is not ACTIVE', () => {
    const properties = [property('p1', { sfdc_id: X }), property('p2', { sfdc_id: X, status: 'DISABLED' })];
    expect(resultOf({ properties, staging: [staged('s1', 'p2', { is_deleted: null })] })).toEqual([[], { s1: '["p1"]' }, 0]);
  });

  it('is updated in each record that stands for it', () => {
    const properties = [property('p1', { sfdc_id: X }), property('p2', { sfdc_id: X })];
    const both = '["p1","p2"]';
    expect(resultOf({ properties, staging: [staged('s1', 'p1'), staged('s2', 'p2')] })).toEqual([[], { s1: both, s2: both }, 0]);
  });
});

describe('a record that carries a production id', () => {
  const properties = [property('p1', { sfdc_id: X }), property('off', { status: 'DISABLED' })];

  it('takes that group when RDS does not know its property, or it is not ACTIVE without production id', () => {
    const staging = [staged('s1', 'gone', { sf_property_id_c: `${X}AAA` }), staged('s2', 'off', { sf_property_id_c: X })];
    expect(resultOf({ properties, staging })).toEqual([[], { s1: '["p1"]', s2: '["p1"]' }, 0]);
  });

  it('follows its ACTIVE property without production id, and blocks the group', () => {
    const own = property('own');
    const staging = [staged('s1', 'own', { sf_property_id_c: X })];
    expect(resultOf({ properties: [...properties, own], staging })).toEqual([[], { s1: '["own"]' }, 1]);
  });

  it('follows its property of another group, and blocks the group', () => {
    const other = property('other', { sfdc_id: Y });
    const staging = [staged('s1', 'other', { sf_property_id_c: X })];
    expect(resultOf({ properties: [...properties, other], staging })).toEqual([[], { s1: '["other"]' }, 1]);
  });

  it('is left alone without key, and blocks the group', () => {
    expect(resultOf({ properties, staging: [staged('s1', ' \t', { sf_property_id_c: X })] })).toEqual([[], {}, 1]);
  });

  it('is left alone when its property has a production id without ACTIVE member', () => {
    const other = property('other', { sfdc_id: Y, status: 'DISABLED' });
    expect(resultOf({ properties: [...properties, other], staging: [staged('s1', 'other', { sf_property_id_c: X })] })).toEqual([[], {}, 1]);
  });

  it('is left alone when it is deleted or nothing is known of it', () => {
    const staging = [staged('s1', 'gone'), staged('s2', 'p1', { is_deleted: 'true' }), staged('s3', 'gone2', { sf_property_id_c: 'N/A' })];
    expect(resultOf({ properties, staging })).toEqual([['p1'], {}, 0]);
  });
});

describe('the dashboard', () => {
  it('counts with numerator and denominator, and is silent over nothing', () => {
    const rows = (source: Source) =>
      Object.fromEntries(runViews(source).sync_monitoring_dashboard.map((row) => [row['metric'], [row['value'], row['numerator'], row['denominator']]]));
    expect(rows({})['coverage']).toEqual([null, 0, 0]);
    const some = rows({
      properties: [property('p1', { sfdc_id: X }), property('p2', { sfdc_id: X, status: 'DISABLED' }), property('p3'), property('p4')],
      features: [feature('p3', 'bank_linking'), feature('p4', 'bank_linking')],
      staging: [staged('s1', 'p1'), staged('s2', 'p4')],
    });
    expect(some).toMatchObject({
      to_create: [1, 1, null],
      p1_waiting: [1, 1, null],
      to_update_candidates: [2, 2, null],
      active_properties: [3, 3, null],
      active_missing: [1, 1, null],
      coverage: [2 / 3, 2, 3],
      multi_property_groups: [1, 1, null],
      multi_property_members: [2, 2, null],
      feature_accuracy_records: [0.5, 1, 2],
      feature_accuracy_flags: [0.9, 9, 10],
    });
  });
});

describe('each view text', () => {
  it.each(viewNames)('%s begins with its rules, holds one statement, and asks for every name it needs', (name) => {
    const sql = readViewSql(name);
    expect(sql.startsWith(`-- ${name}: `)).toBe(true);
    expect(sql).toContain('-- Rules');
    expect(sql).not.toMatch(/[;"`\\]/);
    const placeholders = [...sql.matchAll(/\{\{(\w+)\}\}/g)].map(([, placeholder]) => placeholder ?? '');
    const names = Object.fromEntries(placeholders.map((placeholder) => [placeholder, `main.${placeholder}`]));
    expect(renderView(name, names)).toBe(sql.replaceAll('{{', 'main.').replaceAll('}}', ''));
    expect(() => renderView(name, {})).toThrow(`${name}.sql needs a name for`);
  });
});
