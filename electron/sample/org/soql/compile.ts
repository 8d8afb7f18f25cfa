import { OrgRefusal } from '../org-refusal.ts';
import { formatInstant, parseInstant, type StoredValue } from '../org-value.ts';
import { idIdentity } from '../salesforce-id.ts';
import { findField, findObject, type OrgField, type OrgObject } from '../schema.ts';
import type { Comparison, Condition, Literal, Selected, SoqlQuery } from './parse.ts';
import { malformedQuery } from './tokenize.ts';

export interface AggregateColumn {
  alias: string;
  sql: string;
}

/** A SOQL query as bound SQL over one object's table. */
export interface CompiledQuery {
  object: OrgObject;
  fields: OrgField[];
  /** Null for a query of rows; empty for COUNT(). */
  aggregates: AggregateColumn[] | null;
  /** SQL of the WHERE clause without the word, `1` when there is none. */
  where: string;
  values: StoredValue[];
  /** SQL of the ORDER BY terms; empty when rows come by Id. */
  orderBy: string;
  limit: number | null;
  offset: number | null;
}

interface Bound {
  sql: string;
  values: StoredValue[];
}

const invalidField = (message: string): OrgRefusal => new OrgRefusal(400, 'INVALID_FIELD', message);

function requireField(object: OrgObject, name: string): OrgField {
  const [relation, ...rest] = name.split('.');
  const own = rest.length > 0 && relation?.toLowerCase() === object.name.toLowerCase() ? rest.join('.') : name;
  const field = findField(object, own);
  if (field) return field;
  if (own.includes('.')) throw invalidField(`Didn't understand relationship '${own.split('.')[0]}' in field path.`);
  throw invalidField(
    `No such column '${own}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`,
  );
}

function wrongLiteral(field: OrgField, type: string): OrgRefusal {
  const quoting = type === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  return invalidField(`value of filter criterion for field '${field.name}' must be of type ${type} and ${quoting}`);
}

function literalValue(field: OrgField, literal: Literal): StoredValue {
  if (literal.kind === 'null') return null;
  if (field.type === 'boolean') {
    if (literal.kind !== 'boolean') throw wrongLiteral(field, 'boolean');
    return literal.value ? 1 : 0;
  }
  if (field.type === 'double') {
    if (literal.kind !== 'number') throw wrongLiteral(field, 'double');
    return literal.value;
  }
  if (field.type === 'datetime') {
    const instant = literal.kind === 'datetime' ? parseInstant(literal.value) : undefined;
    if (instant === undefined) throw wrongLiteral(field, 'dateTime');
    // A literal between two seconds equals no stored value but still sorts between them.
    return formatInstant(instant).replace('.000', `.${String(((instant % 1000) + 1000) % 1000).padStart(3, '0')}`);
  }
  if (literal.kind !== 'string') throw wrongLiteral(field, 'string');
  return literal.value === '' ? null : literal.value;
}

/** SQLite's LIKE ignores letter case, GLOB does not: the case-sensitive field needs GLOB. */
function compileLike(field: OrgField, literal: Literal): Bound {
  if (literal.kind !== 'string' || field.type === 'boolean' || field.type === 'datetime' || field.type === 'double') {
    throw invalidField(`invalid operator on ${field.type} field: LIKE`);
  }
  if (!field.caseSensitive) return { sql: `"${field.name}" LIKE ? ESCAPE '\\'`, values: [literal.pattern] };
  const glob = literal.pattern.replace(/\\[^]|[*?[%_]/g, (part) => {
    if (part === '%') return '*';
    if (part === '_') return '?';
    const plain = part.length === 2 ? part.slice(1) : part;
    return '*?['.includes(plain) ? `[${plain}]` : plain;
  });
  return { sql: `"${field.name}" GLOB ?`, values: [glob] };
}

function compileCompare(field: OrgField, operator: Comparison, literal: Literal): Bound {
  if (operator === 'LIKE') return compileLike(field, literal);
  const value = literalValue(field, literal);
  const exact = operator === '=' || operator === '!=';
  const negation = operator === '!=' ? 'NOT ' : '';
  if (value === null) {
    if (!exact) throw invalidField(`invalid operator on null: ${operator}`);
    return { sql: `"${field.name}" IS ${negation}NULL`, values: [] };
  }
  if (exact && field.name === 'Id') return { sql: `id_identity IS ${negation}?`, values: [idIdentity(String(value))] };
  if (exact) return { sql: `"${field.name}" IS ${negation}?`, values: [value] };
  return { sql: `"${field.name}" ${operator} ?`, values: [value] };
}

function compileIn(field: OrgField, negated: boolean, literals: readonly Literal[]): Bound {
  const all = literals.map((literal) => literalValue(field, literal));
  const values = all.filter((value) => value !== null);
  const column = field.name === 'Id' ? 'id_identity' : `"${field.name}"`;
  const bound = field.name === 'Id' ? values.map((value) => idIdentity(String(value))) : values;
  const list = `${column} IN (${bound.map(() => '?').join(', ')})`;
  const sql = all.length > values.length ? `(${list} OR ${column} IS NULL)` : list;
  return { sql: negated ? `NOT coalesce(${sql}, 0)` : sql, values: bound };
}

function compileCondition(object: OrgObject, condition: Condition): Bound {
  if (condition.kind === 'compare') return compileCompare(requireField(object, condition.field), condition.operator, condition.literal);
  if (condition.kind === 'in') return compileIn(requireField(object, condition.field), condition.negated, condition.literals);
  if (condition.kind === 'not') {
    const part = compileCondition(object, condition.part);
    return { sql: `NOT coalesce(${part.sql}, 0)`, values: part.values };
  }
  const parts = condition.parts.map((part) => compileCondition(object, part));
  const word = condition.kind === 'and' ? ' AND ' : ' OR ';
  return { sql: `(${parts.map((part) => part.sql).join(word)})`, values: parts.flatMap((part) => part.values) };
}

function compileFields(object: OrgObject, select: readonly Selected[], limit: number | null): OrgField[] {
  const fields = select.flatMap((selected): OrgField[] => {
    if (selected.kind === 'aggregate') return [];
    if (selected.kind === 'field') return [requireField(object, selected.name)];
    if (selected.group !== 'STANDARD' && (limit === null || limit > 200)) {
      throw malformedQuery('The SOQL FIELDS function must have a LIMIT of at most 200');
    }
    return object.fields.filter((field) => {
      const inGroup = selected.group === 'ALL' || field.name.endsWith('__c') === (selected.group === 'CUSTOM');
      return field.visible !== false && inGroup;
    });
  });
  const repeated = fields.find((field, index) => fields.indexOf(field) !== index);
  if (repeated) throw invalidField(`duplicate field selected: ${repeated.name}`);
  return fields;
}

function compileAggregates(object: OrgObject, select: readonly Selected[]): AggregateColumn[] | null {
  const aggregates = select.flatMap((selected) => (selected.kind === 'aggregate' ? [selected] : []));
  if (aggregates.length === 0) return null;
  if (aggregates.length < select.length) throw malformedQuery('Field must be grouped or aggregated');
  if (aggregates.some((one) => one.field === null)) {
    if (aggregates.length > 1) throw malformedQuery('COUNT() must be the only element in the SELECT list');
    return [];
  }
  return aggregates.map((one, index) => {
    const column = `"${requireField(object, one.field ?? 'Id').name}"`;
    const sql = one.name === 'COUNT_DISTINCT' ? `COUNT(DISTINCT ${column})` : `${one.name}(${column})`;
    return { alias: one.alias ?? `expr${index}`, sql };
  });
}

/**
 * Translates a SOQL query to bound SQL.
 *
 * Shape:  text comparisons ignore letter case except on case-sensitive fields; an empty text is null; `!=` and `NOT IN` also find nulls;
 *         an id compares equal in both spellings. Rows without ORDER BY come by Id.
 * Errors: throws the org's refusal: INVALID_TYPE for the object, INVALID_FIELD for a field or a literal of another type.
 */
export function compileSoql(schema: readonly OrgObject[], query: SoqlQuery): CompiledQuery {
  const object = findObject(schema, query.from);
  if (!object) {
    throw new OrgRefusal(400, 'INVALID_TYPE', `sObject type '${query.from}' is not supported.`);
  }
  if ((query.offset ?? 0) > 2000) throw new OrgRefusal(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  const where = query.where ? compileCondition(object, query.where) : { sql: '1', values: [] };
  const terms = query.orderBy.map((term) => {
    const field = requireField(object, term.field);
    return `"${field.name}" ${term.descending ? 'DESC' : 'ASC'} NULLS ${term.nullsLast ? 'LAST' : 'FIRST'}`;
  });
  const [first] = query.orderBy;
  const byId = query.orderBy.length === 1 && first?.field.toLowerCase() === 'id' && !first.descending;
  return {
    object,
    fields: compileFields(object, query.select, query.limit),
    aggregates: compileAggregates(object, query.select),
    where: where.sql,
    values: where.values,
    orderBy: byId ? '' : terms.join(', '),
    limit: query.limit,
    offset: query.offset,
  };
}
