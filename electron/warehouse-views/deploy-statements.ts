import { viewNames, type ViewName } from '../../shared/domain/warehouse.ts';
import { readViewSql, renderView } from './read-views.ts';
import { readTableDefinition, withoutLeadingComment, type TableConstraint, type TableDefinition } from './table-definition.ts';

/** Placeholder of a view's text -> qualified name. */
export type Names = Readonly<Record<string, string>>;

/** One object as this version deploys it on Databricks. */
export type ObjectDefinition = ViewDefinition | AuditTableDefinition;

export interface ViewDefinition {
  name: ViewName;
  kind: 'view';
  qualifiedName: string;
  /** As it is compared with what is deployed: without leading comment. */
  text: string;
  create: string;
}

export interface AuditTableDefinition extends TableDefinition {
  name: ViewName;
  kind: 'table';
  qualifiedName: string;
  properties: Readonly<Record<string, string>>;
  /** Makes the table without its constraints. */
  create: string;
}

/**
 * `delta.appendOnly` refuses UPDATE and DELETE. `delta.isolationLevel`: the default (WriteSerializable) lets two appends that
 * overlap both succeed, each having looked for the event id before the other wrote it; Serializable makes one of them fail, so
 * that it is tried again and finds the event there.
 */
const auditTableProperties: Readonly<Record<string, string>> = { 'delta.appendOnly': 'true', 'delta.isolationLevel': 'Serializable' };

/**
 * The six objects as they are deployed on Databricks, each after the ones it reads from.
 *
 * Shape:  names: for every placeholder a plain qualified name, one to three parts of letters, digits and underscores.
 * Errors: throws on any other name, for it would have to be quoted, and the views are deployed without quoting.
 */
export function objectDefinitions(names: Names): ObjectDefinition[] {
  return viewNames.map((name) => {
    const qualifiedName = plainName(names, name);
    const rendered = renderView(name, Object.fromEntries(Object.keys(names).map((placeholder) => [placeholder, plainName(names, placeholder)])));
    if (name !== 'property_sync_audit_log') {
      return { name, kind: 'view', qualifiedName, text: comparableText(rendered), create: `CREATE OR REPLACE VIEW ${qualifiedName}\nCOMMENT ${literal(commentOf(name))}\nAS\n${rendered.trimEnd()}` };
    }
    const table = readTableDefinition(rendered);
    const suffix = `\nUSING DELTA\nCOMMENT ${literal(commentOf(name))}\nTBLPROPERTIES (${propertyList(auditTableProperties)})`;
    return { name, kind: 'table', qualifiedName, ...table, properties: auditTableProperties, create: createTableSql(qualifiedName, table) + suffix };
  });
}

/** The statement that makes the audit table without constraints, in words that every SQL engine here takes. */
export function createTableSql(qualifiedName: string, { columns }: TableDefinition): string {
  const lines = columns.map(({ name, type, isNullable }) => `  ${name} ${type}${isNullable ? '' : ' NOT NULL'}`);
  return `CREATE TABLE IF NOT EXISTS ${qualifiedName} (\n${lines.join(',\n')}\n)`;
}

/** The statement that adds one constraint; rows that are there already are checked against it. */
export function addConstraintSql(qualifiedName: string, { name, condition }: TableConstraint): string {
  return `ALTER TABLE ${qualifiedName} ADD CONSTRAINT ${name} CHECK (${condition})`;
}

/** The statement that sets properties of the table. */
export function setPropertiesSql(qualifiedName: string, properties: Readonly<Record<string, string>>): string {
  return `ALTER TABLE ${qualifiedName} SET TBLPROPERTIES (${propertyList(properties)})`;
}

/**
 * Every statement that makes an object where there is none.
 *
 * Source: Databricks takes CHECK constraints by ALTER TABLE only (docs.databricks.com, "Constraints on Databricks").
 */
export function statementsOf(object: ObjectDefinition): string[] {
  if (object.kind === 'view') return [object.create];
  return [object.create, ...object.constraints.map((constraint) => addConstraintSql(object.qualifiedName, constraint))];
}

/** The text of a view as it is compared: what a warehouse keeps begins at the first word and ends at the last. */
export function comparableText(sql: string): string {
  return withoutLeadingComment(sql).replace(/[\s;]+$/u, '');
}

function plainName(names: Names, placeholder: string): string {
  const name = names[placeholder] ?? '';
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2}$/u.test(name)) throw new Error(`${placeholder} needs a plain name of letters, digits and underscores, not "${name}".`);
  return name;
}

/** The first line of the comment that the text begins with. */
function commentOf(name: ViewName): string {
  return (readViewSql(name).split('\n', 1)[0] ?? '').replace(/^-- ?/u, '').trim();
}

/** A text as a literal of Spark SQL, where the backslash escapes. */
function literal(text: string): string {
  return `'${text.replace(/[\\']/gu, '\\$&')}'`;
}

function propertyList(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties).map(([name, value]) => `${literal(name)} = ${literal(value)}`).join(', ');
}
