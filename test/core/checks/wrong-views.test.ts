import { afterAll, describe, expect, test } from 'vitest';
import type { CandidateChange, WarehouseRow } from '../../../electron/core/ports.ts';
import { change, facts, inViewOrder, newFolder, property, removeFolders, storeIn, writerIn, type Facts } from '../../adapters/sqlite/cache/made-up-changes.ts';

afterAll(removeFolders);

/** What the checks say when views gave these rows and changes. */
function checksOf(properties: readonly WarehouseRow[], changes: readonly CandidateChange[]): Record<string, string[]> {
  const folder = newFolder();
  const writer = writerIn(folder);
  writer.addProperties(properties);
  writer.addCandidates(inViewOrder(changes));
  writer.runChecks({ now: '2026-11-23T12:00:00.000Z' });
  writer.finish(facts('S-0001'));
  writer.commit();
  writer.close();
  const store = storeIn(folder);
  const { checks } = store.checks();
  const blocked = store.page({ filter: 'severity:blocker', sort: 'key', descending: false, limit: 100 }).items.map(({ key }) => key);
  store.close();
  const failed = checks.filter(({ passed, severity }) => !passed && severity === 'blocker').map(({ id, keys }) => [id, keys]);
  return { ...Object.fromEntries(failed), blocked };
}

const on = { identity_verification_enabled: true, identity_verification_enabled_at: '2025-01-01T00:00:00.000000Z' };
const made = (made: Facts) => change({ name: 'Park', ...made });
/** A member of the group that a change of more than one property gets. */
const member = (id: string, group: string, more: WarehouseRow = {}) => property(id, { sfdc_key: `group-${group}`, ...more });
const off = { status: 'DISABLED', is_active: false };

describe('views that break a rule', () => {
  test('are not suspected when they keep them', () => {
    expect(checksOf([member('a', 'a', on), member('b', 'a', off), property('c')], [made({ key: 'a', kind: 'create', flagOn: true, ignored: ['b'] }), made({ key: 'c', kind: 'update' })])).toEqual({ blocked: [] });
  });

  test('by putting a property in both sets, or one key in both, are found: sets-overlap', () => {
    expect(checksOf([property('a'), property('b')], [made({ key: 'a', kind: 'create' }), made({ key: 'b', kind: 'update', members: ['a'] })])).toMatchObject({ 'sets-overlap': ['a'] });
    expect(checksOf([property('a')], [made({ key: 'a', kind: 'create' }), made({ key: 'a', kind: 'update' })])).toMatchObject({ 'sets-overlap': ['a', 'a'], blocked: ['a', 'a'] });
  });

  test('by losing or inventing a flag are found: union-rule', () => {
    const lost = checksOf([member('a', 'a'), member('b', 'a', on)], [made({ key: 'a', kind: 'update', flagWas: true, members: ['a', 'b'] })]);
    expect(lost).toMatchObject({ 'union-rule': ['a'], blocked: ['a'] });
    expect(checksOf([property('a')], [made({ key: 'a', kind: 'update', flagOn: true })])).toMatchObject({ 'union-rule': ['a'] });
  });

  test('by letting a property that is not ACTIVE contribute are found: inactive-contributor', () => {
    expect(checksOf([member('a', 'a'), member('b', 'a', { ...off, ...on })], [made({ key: 'a', kind: 'create', flagOn: true, ignored: ['b'] })])).toMatchObject({ 'inactive-contributor': ['a'], 'union-rule': ['a'] });
    expect(checksOf([member('a', 'a'), member('b', 'a', off)], [made({ key: 'a', kind: 'create', members: ['a', 'b'] })])).toMatchObject({ 'inactive-contributor': ['a'], blocked: ['a'] });
  });

  test('by giving a create with a feature no P1 are found: p1-accounted', () => {
    const create = { ...made({ key: 'a', kind: 'create', flagOn: true }), priority: 'P3' as const };
    expect(checksOf([property('a', on)], [create])).toMatchObject({ 'p1-accounted': ['a'], blocked: ['a'] });
  });

  test('by leaving an ACTIVE property out of both sets are found: blocked-property', () => {
    expect(checksOf([property('a', on), property('b')], [made({ key: 'b', kind: 'create' })])).toEqual({ 'blocked-property': ['a'], blocked: [] });
  });
});
