import * as z from 'zod';
import type { CallParsed } from '../../../../shared/contract.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { joinsOf, type FilterSql } from './filter-sql.ts';

export type SortOrder = CallParsed<'pending.page'>['sort'];

/** Undecided first: that is where the work is. */
const decisionRank = "CASE COALESCE(d.decision, 'none') WHEN 'none' THEN 0 WHEN 'hold' THEN 1 WHEN 'approve' THEN 2 ELSE 3 END";

const columnsOf: Readonly<Record<SortOrder, readonly string[]>> = {
  risk: ['p.risk', 'p.key', 'p.position'],
  priority: ['p.priority', 'p.key', 'p.position'],
  kind: ['p.position'],
  name: ['p.sort_name', 'p.key', 'p.position'],
  company: ['p.sort_company', 'p.key', 'p.position'],
  contributors: ['p.contributor_count', 'p.key', 'p.position'],
  decision: [decisionRank, 'p.key', 'p.position'],
  changes: ['p.change_count', 'p.key', 'p.position'],
  key: ['p.key', 'p.kind'],
  state: ['p.state', 'p.key', 'p.position'],
  checks: ['p.blockers', 'p.warnings', 'p.key', 'p.position'],
  progress: ['p.key', 'p.position'],
};

const cursorSchema = z.tuple([z.string(), z.boolean()]).rest(z.union([z.string(), z.number()]));

/** One sort order in SQL: what to select for the cursor, what to sort by, and the condition that starts after a cursor. */
export interface PendingOrder {
  columns: readonly string[];
  orderBy: string;
  usesDecision: boolean;
  after(cursor: string): { where: string; params: unknown[] };
  cursor(values: readonly unknown[]): string;
}

/**
 * The order of a page. Every order ends in something unique, so that a cursor names one place.
 *
 * Errors: `after` throws `invalid-input` for a text that is no cursor of this order.
 */
export function pendingOrder(sort: SortOrder, descending: boolean): PendingOrder {
  const columns = columnsOf[sort];
  return {
    columns,
    orderBy: columns.map((column) => `${column}${descending ? ' DESC' : ''}`).join(', '),
    usesDecision: sort === 'decision',
    after(cursor) {
      const values = readCursor(cursor, sort, descending);
      if (values.length !== columns.length) throw notACursor();
      const marks = columns.map(() => '?').join(', ');
      return { where: `(${columns.join(', ')}) ${descending ? '<' : '>'} (${marks})`, params: values };
    },
    cursor: (values) => Buffer.from(JSON.stringify([sort, descending, ...values]), 'utf8').toString('base64url'),
  };
}

/** Finds the places of one page: position and cursor values. Parameters: those of the filter, of the cursor, limit, offset. */
export function pageSql(ledger: string, order: PendingOrder, filter: FilterSql, after: string): string {
  const joins = joinsOf(ledger, { ...filter, usesDecision: filter.usesDecision || order.usesDecision });
  return `SELECT p.position, ${order.columns.join(', ')} FROM pending p ${joins} WHERE ${filter.where} AND ${after} ORDER BY ${order.orderBy} LIMIT ? OFFSET ?`;
}

function readCursor(cursor: string, sort: SortOrder, descending: boolean): (string | number)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: told below like any other text that is no cursor.
    parsed = null;
  }
  const read = cursorSchema.safeParse(parsed);
  if (!read.success) throw notACursor();
  const [cursorSort, cursorDescending, ...values] = read.data;
  if (cursorSort !== sort || cursorDescending !== descending) throw notACursor();
  return values;
}

function notACursor(): AppFailure {
  return new AppFailure('invalid-input', 'The cursor does not belong to this order. Start again without it.');
}
