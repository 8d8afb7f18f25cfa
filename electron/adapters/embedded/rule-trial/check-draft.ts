import type { WhatIfView } from '../../../../shared/domain/what-if.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { fillPlaceholders } from '../../../warehouse-views/read-views.ts';
import { viewColumns } from '../../../warehouse-views/view-columns.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';
import { lineOfProblem } from './line-of-problem.ts';
import { readableFrom, type DraftText } from './trial-views.ts';

const oneSelect = 'The text of a view is one SELECT, which may begin with WITH.';
const beginning = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:select|with)\b/iu;

/**
 * Proves that a text can stand for a view: one SELECT that only reads and gives exactly the view's columns.
 *
 * Shape:  returns the text with the names of the scratch tables in place of its placeholders, without closing semicolon.
 * Errors: `invalid-input` with SQLite's message, `line` where it can be told, `missing` and `extra` columns.
 */
export function checkDraft(db: SqliteDatabase, { view, sql }: DraftText, nameOf: (placeholder: string) => string): string {
  const text = fillPlaceholders(sql, (placeholder) => {
    if (readableFrom[view].includes(placeholder)) return nameOf(placeholder);
    throw draftFailure(view, `{{${placeholder}}} cannot be read here. This view may read ${readableFrom[view].map((name) => `{{${name}}}`).join(', ')}.`, { line: lineOf(sql, `{{${placeholder}}}`) });
  }).replace(/[\s;]+$/u, '');
  // Looked at before SQLite sees it: some other statements take effect when they are prepared.
  if (!beginning.test(text)) throw draftFailure(view, oneSelect, { line: 1 });
  const statement = prepare(db, view, text);
  if (!statement.reader || !statement.readonly) throw draftFailure(view, `${oneSelect} This one would write.`, {});
  checkColumns(view, statement.columns().map(({ name }) => name));
  return text;
}

function prepare(db: SqliteDatabase, view: WhatIfView, text: string) {
  try {
    return db.prepare(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/more than one statement/u.test(message)) throw draftFailure(view, `${oneSelect} This text has more than one statement.`, {});
    const line = lineOfProblem(db, text, message);
    throw draftFailure(view, `${line === null ? '' : `Line ${line}: `}${message}.${hintOn(message)}`, { line, sqlite: message });
  }
}

function checkColumns(view: WhatIfView, found: readonly string[]): void {
  const expected = viewColumns[view].map(({ name }) => name);
  const missing = expected.filter((name) => !found.includes(name));
  const extra = found.filter((name, at) => !expected.includes(name) || found.indexOf(name) !== at);
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [...(missing.length === 0 ? [] : [`lacks ${missing.join(', ')}`]), ...(extra.length === 0 ? [] : [`has in addition ${extra.join(', ')}`])];
  throw draftFailure(view, `The result ${parts.join(' and ')}. It must have exactly the columns of the view, in any order.`, { missing, extra });
}

function hintOn(message: string): string {
  const table = /^no such table: (?:main\.)?(\w+)/u.exec(message)?.[1];
  if (table !== undefined) return ` Tables are named by placeholders, as {{rds_properties_enriched}}.`;
  if (message.startsWith('no such function')) return ' A trial runs on this machine, with the functions that the views of this version use.';
  if (message.startsWith('no such column: r.')) return ' Of product_property a snapshot keeps id, snappt_property_id_c, sf_property_id_c and is_deleted.';
  return '';
}

/** What is wrong with a draft; nothing was run or changed. */
export function draftFailure(view: string, problem: string, details: { line?: number | null; sqlite?: string; missing?: string[]; extra?: string[] }): AppFailure {
  return new AppFailure('invalid-input', `Plan B cannot be run. ${problem}`, { view, ...details });
}

function lineOf(sql: string, text: string): number {
  return sql.slice(0, sql.indexOf(text)).split('\n').length;
}
