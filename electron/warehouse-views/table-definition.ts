import { readViewSql } from './read-views.ts';

export interface TableColumn {
  name: string;
  /** With its length, in capitals: `VARCHAR(64)`, `BIGINT`. */
  type: string;
  isNullable: boolean;
}

export interface TableConstraint {
  name: string;
  /** What CHECK holds between its parentheses. */
  condition: string;
}

/** The audit table as its text in the repository defines it. */
export interface TableDefinition {
  columns: readonly TableColumn[];
  constraints: readonly TableConstraint[];
}

const columnLine = /^ {2}([a-z_]+) ([A-Z]+(?:\(\d+\))?)( NOT NULL)?,?$/u;
const constraintLine = /^ {2}CONSTRAINT ([a-z_0-9]+) CHECK \((.+)\),?$/u;

/**
 * Takes the text of `property_sync_audit_log` apart, so that the table can be made where constraints are added by
 * statements of their own.
 *
 * Shape:  the text after its comment is `CREATE TABLE IF NOT EXISTS {{name}} (`, the columns one a line, the constraints
 *         one a line, and `)`.
 * Errors: throws at the first line that has another form: a line that was overlooked would be a rule that is not deployed.
 */
export function readTableDefinition(sql: string = readViewSql('property_sync_audit_log')): TableDefinition {
  const [first, ...lines] = withoutLeadingComment(sql).trimEnd().split('\n');
  if (!/^CREATE TABLE IF NOT EXISTS \S+ \($/u.test(first ?? '')) throw new Error(`The audit table begins with an unexpected line: ${first}`);
  if (lines.pop() !== ')') throw new Error('The audit table does not end with its parenthesis.');
  const columns: TableColumn[] = [];
  const constraints: TableConstraint[] = [];
  for (const line of lines) {
    const column = columnLine.exec(line);
    const constraint = constraintLine.exec(line);
    if (column && constraints.length === 0) columns.push({ name: column[1] ?? '', type: column[2] ?? '', isNullable: column[3] === undefined });
    else if (constraint) constraints.push({ name: constraint[1] ?? '', condition: constraint[2] ?? '' });
    else throw new Error(`The audit table has an unexpected line: ${line}`);
  }
  return { columns, constraints };
}

/** Takes off the comment that a text begins with, as Spark does with the text of a view. */
export function withoutLeadingComment(sql: string): string {
  return sql.replace(/^(?:\s*--[^\n]*(?:\n|$))*\s*/u, '');
}
