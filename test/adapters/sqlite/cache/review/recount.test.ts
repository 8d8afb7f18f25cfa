import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheStore } from '../../../../../electron/adapters/sqlite/cache/cache-store.ts';
import type { CachedDetail, CandidateChange } from '../../../../../electron/core/ports.ts';
import { isEffective, type FieldChange } from '../../../../../shared/domain/field-diff.ts';
import type { FieldValue } from '../../../../../shared/domain/field-value.ts';
import type { PendingItem } from '../../../../../shared/domain/pending-change.ts';
import type { OutlierReason } from '../../../../../shared/domain/review.ts';
import { transitionOf, type Transition } from '../../../../../shared/domain/transition.ts';
import { change, decide, inViewOrder, load, mapping, mark, newFolder, removeFolders, storeIn } from '../made-up-changes.ts';

const folder = newFolder();
let store: CacheStore;
/** In order of position. */
let changes: CandidateChange[];
const items = new Map<CandidateChange, PendingItem & Pick<CachedDetail, 'risk'>>();

const members = (key: string, count: number) => Array.from({ length: count }, (_, at) => (at === 0 ? key : `${key}-${at}`));

beforeAll(() => {
  const made = Array.from({ length: 240 }, (_, at) => {
    const key = `k${at}`;
    const hasDate = at % 7 === 2;
    return change({
      key,
      kind: at % 10 === 9 ? 'create' : 'update',
      name: at % 10 === 9 || at % 3 === 0 ? `Park ${at % 4}` : null,
      state: at % 5 === 0 && at !== 70 ? 'TX' : null,
      stateWas: at === 70 || at === 71 ? 'CA' : null,
      company: at % 45 === 44 ? 'Acme' : null,
      flagOn: hasDate,
      flagAt: hasDate ? `2025-0${1 + (at % 9)}-14T09:00:00.000Z` : null,
      flagAtWas: hasDate && at % 2 === 0 ? '2025-05-01T00:00:00.000Z' : null,
      members: at % 4 === 0 ? members(key, at === 8 ? 6 : 2) : [key],
    });
  });
  changes = inViewOrder(made);
  load(folder, made);
  decide(folder, made.slice(0, 12), 'approve');
  decide(folder, made.slice(12, 20), 'hold');
  decide(folder, made.slice(20, 24), 'exclude');
  decide(folder, made.slice(24, 28).map((one) => ({ ...one, contentHash: 'of older content' })), 'exclude');
  mark(folder, made.slice(8, 30), 'viewed');
  mark(folder, made.slice(30, 34), 'flagged');
  store = storeIn(folder);
  for (const one of changes) {
    const item = store.page({ filter: `key:${one.key}`, sort: 'key', descending: false, limit: 1 }).items[0];
    const detail = store.show(one.key, one.kind);
    if (item === undefined || detail === null) throw new Error(`${one.key} is not there`);
    items.set(one, { ...item, risk: detail.risk });
  }
});

afterAll(() => {
  store.close();
  removeFolders();
});

function itemOf(one: CandidateChange): PendingItem & Pick<CachedDetail, 'risk'> {
  const item = items.get(one);
  if (item === undefined) throw new Error(`${one.key} was not made`);
  return item;
}

function changeOf(one: CandidateChange, at: number): FieldChange {
  return one.changes[at] as FieldChange;
}

/** The fields that are sent, with the place of each in the mapping. */
function sentBy(one: CandidateChange): { at: number; field: string; transition: Transition }[] {
  return mapping.fields.flatMap(({ field, type }, at) => {
    const transition = transitionOf(type, changeOf(one, at), one.before[at] ?? null, one.after[at] ?? null);
    return transition === null || !isEffective(changeOf(one, at)) ? [] : [{ at, field, transition }];
  });
}

const hasSeveral = ({ contributors, ignored }: CandidateChange) => contributors.length + ignored.length > 1;
const groups = () => Map.groupBy(changes, (one) => JSON.stringify([one.kind, hasSeveral(one), sentBy(one)]));

/** Why a record stands out among others of its shape. */
function reasonsOf(one: CandidateChange, alike: readonly CandidateChange[]): OutlierReason[] {
  const { checks, risk } = itemOf(one);
  const count = (has: (item: PendingItem & Pick<CachedDetail, 'risk'>) => boolean) => alike.filter((other) => has(itemOf(other))).length;
  const own: OutlierReason[] = checks.map((check) => ({ reason: 'check', check, count: count((item) => item.checks.includes(check)) }));
  if (risk === 'conflict' || risk === 'large-group' || risk === 'blanking' || risk === 'rare') own.push({ reason: risk, check: null, count: count((item) => item.risk === risk) });
  return own.filter((reason) => reason.count * 20 < alike.length).sort((a, b) => a.count - b.count);
}

describe('the values of a field', () => {
  const filters: [string, (one: CandidateChange) => boolean][] = [
    ['', () => true],
    ['kind:update', ({ kind }) => kind === 'update'],
    ['multi:true -decision:approve', (one) => hasSeveral(one) && itemOf(one).decision !== 'approve'],
    ['name:nothing-has-this', () => false],
  ];

  test.each(filters)('are those of the records that send it, slice by slice, under the filter "%s"', (filter, matches) => {
    for (const [at, { field }] of mapping.fields.entries()) {
      const expected = new Map<string, number>();
      for (const one of changes.filter((one) => matches(one) && isEffective(changeOf(one, at)))) {
        const pair = JSON.stringify([one.before[at], one.after[at]]);
        expected.set(pair, (expected.get(pair) ?? 0) + 1);
      }
      const found = new Map<string, number>();
      const slices: number[] = [];
      let after: number | null = 0;
      while (after !== null) {
        const { pairs, records, next } = store.valuesSlice({ filter, field, after, limit: 8 });
        for (const { before, after: now, count } of pairs) found.set(JSON.stringify([before, now]), (found.get(JSON.stringify([before, now])) ?? 0) + count);
        slices.push(records);
        after = next;
      }
      expect([...found].sort(), field).toEqual([...expected].sort());
      const records = [...expected.values()].reduce((sum, count) => sum + count, 0);
      expect(slices, field).toEqual(records === 0 ? [0] : Array.from({ length: Math.ceil(records / 8) }, (_, slice) => Math.min(8, records - slice * 8)));
    }
  });

  test('are refused for a field that the mapping does not have', () => {
    expect(() => store.valuesSlice({ filter: '', field: 'Colour__c', after: 0, limit: 8 })).toThrow(/no field "Colour__c"/u);
  });
});

describe('a change shape', () => {
  test('is what a plain count of its records says', () => {
    const shown = store.shapes('').shapes;
    expect(shown).toHaveLength(groups().size);
    for (const alike of groups().values()) {
      const all = alike.map(itemOf);
      const count = (has: (item: PendingItem) => boolean) => all.filter(has).length;
      const first = alike[0] as CandidateChange;
      const id = itemOf(first).shape;
      const reasons = new Map(alike.map((one) => [one, reasonsOf(one, alike)]));
      const outliers = alike.filter((one) => reasons.get(one)?.length !== 0);
      const rarest = (one: CandidateChange) => reasons.get(one)?.[0]?.count ?? 0;
      const shape = {
        id,
        kind: first.kind,
        priority: all.map(({ priority }) => priority).sort()[0],
        isMulti: hasSeveral(first),
        fields: sentBy(first).map(({ at, field, transition }) => ({ field, label: mapping.fields[at]?.label, rule: mapping.fields[at]?.rule, transition })),
        count: alike.length,
        outliers: outliers.length,
        viewed: count(({ mark: one }) => one !== 'unseen'),
        flagged: count(({ mark: one }) => one === 'flagged'),
        blocked: count(({ blockers }) => blockers > 0),
        decided: { none: count(({ decision }) => decision === 'none'), approve: count(({ decision }) => decision === 'approve'), hold: count(({ decision }) => decision === 'hold'), exclude: count(({ decision }) => decision === 'exclude') },
      };
      const valuesOf = (at: number): FieldValue[] => alike.map(({ after }) => after[at] ?? null).sort();
      const examples = sentBy(first).map(({ at, field }) => {
        const hasOrder = mapping.fields[at]?.type === 'instant';
        return { field, before: first.before[at] ?? null, after: first.after[at] ?? null, least: hasOrder ? valuesOf(at)[0] : null, most: hasOrder ? valuesOf(at).at(-1) : null };
      });
      const outlierRecords = outliers.toSorted((a, b) => rarest(a) - rarest(b)).map((one) => ({ key: one.key, kind: one.kind, name: one.name, reasons: reasons.get(one) }));
      expect(store.shape(id)).toEqual({ ...shape, examples, outlierRecords });
      expect(shown.find((one) => one.id === id)).toEqual(shape);
    }
  });

  test('has records that stand out here, ranges of dates, and several kinds of change: else the count above would say little', () => {
    const all = store.shapes('').shapes.map(({ id }) => store.shape(id));
    expect(all.flatMap((one) => one?.outlierRecords ?? []).map(({ key }) => key)).toEqual(expect.arrayContaining(['k70', 'k8']));
    expect(all.some((one) => one?.examples.some(({ least, most }) => least !== most))).toBe(true);
    expect(new Set(all.flatMap((one) => one?.fields.map(({ transition }) => transition) ?? []))).toEqual(new Set(['filled', 'replaced', 'turned-on', 'earlier', 'later']));
  });

  test('that no record has is nothing', () => {
    expect(store.shape('0123456789')).toBeNull();
  });

  test('tells the first hundred of many outliers, the rarest first, and counts them all', () => {
    const many = newFolder();
    const rarest = 'z';
    const made = Array.from({ length: 2_200 }, (_, at) => change({ key: `k${String(at).padStart(4, '0')}`, kind: 'update', members: members(`k${String(at).padStart(4, '0')}`, at % 21 === 0 ? 5 : 2) }));
    load(many, [...made, change({ key: rarest, kind: 'update', stateWas: 'CA', members: members(rarest, 2) })]);
    const open = storeIn(many);
    const [shape] = open.shapes('').shapes;
    const told = open.shape(shape?.id ?? '')?.outlierRecords ?? [];
    expect([shape?.count, shape?.outliers, told.length]).toEqual([2_201, 106, 100]);
    expect(told.slice(0, 3).map(({ key }) => key)).toEqual([rarest, 'k0000', 'k0021']);
    expect(told[1]?.reasons).toContainEqual({ reason: 'large-group', check: null, count: 105 });
    open.close();
  });
});
