/** The rules of product.md sections 3 and 13 and the readings, once more and as plainly as can be, to compare the views with. */
import { featureCodes } from '../../electron/adapters/embedded/source-tables.ts';
import type { Source, SourceRow } from './view-fixture.ts';

type Value = string | number | boolean | null;
export type Expected = Record<string, Value>;
interface Property {
  id: string;
  row: SourceRow;
  isActive: boolean;
  key: string | null;
  dates: Map<string, string | null>;
}

const strip = (text: string | null | undefined): string => (text ?? '').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
const shown = (text: string | null | undefined): string | null => strip(text) || null;
const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const isTrue = (text: string | null | undefined): boolean => ['true', 't', '1'].includes((text ?? '').toLowerCase());
/** Any spelling of an instant as one of fixed width in UTC, with microseconds. */
const instant = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined || text === '') return null;
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] = /^(\S{10})(?:[ T](.{8})(?:\.(\d+))?(Z|[+-].{5})?)?$/.exec(text) ?? [];
  return `${new Date(`${day}T${time}${zone}`).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}Z`;
};
const groupKey = (text: string | null | undefined): string | null => {
  const stripped = strip(text);
  return [15, 18].includes([...stripped].length) ? [...stripped].slice(0, 15).join('') : null;
};
const texts = ['name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name'];
const ties = [...texts, 'status', 'sfdc_id'];
const nullFirst = (a: string | null, b: string | null): number => (a === b ? 0 : a === null ? -1 : b === null ? 1 : bytes(a, b));

function propertiesOf(source: Source): Map<string, Property> {
  const byId = new Map<string, SourceRow>();
  const better = (a: SourceRow, b: SourceRow): boolean => {
    const byUpdate = -nullFirst(instant(a['updated_at']), instant(b['updated_at']));
    if (byUpdate !== 0) return byUpdate < 0;
    for (const column of ties) {
      const order = nullFirst(a[column] ?? null, b[column] ?? null);
      if (order !== 0) return order < 0;
    }
    return nullFirst(instant(a['created_at']), instant(b['created_at'])) < 0;
  };
  for (const row of source.properties ?? []) {
    if (strip(row['id']) === '') continue;
    const id = row['id']!;
    const other = byId.get(id);
    if (other === undefined || better(row, other)) byId.set(id, row);
  }
  return new Map(
    [...byId].map(([id, row]) => {
      const dates = new Map<string, string | null>();
      for (const feature of source.features ?? []) {
        const code = feature['feature_code'] ?? '';
        if (feature['property_id'] !== id || !isTrue(feature['enabled']) || !featureCodes.includes(code as never)) continue;
        const date = instant(feature['enabled_at']);
        const earlier = dates.get(code) ?? null;
        dates.set(code, earlier === null || (date !== null && date < earlier) ? (date ?? earlier) : earlier);
      }
      return [id, { id, row, isActive: row['status'] === 'ACTIVE', key: groupKey(row['sfdc_id']), dates }];
    }),
  );
}

function valuesOf(contributors: readonly Property[], ignored: readonly Property[], key: string | null): Expected {
  const byUpdate = contributors.toSorted(
    (a, b) => -nullFirst(instant(a.row['updated_at']), instant(b.row['updated_at'])) || bytes(a.id, b.id),
  );
  const primary = byUpdate[0]!;
  const values: Expected = { sfdc_key: key, primary_property_id: primary.id };
  for (const text of texts) values[text] = shown(primary.row[text]);
  let features = 0;
  for (const code of featureCodes) {
    const having = contributors.filter((one) => one.dates.has(code));
    const date = (one: Property): string => one.dates.get(code) ?? 'never';
    const winner = having.toSorted((a, b) => bytes(date(a), date(b)) || bytes(a.id, b.id))[0];
    const at = winner?.dates.get(code) ?? null;
    values[`${code}_enabled`] = winner !== undefined;
    values[`${code}_enabled_at`] = at;
    values[`${code}_enabled_winner_id`] = winner?.id ?? null;
    values[`${code}_enabled_at_winner_id`] = at === null ? null : (winner?.id ?? null);
    if (winner !== undefined) features += 1;
  }
  const list = (properties: readonly Property[]): string => JSON.stringify(properties.map((one) => one.id).toSorted(bytes));
  return {
    ...values,
    active_property_count: contributors.length,
    property_count: contributors.length + ignored.length,
    contributing_property_ids: list(contributors),
    ignored_property_ids: list(ignored),
    feature_count: features,
  };
}

/** What is to be created, updated and blocked. */
export function expectedOf(source: Source): { creates: Expected[]; updates: Expected[]; blocked: string[] } {
  const properties = propertiesOf(source);
  const live = (source.staging ?? []).filter((record) => !isTrue(record['is_deleted']));
  const staged = new Set(live.map((record) => record['snappt_property_id_c']));
  const carried = new Set(live.map((record) => groupKey(record['sf_property_id_c'])));
  const groups = new Map<string, Property[]>();
  for (const one of properties.values()) if (one.key !== null) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  const aggregate = (key: string | null): Expected | null => {
    const members = key === null ? [] : (groups.get(key) ?? []);
    const active = members.filter((one) => one.isActive);
    return active.length === 0 ? null : valuesOf(active, members.filter((one) => !one.isActive), key);
  };

  const creates: Expected[] = [];
  for (const one of properties.values()) {
    if (one.isActive && one.key === null && !staged.has(one.id)) creates.push({ snappt_property_id: one.id, ...valuesOf([one], [], null) });
  }
  for (const [key, members] of groups) {
    const values = aggregate(key);
    if (values === null || carried.has(key) || members.some((one) => staged.has(one.id))) continue;
    creates.push({ snappt_property_id: values['primary_property_id']!, ...values });
  }
  for (const create of creates) create['priority'] = Number(create['feature_count']) > 0 ? 'P1' : 'P3';

  const updates: Expected[] = [];
  for (const record of live) {
    if (strip(record['snappt_property_id_c']) === '') continue;
    const one = properties.get(record['snappt_property_id_c']!);
    let values: Expected | null;
    if (one !== undefined && one.key !== null) values = aggregate(one.key);
    else if (one?.isActive === true) values = valuesOf([one], [], null);
    else values = aggregate(groupKey(record['sf_property_id_c']));
    if (values !== null) updates.push({ snappt_property_id: record['snappt_property_id_c']!, record_id: record['id'] ?? null, ...values });
  }

  const covered = new Set([...creates, ...updates].flatMap((row) => JSON.parse(String(row['contributing_property_ids'])) as string[]));
  const blocked = [...properties.values()].filter((one) => one.isActive && !covered.has(one.id)).map((one) => one.id);
  return { creates, updates, blocked };
}
