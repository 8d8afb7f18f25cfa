import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upperBound } from '../../shared/domain/coverage.ts';
import { formatFilter, parseFilter } from '../../shared/domain/filter.ts';
import { priorities } from '../../shared/domain/pending-change.ts';
import type { Sample, Shape } from '../../shared/domain/shape.ts';
import { transitions, type Transition } from '../../shared/domain/transition.ts';
import { arithmeticOf } from '../../renderer/screens/review/shapes/arithmetic.ts';
import { nextShapeRow, shapeRows } from '../../renderer/screens/review/shapes/shape-rows.ts';
import { openAddress, viewAddress } from '../../renderer/screens/review/saved-views/view-address.ts';
import { narrowFilter } from '../../renderer/screens/review/summary/narrow-filter.ts';
import { coverageSentence } from '../../renderer/words/coverage.ts';
import { outlierSentence } from '../../renderer/words/outliers.ts';
import { shapeName, shapeRules } from '../../renderer/words/shapes.ts';
import { testMapping } from './made-up-changes.ts';

type Named = Pick<Shape, 'kind' | 'isMulti' | 'fields'>;

function fieldsOf(changes: Readonly<Record<string, Transition>>): Shape['fields'] {
  return testMapping.fields.flatMap(({ column, field, label, rule }) => {
    const transition = changes[column];
    return transition === undefined ? [] : [{ field, label, rule, transition }];
  });
}

function update(changes: Readonly<Record<string, Transition>>, isMulti = false): string {
  return shapeName({ kind: 'update', isMulti, fields: fieldsOf(changes) }, testMapping);
}

const texts = ['name', 'address', 'city', 'state', 'zip', 'company_id', 'company_name'];

function create(changes: Readonly<Record<string, Transition>>, isMulti = false, blank: readonly string[] = []): string {
  const filled = Object.fromEntries(texts.filter((column) => !blank.includes(column)).map((column) => [column, 'filled' as const]));
  return shapeName({ kind: 'create', isMulti, fields: fieldsOf({ ...filled, ...changes }) }, testMapping);
}

describe('the name of a shape', () => {
  test('says flags first, then their dates, then texts', () => {
    expect(update({ identity_verification_enabled: 'turned-on', identity_verification_enabled_at: 'filled' })).toBe('IDV FALSE → TRUE, date filled');
    expect(update({ name: 'replaced', identity_verification_enabled: 'turned-on', identity_verification_enabled_at: 'filled', bank_linking_enabled: 'turned-on', bank_linking_enabled_at: 'filled' })).toBe('IDV and bank linking FALSE → TRUE, dates filled, name changed');
    expect(update({ identity_verification_enabled: 'turned-off', bank_linking_enabled: 'turned-on', bank_linking_enabled_at: 'filled' })).toBe('IDV TRUE → FALSE, bank linking FALSE → TRUE, bank linking date filled');
    expect(update({ city: 'replaced', zip: 'replaced' }, true)).toBe('City and zip changed, several properties');
    expect(update({ fraud_detection_enabled_at: 'earlier' })).toBe('Fraud detection date moved earlier');
    expect(update({ address: 'respelled' })).toBe('Address spelled differently');
  });

  test('counts what it does not spell out', () => {
    expect(update({ name: 'replaced', address: 'replaced', city: 'replaced', state: 'replaced', zip: 'replaced', company_id: 'filled', company_name: 'filled' })).toBe('Name, address, city and state changed and 3 more fields');
  });

  test('says of a create which features are on, what is blank, and of how many properties it is', () => {
    const idv = { identity_verification_enabled: 'turned-on', identity_verification_enabled_at: 'filled' } as const;
    expect(create({ ...idv, bank_linking_enabled: 'turned-on', bank_linking_enabled_at: 'filled' })).toBe('New: IDV and bank linking on, one property');
    expect(create({}, true)).toBe('New: no features, several properties');
    expect(create(idv, false, ['zip'])).toBe('New: IDV on, without zip, one property');
    expect(create({ identity_verification_enabled: 'turned-on' })).toBe('New: IDV on, without IDV date, one property');
    const all = Object.fromEntries(testMapping.fields.filter((field) => field.type !== 'text').map((field) => [field.column, field.type === 'flag' ? ('turned-on' as const) : ('filled' as const)]));
    expect(create(all)).toBe('New: all five features on, one property');
  });

  const named: fc.Arbitrary<Named> = fc.record({
    kind: fc.constantFrom('create' as const, 'update' as const),
    isMulti: fc.boolean(),
    fields: fc.subarray(testMapping.fields).chain((fields) =>
      fc.tuple(...fields.map(() => fc.constantFrom(...transitions))).map((own) => fields.map(({ field, label, rule }, index) => ({ field, label, rule, transition: own[index] ?? 'replaced' }))),
    ),
  });

  test('is never empty, never names a hole, and never counts more fields than there are', () => {
    fc.assert(
      fc.property(named, (shape) => {
        const name = shapeName(shape, testMapping);
        expect(name.trim()).not.toBe('');
        expect(name).not.toMatch(/undefined|null|NaN|, ,|^,|,$/u);
        const more = /and (\d+) more field/u.exec(name)?.[1];
        if (more !== undefined && shape.kind === 'update') expect(Number(more)).toBeLessThan(shape.fields.length);
        if (shape.kind === 'update' && shape.fields.length <= 4) expect(more).toBeUndefined();
      }),
    );
  });

  test('is another one when records of several properties are meant, or the other kind', () => {
    fc.assert(
      fc.property(named, (shape) => {
        expect(shapeName({ ...shape, isMulti: !shape.isMulti }, testMapping)).not.toBe(shapeName(shape, testMapping));
        expect(shapeName({ ...shape, kind: shape.kind === 'create' ? 'update' : 'create' }, testMapping)).not.toBe(shapeName(shape, testMapping));
      }),
    );
  });

  test('goes with each rule once', () => {
    expect(shapeRules({ fields: fieldsOf({ name: 'replaced', city: 'replaced', identity_verification_enabled: 'turned-on' }) })).toBe('any, primary');
  });
});

const shape: fc.Arbitrary<Shape> = fc
  .record({ id: fc.uuid(), priority: fc.constantFrom(...priorities), count: fc.integer({ min: 1, max: 5 }) })
  .map((own) => ({ ...own, kind: 'update' as const, isMulti: false, fields: [], outliers: 0, viewed: 0, flagged: 0, blocked: 0, decided: { none: own.count, approve: 0, hold: 0, exclude: 0 } }));
const shapesOf = fc.uniqueArray(shape, { selector: (one) => one.id });

describe('the rows of shapes', () => {
  test('hold every shape exactly once, whatever is folded, and each group says its sum', () => {
    fc.assert(
      fc.property(shapesOf, fc.subarray([...priorities]), (shapes, open) => {
        const rows = shapeRows(shapes, open, null);
        const held = rows.flatMap((row) => (row.kind === 'shape' ? [row.shape.id] : row.kind === 'fold' ? row.shapes.map((one) => one.id) : []));
        expect(held.toSorted()).toEqual(shapes.map((one) => one.id).toSorted());
        const sums = rows.filter((row) => row.kind === 'group').reduce((sum, row) => sum + row.records, 0);
        expect(sums).toBe(shapes.reduce((sum, one) => sum + one.count, 0));
      }),
    );
  });

  test('never fold the shape that is looked at', () => {
    fc.assert(
      fc.property(shapesOf.filter((shapes) => shapes.length > 0), (shapes) => {
        for (const one of shapes) expect(shapeRows(shapes, [], one.id).some((row) => row.id === one.id)).toBe(true);
      }),
    );
  });

  test('a move ends on a shape, never on a heading', () => {
    fc.assert(
      fc.property(shapesOf.filter((shapes) => shapes.length > 0), fc.integer({ min: -5, max: 60 }), (shapes, to) => {
        const rows = shapeRows(shapes, [], null);
        const start = nextShapeRow(rows, 0, 0);
        expect(rows[nextShapeRow(rows, start, to)]?.kind).not.toBe('group');
      }),
    );
  });
});

describe('the arithmetic', () => {
  test('adds up to the records of the shapes, priority by priority', () => {
    fc.assert(
      fc.property(shapesOf, (shapes) => {
        const records = shapes.reduce((sum, one) => sum + one.count, 0);
        const sums = arithmeticOf(shapes, records, records);
        expect(sums.parts.reduce((sum, part) => sum + part.records, 0)).toBe(sums.sum);
        expect(sums).toMatchObject({ sum: records, shapes: shapes.length, problem: null });
      }),
    );
  });

  test('has a problem as soon as one record is left out or counted twice', () => {
    fc.assert(
      fc.property(shapesOf, fc.integer({ min: -3, max: 3 }).filter((off) => off !== 0), (shapes, off) => {
        const records = shapes.reduce((sum, one) => sum + one.count, 0);
        expect(arithmeticOf(shapes, records + off, null).problem).toEqual({ expected: records + off, of: 'filter' });
        for (const found of [records, records + off]) expect(arithmeticOf(shapes, found, records + off).problem).toEqual({ expected: records + off, of: 'snapshot' });
      }),
    );
  });
});

describe('coverage in words', () => {
  const sample = (own: Partial<Sample>): Sample => ({ id: 'D-1', filter: 'shape:x outlier:false', seed: '7', size: 50, population: 608, drawn: 50, viewed: 50, wrong: 0, bound: null, by: 'Admin A', at: '2026-01-14T09:00:00.000Z', ...own });
  const bound = (drawn: number, wrong: number, population = 608) => upperBound({ drawn, wrong, population });

  test('a bound is stated for a random draw that was looked at as a whole, and only then', () => {
    expect(coverageSentence(sample({ bound: bound(50, 0) }), { viewed: 50, count: 612 })).toBe('With 0 wrong in 50, at most about 6 % of the shape is wrong, at 95 % confidence.');
    expect(coverageSentence(sample({ wrong: 2, bound: bound(50, 2) }), { viewed: 50, count: 612 })).toBe('With 2 wrong in 50, at most about 13 % of the shape is wrong, at 95 % confidence.');
    expect(coverageSentence(sample({ viewed: 37 }), { viewed: 37, count: 612 })).toBe('37 of 50 looked at. Once all of them are, it can be said how much of the shape is wrong at most.');
    expect(coverageSentence(null, { viewed: 3, count: 612 })).toBe('3 of 612 viewed. Records picked by hand say nothing about the rest; a random draw does.');
    expect(coverageSentence(sample({ drawn: 12, viewed: 12, population: 12, bound: 0 }), { viewed: 12, count: 12 })).toBe('All 12 were looked at: none is wrong.');
  });

  test('the percentage said is never below the bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat({ max: 5 }), (drawn, wrong) => {
        const exact = bound(drawn, Math.min(wrong, drawn), 1_000_000);
        const said = coverageSentence(sample({ drawn, viewed: drawn, wrong: Math.min(wrong, drawn), population: 1_000_000, bound: exact }), { viewed: 0, count: 1_000_000 });
        expect(Number(/about ([\d.]+) %/u.exec(said)?.[1])).toBeGreaterThanOrEqual(exact * 100 - 1e-9);
      }),
    );
  });

  test('an outlier says why it stands out', () => {
    expect(outlierSentence({ reason: 'check', check: 'duplicate-key', count: 1 }, () => 'Two RDS properties have this id')).toBe('Two RDS properties have this id: the only one in this shape');
    expect(outlierSentence({ reason: 'check', check: 'duplicate-key', count: 3 }, () => undefined)).toBe('Duplicate key: 3 in this shape');
  });
});

describe('a number of the summary', () => {
  const names = ['priority', 'field', 'kind'] as const;
  const values = { priority: ['P1', 'P2', 'P3'], field: ['A', 'B', 'C'], kind: ['create', 'update'] } as const;
  const term = fc.constantFrom(...names).chain((name) => fc.record({ name: fc.constant(name), value: fc.constantFrom<string>(...values[name]), negated: fc.boolean() }));
  const record = fc.record({ priority: fc.constantFrom(...values.priority), kind: fc.constantFrom(...values.kind), field: fc.subarray([...values.field]) });
  type Made = { priority: string; kind: string; field: string[] };
  const has = (one: Made, name: (typeof names)[number], value: string) => (name === 'field' ? one.field.includes(value) : one[name] === value);
  const matches = (one: Made, filter: string): boolean => {
    const parsed = parseFilter(filter);
    if (!parsed.ok) throw new Error(parsed.problem);
    return names.every((name) => {
      const own = parsed.terms.filter((each) => each.name === name);
      const wanted = own.filter((each) => !each.negated);
      return !own.some((each) => each.negated && has(one, name, each.value)) && (wanted.length === 0 || wanted.some((each) => has(one, name, each.value)));
    });
  };

  test('opens exactly the records that match the filter and what was counted, or is no link', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), term, fc.array(record, { maxLength: 20 }), (terms, { name, value }, records) => {
        const narrowed = narrowFilter(terms, [{ name, value }]);
        if (narrowed === null) {
          expect(terms.some((each) => each.name === name && !each.negated)).toBe(true);
          return;
        }
        for (const one of records) expect(matches(one, narrowed)).toBe(matches(one, formatFilter(terms)) && has(one, name, value));
      }),
    );
  });
});

describe('the address of a saved view', () => {
  test('keeps what is listed and leaves out what is open', () => {
    expect(viewAddress('/review?view=shapes&filter=priority%3AP2&shape=s-1&open=P3')).toBe('/review?view=shapes&filter=priority%3AP2');
    expect(viewAddress('/review?filter=priority%3AP2&sort=name&record=p-1&kind=update&why=Name')).toBe('/review?filter=priority%3AP2&sort=name');
  });

  test('opens a screen of this app, whatever was stored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom('//elsewhere.example/review', 'javascript:alert(1)', '/review?filter=a')), (stored) => {
        expect(openAddress(stored)).toMatch(/^\/(?:overview|review|batches|corrections|audit|checks|rules|settings)(?:\?|$)/u);
      }),
    );
  });
});
