import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allotShares, startPilotDraw } from '../../../electron/core/batch/draw-pilot.ts';
import { isSamePerson } from '../../../electron/core/batch/batch-deps.ts';
import { comparePendingKeys, createPlanHasher } from '../../../electron/core/batch/plan-hash.ts';
import { canonicalJson, sha256 } from '../../../electron/core/canonical.ts';
import defaultMapping from '../../../electron/core/default-mapping.json' with { type: 'json' };
import { mappingSchema } from '../../../shared/domain/mapping.ts';
import type { PlanHeader, PlanRecord } from '../../../shared/domain/plan.ts';

const header: PlanHeader = { version: 2, orgId: '00D000000000001AAA', user: { id: '005000000000001AAA', username: 'ann@example.com' }, apiVersion: '64.0', mapping: mappingSchema.parse(defaultMapping) };

const kind = fc.constantFrom<'create' | 'update'>('create', 'update');
const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }));
const record: fc.Arbitrary<PlanRecord> = fc.record({
  key: fc.string({ unit: 'grapheme', minLength: 1 }),
  kind,
  recordId: fc.option(fc.string()),
  name: fc.option(fc.string({ unit: 'grapheme' })),
  fields: fc.dictionary(fc.constantFrom('Name', 'City__c', 'Zip__c', '"records":[]'), fc.record({ before: value, after: value })),
  contributors: fc.array(fc.string(), { maxLength: 3 }),
});
const plan = fc.uniqueArray(record, { selector: (one) => `${one.kind}\0${one.key}`, maxLength: 20 }).map((records) => records.toSorted(comparePendingKeys));

function hashOf(records: readonly PlanRecord[]): string {
  const hasher = createPlanHasher(header);
  for (const one of records) hasher.add(one);
  return hasher.digest();
}

test('hashing record by record gives the hash of the whole document', () => {
  fc.assert(fc.property(plan, (records) => {
    expect(hashOf(records)).toBe(sha256(canonicalJson({ ...header, records })));
  }));
});

test('the order in which members of an object were added does not matter, any value does', () => {
  fc.assert(fc.property(plan.filter((records) => records.length > 0), fc.nat(), (records, pick) => {
    const turned = records.map((one) => Object.fromEntries(Object.entries(one).toReversed()) as unknown as PlanRecord);
    expect(hashOf(turned)).toBe(hashOf(records));
    const place = pick % records.length;
    const changed = records.map((one, at) => (at === place ? { ...one, contributors: [...one.contributors, 'eve'] } : one));
    expect(hashOf(changed)).not.toBe(hashOf(records));
  }));
});

test('records out of order or given twice are refused', () => {
  const base = { kind: 'update' as const, recordId: null, name: null, fields: {}, contributors: [] };
  const hasher = createPlanHasher(header);
  hasher.add({ ...base, key: 'b' });
  expect(() => hasher.add({ ...base, key: 'b' })).toThrow('out of order');
  expect(() => hasher.add({ ...base, key: 'a' })).toThrow('out of order');
  expect(() => hasher.add({ ...base, key: 'c', kind: 'create' })).toThrow('out of order');
});

test('keys are in the order of their bytes, as SQLite keeps them', () => {
  const keys = ['Z', 'a', '10', '9', 'ä', '\u{1F600}', '\uFFFD'].map((key) => ({ key, kind: 'update' as const }));
  expect(keys.toSorted(comparePendingKeys).map(({ key }) => key)).toEqual(['10', '9', 'Z', 'a', 'ä', '\uFFFD', '\u{1F600}']);
});

test('shares add up, never exceed a size, and leave no group out while there is room', () => {
  fc.assert(fc.property(fc.nat({ max: 300 }), fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 6 }), (places, sizes) => {
    const shares = allotShares(places, sizes);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.min(places, total));
    expect(shares.every((share, group) => share >= 0 && share <= (sizes[group] ?? 0))).toBe(true);
    if (places >= sizes.length) expect(shares.every((share, group) => share > 0 || sizes[group] === 0)).toBe(true);
  }));
});

test('shares follow the sizes', () => {
  expect(allotShares(50, [507, 0, 60, 514])).toEqual([23, 0, 3, 24]);
  expect(allotShares(10, [1, 999])).toEqual([1, 9]);
  expect(allotShares(1, [5, 5])).toEqual([1, 0]);
});

const change = fc.record({ key: fc.string({ minLength: 1, maxLength: 6 }), kind, priority: fc.constantFrom<'P1' | 'P2' | 'P3'>('P1', 'P2', 'P3'), memberCount: fc.integer({ min: 1, max: 3 }) });
const pool = fc.uniqueArray(change, { selector: (one) => `${one.kind}\0${one.key}`, maxLength: 80 });

test('a pilot is the same for the same seed in any order, adds up, and is drawn from what is there', () => {
  fc.assert(fc.property(pool, fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.string(), (changes, creates, updates, seed) => {
    const draw = (list: typeof changes) => {
      const pilot = startPilotDraw({ creates, updates, seed });
      for (const one of list) pilot.add(one);
      return pilot.finish();
    };
    const { members, strata } = draw(changes);
    expect(draw(changes.toReversed())).toEqual({ members, strata });
    for (const [of, wanted] of [['create', creates], ['update', updates]] as const) {
      const available = changes.filter((one) => one.kind === of).length;
      expect(members.filter((one) => one.kind === of)).toHaveLength(Math.min(wanted, available));
      const ofKind = strata.filter((one) => one.kind === of);
      expect(ofKind.reduce((sum, one) => sum + one.drawn, 0)).toBe(Math.min(wanted, available));
      expect(ofKind.reduce((sum, one) => sum + one.available, 0)).toBe(available);
    }
    expect(members).toEqual(members.toSorted(comparePendingKeys));
    expect(members.every((one) => changes.some(({ key, kind: of }) => key === one.key && of === one.kind))).toBe(true);
  }));
});

test('another seed draws other records', () => {
  const draw = (seed: string) => {
    const pilot = startPilotDraw({ creates: 10, updates: 0, seed });
    for (let n = 0; n < 5_000; n += 1) pilot.add({ key: `p${n}`, kind: 'create', priority: 'P3', memberCount: 1 });
    return pilot.finish().members.map(({ key }) => key);
  };
  expect(draw('1')).toEqual(draw('1'));
  expect(draw('1')).not.toEqual(draw('2'));
});

test('one person is one person in any spelling', () => {
  expect(isSamePerson('Ann', ' ANN ')).toBe(true);
  expect(isSamePerson('Zoë', 'Zoe\u0308')).toBe(true);
  expect(isSamePerson('ann', 'anna')).toBe(false);
});
