import { whatIfViews, type WhatIfView } from '../../../../shared/domain/what-if.ts';
import { readViewSql, fillPlaceholders } from '../../../warehouse-views/read-views.ts';
import { viewColumns, viewOrder } from '../../../warehouse-views/view-columns.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';
import { checkDraft, draftFailure } from './check-draft.ts';
import { openScratch } from '../scratch-database.ts';
import { createSourceTables, sourceNames } from './load-source.ts';
import type { DraftText } from './trial-views.ts';

export type PlanSide = 'a' | 'b';

/** Faults of this machine, not of a draft. */
const machineFaults = /^SQLITE_(?:FULL|IOERR|NOMEM|CORRUPT|CANTOPEN|NOTADB)/u;

/** Names of the scratch tables by placeholder. */
export type TableNames = (placeholder: string) => string;

/** Builds the rows of the three views as plan A has them, and answers with the names of their tables. */
export function buildAsIs(db: SqliteDatabase): TableNames {
  const nameOf = tableNames({});
  for (const view of whatIfViews) createTable(db, 'a', view, fillPlaceholders(readViewSql(view), nameOf));
  return nameOf;
}

/** Looks at a draft before any row is loaded, so that a slip in it is told at once. Errors: as `checkDraft`. */
export function proveDraft(draft: DraftText): void {
  const empty = openScratch('');
  try {
    createSourceTables(empty);
    checkDraft(empty, draft, buildAsIs(empty));
  } finally {
    empty.close();
  }
}

/**
 * Builds the rows that a draft makes different: those of its view and of the views that read it. The others are plan A's.
 *
 * Shape:  a draft that gives more rows than `mostRows` is stopped there: a join without its condition would fill the disk.
 * Errors: `invalid-input` for a draft that cannot stand for its view or fails while it runs.
 */
export function buildDrafted(db: SqliteDatabase, draft: DraftText, mostRows: number): TableNames {
  const isFirst = draft.view === 'properties_aggregated_by_sfdc_id';
  const built = isFirst ? whatIfViews : [draft.view];
  const nameOf = tableNames(Object.fromEntries(built.map((view) => [view, `b_${view}`])));
  const text = checkDraft(db, draft, nameOf);
  try {
    createTable(db, 'b', draft.view, `SELECT * FROM (\n${text}\n) LIMIT ${mostRows + 1}`);
  } catch (error) {
    throw asDraftFailure(draft.view, error);
  }
  const rows = db.prepare(`SELECT COUNT(*) FROM b_${draft.view}`).pluck().get() as number;
  if (rows > mostRows) throw draftFailure(draft.view, `It gives more than ${mostRows} rows, more than there are properties and records. A join may lack its condition.`, {});
  for (const view of built) if (view !== draft.view) createTable(db, 'b', view, fillPlaceholders(readViewSql(view), nameOf));
  return nameOf;
}

/** What a draft's own expressions fail with is the draft's fault; what the machine fails with is not. */
export function asDraftFailure(view: WhatIfView, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (!(error instanceof Error) || (typeof code === 'string' && machineFaults.test(code))) return error;
  return draftFailure(view, `It stopped while it ran: ${error.message}.`, { sqlite: error.message });
}

function tableNames(drafted: Readonly<Record<string, string>>): TableNames {
  return (placeholder) => drafted[placeholder] ?? (placeholder in sourceNames ? sourceNames[placeholder as keyof typeof sourceNames] : `a_${placeholder}`);
}

/** Rows stand in the order in which the app reads them, so that `rowid` is that order. */
function createTable(db: SqliteDatabase, side: PlanSide, view: WhatIfView, text: string): void {
  const columns = viewColumns[view].map(({ name }) => name).join(', ');
  db.exec(`CREATE TABLE ${side}_${view} AS SELECT ${columns} FROM (\n${text}\n) ORDER BY ${viewOrder[view].join(', ')}`);
  if (view === 'properties_aggregated_by_sfdc_id') db.exec(`CREATE INDEX ${side}_group_by_sfdc_key ON ${side}_${view} (sfdc_key)`);
}
