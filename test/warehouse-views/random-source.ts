/** Random sources with every ugly case at once: what a person, a spreadsheet or another system can leave in a table. */
import fc from 'fast-check';
import type { Source, SourceRow } from './view-fixture.ts';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const long = 'Über-Lange Straße \u{1f3e2} '.repeat(60);

const plainIds = ['p1', 'p10', 'p9', 'p2', 'q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8'];
const ids = [...plainIds, 'P1', 'p,"1', ' p1', 'p1 ', '-p', "p'1", 'p\\1', 'p\n1', 'p\u000b1', '=1+1', 'é', 'e\u0301', '\u{1f3e2}', '\uffee', '\ue000', '7', '007', '\u00a0', ' ', '\t', ''];
const keys = ['a0A5e0000000001', 'a0A5e000000000A', 'a0A5e000000000a', '0015e0000000002', '0015e0000000003', '0015e0000000004', 'é0A5e\u{1f3e2}00000000x'];
const productionIds = [
  null, '', ' \t', 'N/A', 'TBD', keys[0]!.slice(1), ...keys, ...keys.map((key) => `${key}AAA`), `\t${keys[0]}ZZZ\r\n`, `${keys[1]} `,
  `${keys[0]}A`, `\u00a0${keys[0]}`, `${keys[0]}\u000b`, '               ',
];
const statuses = [...Array.from({ length: 12 }, () => 'ACTIVE'), 'DISABLED', 'active', ' ACTIVE', 'ACTIVE ', 'ACTIVE\n', 'АCTIVE', null, ''];
const instants = [
  null, '2025-01-01', '2025-01-01 00:00:00', '2025-01-01T00:00:00.000001', '2025-01-01 00:00:00.000002Z', '2025-01-01T01:00:00+01:00', '2024-12-31T19:00:00.000001-05:00',
  '2025-01-01T05:30:00.5+05:30', '2026-02-03 04:05:06.123456', '1969-12-31 23:59:59.999999', '1970-01-01', '1582-10-10 12:00:00', '0001-01-01', '0001-01-01T00:00:00.1Z',
  '9999-12-31 23:59:59.999999', '2024-02-29T23:59:59-00:30', '1900-03-01 00:00:00',
];
const texts = [
  null, '', ' ', '\t\r\n', '\u00a0', 'A', ' A\t', 'a b', 'a  b', '\r\nA\r\nB\r\n', '\u3000A\u0085', '\u000bA\f', '\ufeffA', 'A\u200b', 'é', 'e\u0301', '007', '1e5', '-0', 'true', 'NULL', 'null', '\\N',
  `"quoted", 'twice'`, '\\t\\u0041 \\ C:\\', '100 %', '{{properties}}', '-- no comment; DROP TABLE x', '\u202egnirts', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', '\u0001\u001f\u007f', long,
];
const codes = ['identity_verification', 'bank_linking', 'payroll_linking', 'income_verification', 'fraud_detection'];

const textColumns = { name: pick(...texts), address: pick(...texts), city: pick(...texts), state: pick(...texts), zip: pick(...texts), company_id: pick(...texts), company_name: pick(...texts) };
const flag = pick('true', 'TRUE', 't', '1', 'true', 'false', 'f', '0', null, '');

/** What the rows of one source share, so that they meet: in groups, in duplicates, in equal dates. */
interface Pool {
  ids: readonly string[];
  productionIds: readonly (string | null)[];
  instants: readonly (string | null)[];
}

const mostly = <T, U>(usual: readonly T[], others: readonly U[]): fc.Arbitrary<T | U> => fc.oneof({ arbitrary: pick(...usual), weight: 5 }, { arbitrary: pick(...others), weight: 1 });
const some = fc.shuffledSubarray;
const pool: fc.Arbitrary<Pool> = fc
  .tuple(some(plainIds, { minLength: 3 }), some(ids, { maxLength: 6 }), some(keys, { minLength: 1, maxLength: 2 }), some(productionIds, { maxLength: 4 }), some(instants, { minLength: 3, maxLength: 7 }))
  .map(([plain, odd, groups, others, dates]) => ({ ids: [...plain, ...odd], productionIds: [...groups, ...groups.map((key) => `${key}AAA`), ...others], instants: dates }));

const property = (from: Pool): fc.Arbitrary<SourceRow> =>
  fc.record({
    id: mostly(from.ids, ids),
    ...textColumns,
    status: pick(...statuses),
    sfdc_id: pick(...from.productionIds),
    created_at: pick(...from.instants),
    updated_at: pick(...from.instants),
  });

const feature = (from: Pool): fc.Arbitrary<SourceRow> =>
  fc.record({
    property_id: mostly(from.ids, ['gone', null]),
    feature_code: pick(...codes, ...codes, 'Bank_Linking', ' bank_linking', 'other', '', null),
    enabled: flag,
    enabled_at: pick(...from.instants),
    updated_at: pick(...from.instants),
  });

/** Feature rows in pairs of one property and one feature. */
const features = (from: Pool): fc.Arbitrary<SourceRow[]> =>
  fc
    .array(fc.tuple(feature(from), feature(from)), { maxLength: 40, size: 'max' })
    .map((pairs) => pairs.flatMap(([one, other]) => [one, { ...other, property_id: one['property_id'] ?? null, feature_code: one['feature_code'] ?? null }]));

const record = (from: Pool): fc.Arbitrary<SourceRow> =>
  fc.record({
    snappt_property_id_c: mostly(from.ids, [...ids, 'gone', null]),
    sf_property_id_c: mostly([null], from.productionIds),
    ...textColumns,
    ...Object.fromEntries(codes.flatMap((code) => [[`${code}_enabled_c`, flag], [`${code}_enabled_at_c`, pick(...instants)]])),
    is_deleted: pick('false', 'false', 'false', null, 'true', '0', '1'),
    last_modified_date: pick(...instants),
    system_modstamp: pick(...instants),
  }) as fc.Arbitrary<SourceRow>;

/** Staging records, some of them twice: with one id, with one key, or as a whole. */
const records = (from: Pool): fc.Arbitrary<SourceRow[]> =>
  fc
    .array(fc.tuple(record(from), fc.nat({ max: 9 })), { maxLength: 7, size: 'max' })
    .map((rows) => rows.map(([row, chance], at) => ({ ...row, id: `a01${String(chance === 0 ? 0 : at).padStart(12, '0')}${chance < 4 ? 'AAA' : ''}` })))
    .chain((rows) => fc.boolean().map((again) => (again ? [...rows, ...rows.slice(0, 1)] : rows)));

const event: fc.Arbitrary<SourceRow> = fc.record({
  workspace_id: pick('w1', 'w2'),
  occurred_at: pick('2026-11-23T12:00:00.000Z', '2026-11-23T12:00:00.001Z', '2026-11-24T00:00:00.000Z'),
  event_kind: pick('run.started', 'run.started', 'record.pushed', 'record.pushed', 'record.pushed', 'run.finished', 'snapshot.loaded', 'other'),
  record_key: pick('p1', 'P1', '007', null),
  run_id: pick('R-1', 'R-2', null),
  outcome: pick('succeeded', 'failed', 'stale', null),
}) as fc.Arbitrary<SourceRow>;

const auditLog: fc.Arbitrary<SourceRow[]> = fc
  .array(event, { maxLength: 12, size: 'max' })
  .map((rows) => rows.map((row, at) => ({ ...row, event_id: `e${at}`, sequence: String(at + 1), actor: 'admin', previous_hash: '0'.repeat(64), event_hash: 'f'.repeat(64), payload: '{}' })));

/** A whole source: properties, feature rows, staging records and an audit log. Without bias to small ones, in which little meets. */
export const randomSource: fc.Arbitrary<Source> = fc.noBias(
  pool.chain((from) =>
    fc.record({
      properties: fc.array(property(from), { maxLength: 20, size: 'max' }),
      features: features(from),
      staging: records(from),
      auditLog,
    }),
  ),
);

/**
 * What of a source's staging records an org can hold: each id and each key once, keys without white space at their ends, a name.
 *
 * Shape:  instants are those of a live org, for Salesforce knows no year 1.
 */
export function heldByOrg(source: Source): Source {
  const held = new Set<string>();
  const staging = (source.staging ?? []).flatMap((row, at) => {
    const key = row['snappt_property_id_c']?.trim() || null;
    if (key !== null && held.has(key)) return [];
    if (key !== null) held.add(key);
    const instantsHeld = Object.entries(row).filter(([column, value]) => /_at_c$|^last_|^system_/.test(column) && value !== null && !/^(?:19[789]|20)/.test(value ?? ''));
    const name = row['name']?.trim().slice(0, 80) || 'Record';
    return [{ ...row, ...Object.fromEntries(instantsHeld.map(([column]) => [column, '2025-05-05 05:05:05'])), snappt_property_id_c: key, name, id: `a01${String(at).padStart(12, '0')}` }];
  });
  return { ...source, staging };
}
