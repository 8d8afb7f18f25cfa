import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheStore } from '../../../../electron/adapters/sqlite/cache/cache-store.ts';
import type { CachedDetail } from '../../../../electron/core/ports.ts';
import { formatFilter, type FilterTerm } from '../../../../shared/domain/filter.ts';
import type { PendingItem } from '../../../../shared/domain/pending-change.ts';
import { transitionOf } from '../../../../shared/domain/transition.ts';
import { change, decide, inLedger, load, mapping, mark, newFolder, removeFolders, storeIn } from './made-up-changes.ts';

const folder = newFolder();
let store: CacheStore;
let items: PendingItem[];
const details = new Map<string, CachedDetail>();

beforeAll(() => {
  const companies = ['Acme', 'Größe GmbH', null];
  const changes = Array.from({ length: 60 }, (_, at) =>
    change({
      key: `k${at}`,
      kind: at % 3 === 0 ? 'create' : 'update',
      name: at % 7 === 0 ? null : at % 5 === 0 ? `ÄRGER ${at}` : `Park ${at}`,
      company: companies[at % 3] ?? null,
      state: at % 2 === 0 ? 'CA' : 'TX',
      flagOn: at % 4 === 0,
      flagWas: at % 8 === 1,
      members: at % 6 === 0 ? [`k${at}`, `m${at}`] : [`k${at}`],
    }),
  );
  load(folder, changes);
  decide(folder, changes.slice(0, 10), 'approve');
  decide(folder, changes.slice(10, 15), 'hold');
  decide(folder, changes.slice(15, 18).map((other) => ({ ...other, contentHash: 'of older content' })), 'exclude');
  mark(folder, changes.slice(5, 12), 'viewed');
  mark(folder, changes.slice(12, 14), 'flagged');
  inLedger(folder, (ledger) => {
    const leaveOut = ledger.prepare("INSERT INTO field_exclusion VALUES (?, ?, 'City__c', ?, NULL, 'ann', '', 'U-0')");
    for (const { key, kind, contentHash } of changes.slice(20, 24)) leaveOut.run(key, kind, contentHash);
    for (const { key, kind } of changes.slice(24, 26)) leaveOut.run(key, kind, 'of older content');
  });
  store = storeIn(folder);
  items = store.page({ filter: '', sort: 'key', descending: false, limit: 5_000 }).items;
});

afterAll(() => {
  store.close();
  removeFolders();
});

function detailOf({ key, kind }: PendingItem): CachedDetail {
  const detail = details.get(`${kind} ${key}`) ?? store.show(key, kind);
  if (detail === null) throw new Error(`${key} is not there`);
  details.set(`${kind} ${key}`, detail);
  return detail;
}

function fieldOf(item: PendingItem, name: string): CachedDetail['fields'][number] {
  const field = detailOf(item).fields.find((one) => one.field === name);
  return field ?? { field: name, label: '', before: null, after: null, change: 'equal', type: 'text', rule: 'primary', winner: null, losers: [], excluded: null };
}

/** What each term means, said without columns. */
function holds({ name, value }: FilterTerm, item: PendingItem): boolean {
  switch (name) {
    case 'kind':
    case 'priority':
    case 'decision':
    case 'key':
      return item[name] === value;
    case 'company':
    case 'state':
      return (item[name] ?? '') === value;
    case 'multi':
      return item.memberCount > 1 === (value === 'true');
    case 'field':
      return item.changedFields.includes(value);
    case 'rule':
      return item.changedFields.some((changed) => mapping.fields.some(({ field, rule }) => field === changed && rule === value));
    case 'check':
      return item.checks.includes(value);
    case 'severity':
      return value === 'blocker' ? item.blockers > 0 : value === 'warning' ? item.warnings > 0 : item.blockers + item.warnings === 0;
    case 'name':
      return (item.name ?? '').toLowerCase().includes(value.toLowerCase());
    case 'viewed':
      return (item.mark !== 'unseen') === (value === 'true');
    case 'progress':
      return item.mark === value;
    case 'outlier':
      return item.isOutlier === (value === 'true');
    case 'shape':
      return item.shape === value;
    case 'contributors':
      return value.endsWith('+') ? item.contributorCount >= Number.parseInt(value, 10) : item.contributorCount === Number(value);
    case 'without':
      return item.without.includes(value);
    case 'risk':
      return detailOf(item).risk === value;
    case 'transition': {
      const field = fieldOf(item, value.slice(0, value.indexOf(':')));
      return transitionOf(field.type, field.change, field.before, field.after) === value.slice(value.indexOf(':') + 1);
    }
    case 'before':
    case 'after': {
      const said = fieldOf(item, value.slice(0, value.indexOf('=')))[name];
      const wanted = value.slice(value.indexOf('=') + 1);
      return (said === null ? '' : typeof said === 'boolean' ? String(said).toUpperCase() : String(said)) === wanted;
    }
    case 'text': {
      const detail = detailOf(item);
      const texts = [item.name, item.key, item.company, fieldOf(item, 'City__c').after, fieldOf(item, 'Address__c').after, ...detail.contributors.map(({ id }) => id)];
      return texts.some((text) => typeof text === 'string' && text.toUpperCase().includes(value.toUpperCase()));
    }
    default:
      throw new Error('not compared here');
  }
}

const term: fc.Arbitrary<FilterTerm> = fc
  .oneof(
    fc.tuple(fc.constant('kind' as const), fc.constantFrom('create', 'update')),
    fc.tuple(fc.constant('priority' as const), fc.constantFrom('P1', 'P2', 'P3')),
    fc.tuple(fc.constant('decision' as const), fc.constantFrom('none', 'approve', 'hold', 'exclude')),
    fc.tuple(fc.constant('company' as const), fc.constantFrom('Acme', 'Größe GmbH', '', 'acme')),
    fc.tuple(fc.constant('state' as const), fc.constantFrom('CA', 'TX')),
    fc.tuple(fc.constantFrom('multi' as const, 'viewed' as const), fc.constantFrom('true', 'false')),
    fc.tuple(fc.constant('field' as const), fc.constantFrom('Name', 'City__c', 'Identity_Verification_Enabled__c', 'Zip__c')),
    fc.tuple(fc.constant('rule' as const), fc.constantFrom('primary', 'any', 'earliest')),
    fc.tuple(fc.constant('check' as const), fc.constantFrom('missing-name', 'union-rule', 'name')),
    fc.tuple(fc.constant('severity' as const), fc.constantFrom('blocker', 'warning', 'passed')),
    fc.tuple(fc.constant('name' as const), fc.constantFrom('park', 'PARK 1', 'ärger', '%', '')),
    fc.tuple(fc.constant('progress' as const), fc.constantFrom('unseen', 'viewed', 'flagged', 'later')),
    fc.tuple(fc.constant('outlier' as const), fc.constantFrom('true', 'false')),
    fc.tuple(fc.constant('risk' as const), fc.constantFrom('blocker', 'blanking', 'rare', 'p1', 'p3')),
    fc.tuple(fc.constant('contributors' as const), fc.constantFrom('1', '2', '2+', '9+')),
    fc.tuple(fc.constant('without' as const), fc.constantFrom('City__c', 'Name')),
    fc.tuple(fc.constant('transition' as const), fc.constantFrom('City__c:filled', 'City__c:replaced', 'Identity_Verification_Enabled__c:turned-on', 'Identity_Verification_Enabled__c:turned-off', 'Name:filled')),
    fc.tuple(fc.constant('before' as const), fc.constantFrom('City__c=Old Town', 'City__c=', 'Identity_Verification_Enabled__c=TRUE', 'Identity_Verification_Enabled__c=FALSE')),
    fc.tuple(fc.constant('after' as const), fc.constantFrom('City__c=New Town', 'Name=Park 1', 'Identity_Verification_Enabled__c=TRUE', 'Name=')),
    fc.tuple(fc.constant('text' as const), fc.constantFrom('gröss', 'park 1', 'M1', 'k2', 'town', 'k1\nnew', 'zoo')),
    fc.tuple(fc.constant('shape' as const), fc.integer({ min: 0, max: 59 }).map((at) => items[at]?.shape ?? '')),
    fc.tuple(fc.constant('key' as const), fc.constantFrom('k1', 'K1')),
  )
  .chain(([name, value]) => fc.boolean().map((negated) => ({ name, value, negated })));

describe('a filter', () => {
  test('finds what the terms say: one of the values of a name, all of different names, none of the negated', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        const names = new Set(terms.filter(({ negated }) => !negated).map(({ name }) => name));
        const expected = items.filter(
          (item) =>
            terms.every((one) => !one.negated || !holds(one, item)) && [...names].every((name) => terms.some((one) => one.name === name && !one.negated && holds(one, item))),
        );
        const page = store.page({ filter: formatFilter(terms), sort: 'key', descending: false, limit: 5_000 });
        expect(page.items.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
        expect(page.total).toBe(expected.length);
      }),
    );
  });

  test.each([
    ['text:gröss', 20],
    ['text:GRÖSSE', 20],
    ['text:"new town"', 60],
    ['text:m12', 1],
    ['text:k1', 11],
    ['text:%', 0],
  ])('%s finds %i by key, name, company, city and contributors, whatever the letter case', (filter, count) => {
    expect(store.page({ filter, sort: 'key', descending: false, limit: 100 }).total).toBe(count);
  });

  test('a decision on older content does not count', () => {
    expect(store.page({ filter: 'decision:exclude', sort: 'key', descending: false, limit: 100 }).total).toBe(0);
  });

  test.each(['field:Colour__c', 'transition:Colour__c:filled', 'before:Colour__c=x', 'after:Colour__c=x', 'without:Colour__c'])('an unknown field is refused: %s', (filter) => {
    expect(() => store.facets(filter)).toThrow(/no field "Colour__c"/u);
  });

  test('an unknown draw is refused, an unknown shape or check has no records', () => {
    expect(() => store.facets('sample:D-9')).toThrow(/no draw D-9/u);
    expect([store.facets('shape:x').matching, store.facets('check:x').matching]).toEqual([0, 0]);
  });

  test('every record is in exactly one shape, and the shapes of a filter add up to its records', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 3 }), (terms) => {
        const filter = formatFilter(terms);
        const { records, shapes } = store.shapes(filter);
        expect(records).toBe(store.page({ filter, sort: 'key', descending: false, limit: 1 }).total);
        expect(shapes.reduce((sum, { count }) => sum + count, 0)).toBe(records);
        for (const { count, decided } of shapes) expect(decided.none + decided.approve + decided.hold + decided.exclude).toBe(count);
        if (terms.some(({ name }) => name === 'shape')) return;
        for (const { id, count } of shapes) expect(store.facets(`${filter} shape:${id}`.trim()).matching).toBe(count);
      }),
      { numRuns: 30 },
    );
  });

  test('each number of a summary opens exactly its records', () => {
    const summary = store.summary('kind:update');
    for (const { field, count, transitions } of summary.fields) {
      expect(store.facets(`kind:update field:${field}`).matching).toBe(count);
      for (const { transition, count: some } of transitions) expect(store.facets(`kind:update transition:${field}:${transition}`).matching).toBe(some);
    }
    for (const { value, count } of summary.contributors) expect(store.facets(`kind:update contributors:${value}`).matching).toBe(count);
    expect(summary.contributors.reduce((sum, { count }) => sum + count, 0)).toBe(summary.records);
  });

  test('what is decided, marked and said while it is open is found at once', () => {
    const folder = newFolder();
    const changes = ['a', 'b', 'c'].map((key) => change({ key, kind: 'update' }));
    load(folder, changes);
    const open = storeIn(folder);
    const of = (filter: string) => open.page({ filter, sort: 'key', descending: false, limit: 9 }).items.map(({ key }) => key);
    expect([of('decision:none'), of('progress:unseen'), of('commented:true')]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], []]);
    decide(folder, changes.slice(0, 1), 'hold');
    mark(folder, changes.slice(1, 2), 'flagged');
    inLedger(folder, (ledger) => ledger.exec("INSERT INTO comment (key, kind, content_hash, actor, at, text) VALUES ('c', 'update', 'older', 'ann', '', 'Why?')"));
    expect([of('decision:hold'), of('progress:flagged'), of('commented:true'), of('decision:none progress:unseen -commented:true')]).toEqual([['a'], ['b'], ['c'], []]);
    decide(folder, changes.slice(0, 1), null);
    mark(folder, changes.slice(1, 2), 'unseen');
    expect([of('decision:none'), of('viewed:false')]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c']]);
    open.close();
  });

  test('a larger draw with the same seed holds the smaller one, and a draw holds as many as it says', () => {
    const folder = newFolder();
    load(folder, Array.from({ length: 40 }, (_, at) => change({ key: `k${at}`, kind: at % 2 === 0 ? 'update' : 'create' })));
    inLedger(folder, (ledger) => {
      const insert = ledger.prepare("INSERT INTO sample (id, filter, seed, size, snapshot_id, actor, at) VALUES (?, 'kind:update', 'seed', ?, 'S-0001', 'ann', '')");
      for (const size of [5, 12, 500]) insert.run(`D-${size}`, size);
    });
    const open = storeIn(folder);
    const of = (id: string) => open.page({ filter: `sample:${id}`, sort: 'key', descending: false, limit: 99 }).items.map(({ key }) => key);
    const digest = (key: string) => createHash('sha256').update(`seed\0update\0${key}`).digest('hex');
    const byDigest = of('D-500').toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1));
    expect(byDigest).toHaveLength(20);
    expect(of('D-5')).toEqual(byDigest.slice(0, 5).toSorted());
    expect(of('D-12')).toEqual(byDigest.slice(0, 12).toSorted());
    expect(open.coverage({ id: 'D-5', filter: 'kind:update', seed: 'seed', size: 5, by: 'ann', at: '' })).toEqual({ population: 20, drawn: 5, viewed: 0, wrong: 0 });
    open.close();
  });

  test('rows are found by place and by the letters that were typed, in both directions', () => {
    for (const descending of [false, true]) {
      const list = { filter: 'state:CA', sort: 'name' as const, descending };
      const rows = store.page({ ...list, limit: 5_000 }).items;
      rows.forEach(({ key, kind }, row) => expect(store.locate({ ...list, item: { key, kind } })).toBe(row));
      const parks = rows.flatMap(({ name }, row) => (name?.toLowerCase().startsWith('park 2') ? [row] : []));
      expect(store.find({ ...list, prefix: 'PARK 2', from: 0 })).toBe(parks[0]);
      expect(store.find({ ...list, prefix: 'park 2', from: (parks[0] ?? 0) + 1 })).toBe(parks[1]);
      expect(store.find({ ...list, prefix: 'park 2', from: (parks.at(-1) ?? 0) + 1 })).toBe(parks[0]);
      expect(store.find({ ...list, prefix: 'nothing', from: 0 })).toBeNull();
    }
    const other = items.find(({ state }) => state === 'TX');
    expect(store.locate({ filter: 'state:CA', sort: 'name', descending: false, item: { key: other?.key ?? '', kind: other?.kind ?? 'create' } })).toBeNull();
  });

  test('a list opens at the pages around a record, and at its first page where it does not hold the record', () => {
    const list = { filter: 'state:CA', sort: 'name' as const, descending: false };
    const [pageSize, before] = [7, 4];
    const rows = store.page({ ...list, limit: 5_000 }).items;
    const pageAt = (page: number) => store.page({ ...list, offset: page * pageSize, limit: pageSize });
    rows.forEach(({ key, kind }, row) => {
      const { index, firstPage, pages } = store.open({ ...list, item: { key, kind }, pageSize, before });
      expect([index, firstPage]).toEqual([row, Math.floor(Math.max(0, row - before) / pageSize)]);
      expect(pages).toEqual(pages.map((_, step) => pageAt(firstPage + step)));
      expect(pages.flatMap((page) => page.items)[row - firstPage * pageSize]?.key).toBe(key);
    });
    const other = items.find(({ state }) => state === 'TX');
    const atFirst = { index: null, firstPage: 0, pages: [pageAt(0)] };
    expect(store.open({ ...list, item: { key: other?.key ?? '', kind: other?.kind ?? 'create' }, pageSize, before })).toEqual(atFirst);
    expect(store.open({ ...list, item: null, pageSize, before })).toEqual(atFirst);
  });

  test('the facets of a filter add up, and ignore their own terms', () => {
    const facets = store.facets('kind:create state:CA');
    const of = (filter: string) => store.page({ filter, sort: 'key', descending: false, limit: 1 }).total;
    expect(facets.matching).toBe(of('kind:create state:CA'));
    expect(facets.total).toBe(60);
    expect(facets.kind).toEqual([
      { value: 'create', label: 'create', count: of('kind:create state:CA') },
      { value: 'update', label: 'update', count: of('kind:update state:CA') },
    ]);
    expect(facets.state.map(({ value, count }) => [value, count]).sort()).toEqual([['CA', of('kind:create state:CA')], ['TX', of('kind:create state:TX')]]);
    expect(facets.field.find(({ value }) => value === 'City__c')?.count).toBe(of('kind:create state:CA field:City__c'));
    for (const facet of [facets.priority, facets.decision, facets.multi, facets.company]) expect(facet.reduce((sum, { count }) => sum + count, 0)).toBe(facets.matching);
  });
});
