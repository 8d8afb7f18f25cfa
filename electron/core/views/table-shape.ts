import type { AuditTableDefinition } from '../../warehouse-views/deploy-statements.ts';
import type { TableConstraint } from '../../warehouse-views/table-definition.ts';
import type { DeployedObject } from '../warehouse-ports.ts';

const constraintPrefix = 'delta.constraints.';

/** What counts of a table when two are compared. */
export interface TableShape {
  /** One line each: `event_id VARCHAR(64) NOT NULL`. */
  columns: readonly string[];
  constraints: readonly TableConstraint[];
  /** Only those that this version sets. */
  properties: Readonly<Record<string, string>>;
}

/** The table as this version makes it. */
export function expectedShape({ columns, constraints, properties }: AuditTableDefinition): TableShape {
  return { columns: columns.map(({ name, type, isNullable }) => columnLine(name, type, isNullable)), constraints, properties };
}

/**
 * The table as it is deployed, in the order of the expected one as far as it can be.
 *
 * Shape:  what a warehouse spells in its own way (capitals, white space and outer parentheses of a condition) or does not tell
 *         (nullability) is written as expected.
 * Source: Delta keeps a constraint as property `delta.constraints.<name in small letters>` whose value is the condition.
 */
export function deployedShape(table: AuditTableDefinition, { columns, properties }: DeployedObject): TableShape {
  const nullable = new Map(table.columns.map(({ name, isNullable }) => [name, isNullable]));
  const wanted = new Map(table.constraints.map(({ name, condition }) => [name, condition]));
  const found = new Map(
    Object.entries(properties)
      .filter(([name]) => name.toLowerCase().startsWith(constraintPrefix))
      .map(([name, condition]) => [name.slice(constraintPrefix.length).toLowerCase(), condition]),
  );
  const names = [...[...wanted.keys()].filter((name) => found.has(name)), ...[...found.keys()].filter((name) => !wanted.has(name)).toSorted()];
  return {
    columns: columns.map(({ name, type, isNullable }) => columnLine(name.toLowerCase(), type, isNullable ?? nullable.get(name.toLowerCase()) ?? true)),
    constraints: names.map((name) => {
      const condition = found.get(name) ?? '';
      const expected = wanted.get(name);
      return { name, condition: expected !== undefined && plainCondition(expected) === plainCondition(condition) ? expected : condition };
    }),
    properties: Object.fromEntries(Object.keys(table.properties).flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]]))),
  };
}

/** The shape as a text that people read: columns, then constraints, then properties, one a line. */
export function shapeText({ columns, constraints, properties }: TableShape): string {
  return [...columns, ...constraints.map(constraintLine), ...Object.entries(properties).map(([name, value]) => `PROPERTY ${name} = ${value}`)].join('\n');
}

export function constraintLine({ name, condition }: TableConstraint): string {
  return `CONSTRAINT ${name} CHECK (${condition})`;
}

function columnLine(name: string, type: string, isNullable: boolean): string {
  return `${name} ${type.replaceAll(' ', '').toUpperCase()}${isNullable ? '' : ' NOT NULL'}`;
}

function plainCondition(condition: string): string {
  let plain = condition.replace(/[\s`]/gu, '').toLowerCase();
  while (plain.startsWith('(') && closesAtEnd(plain)) plain = plain.slice(1, -1);
  return plain;
}

/** True when the parenthesis that a text begins with is closed by its last character. */
function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}
