import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrgRefusal } from '../../../../electron/sample/org/org-refusal.ts';
import { parseSoql, type Condition, type Literal, type SoqlQuery } from '../../../../electron/sample/org/soql/parse.ts';

const keywords = new Set(['AND', 'OR', 'NOT', 'IN', 'LIKE', 'FROM', 'WHERE', 'ORDER', 'BY', 'LIMIT', 'OFFSET', 'ASC', 'DESC', 'NULLS', 'SELECT']);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/).filter((text) => !keywords.has(text.toUpperCase()));
const text = fc.string({ unit: fc.constantFrom('a', 'Z', "'", '\\', '"', '\n', '\t', ' ', 'é', '(', ',') });

const literal: fc.Arbitrary<Literal> = fc.oneof(
  text.map((value): Literal => ({ kind: 'string', value, pattern: value.replaceAll('\\', '\\\\') })),
  fc.integer().map((value): Literal => ({ kind: 'number', value })),
  fc.boolean().map((value): Literal => ({ kind: 'boolean', value })),
  fc.constant<Literal>({ kind: 'null' }),
  fc.constantFrom<Literal>({ kind: 'datetime', value: '2026-01-02T03:04:05Z' }, { kind: 'date', value: '2026-01-02' }),
);
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('compare' as const), field: name, operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'LIKE'), literal }),
  fc.record({ kind: fc.constant('in' as const), field: name, negated: fc.boolean(), literals: fc.array(literal, { minLength: 1, maxLength: 4 }) }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.record({ kind: fc.constant('not' as const), part: tie('condition') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }) }),
  ),
}));
const query: fc.Arbitrary<SoqlQuery> = fc.record({
  select: fc.array(name.map((field) => ({ kind: 'field' as const, name: field })), { minLength: 1, maxLength: 3 }),
  from: name,
  where: fc.option(condition),
  orderBy: fc.array(fc.record({ field: name, descending: fc.boolean(), nullsLast: fc.boolean() }), { maxLength: 3 }),
  limit: fc.option(fc.nat()),
  offset: fc.option(fc.nat()),
});

function writeLiteral(given: Literal): string {
  if (given.kind === 'null') return 'null';
  if (given.kind !== 'string') return String(given.value);
  const escapes: Record<string, string> = { '\n': '\\n', '\t': '\\t', "'": "\\'", '\\': '\\\\', '"': '\\"' };
  return `'${given.value.replace(/[\n\t'"\\]/g, (character) => escapes[character] ?? '')}'`;
}

function writeCondition(given: Condition): string {
  if (given.kind === 'compare') return `${given.field} ${given.operator} ${writeLiteral(given.literal)}`;
  if (given.kind === 'in') return `${given.field} ${given.negated ? 'NOT ' : ''}IN (${given.literals.map(writeLiteral).join(' , ')})`;
  if (given.kind === 'not') return `NOT (${writeCondition(given.part)})`;
  return given.parts.map((part) => `(${writeCondition(part)})`).join(given.kind === 'and' ? ' AND ' : ' or ');
}

function write(given: SoqlQuery): string {
  const order = given.orderBy.map((term) => `${term.field} ${term.descending ? 'DESC' : 'ASC'} NULLS ${term.nullsLast ? 'LAST' : 'FIRST'}`);
  return [
    `select ${given.select.map((one) => (one.kind === 'field' ? one.name : '')).join(',')}`,
    `FROM ${given.from}`,
    given.where === null ? '' : `WHERE ${writeCondition(given.where)}`,
    order.length === 0 ? '' : `ORDER BY ${order.join(', ')}`,
    given.limit === null ? '' : `LIMIT ${given.limit}`,
    given.offset === null ? '' : `OFFSET ${given.offset}`,
  ].join('\n ');
}

test('A query that was written from its parts is read back as those parts', () => {
  fc.assert(
    fc.property(query, (given) => {
      expect(parseSoql(write(given))).toEqual(given);
    }),
  );
});

test('Any text is either read or refused as malformed', () => {
  const pieces = fc.constantFrom('SELECT', 'Id', 'FROM', 'T', 'WHERE', 'a', '=', "'x'", '(', ')', 'AND', 'OR', 'NOT', 'IN', ',', '5', 'LIMIT', "'", '\\', '%');
  fc.assert(
    fc.property(fc.oneof(fc.array(pieces).map((parts) => parts.join(' ')), fc.string()), (soql) => {
      try {
        expect(parseSoql(soql).from).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(OrgRefusal);
        expect((error as OrgRefusal).errors[0]?.errorCode).toBe('MALFORMED_QUERY');
      }
    }),
  );
});

test('Aggregates, groups of fields and nulls by default are read', () => {
  expect(parseSoql('SELECT COUNT() FROM T').select).toEqual([{ kind: 'aggregate', name: 'COUNT', field: null, alias: null }]);
  expect(parseSoql('SELECT count(Id) n, MAX(Name) FROM T').select).toEqual([
    { kind: 'aggregate', name: 'COUNT', field: 'Id', alias: 'n' },
    { kind: 'aggregate', name: 'MAX', field: 'Name', alias: null },
  ]);
  expect(parseSoql('SELECT FIELDS(ALL) FROM T ORDER BY A DESC, B')).toMatchObject({
    select: [{ kind: 'fields', group: 'ALL' }],
    orderBy: [
      { field: 'A', descending: true, nullsLast: false },
      { field: 'B', descending: false, nullsLast: false },
    ],
  });
});
