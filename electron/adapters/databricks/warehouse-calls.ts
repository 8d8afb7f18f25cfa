import type { ViewColumn } from '../../warehouse-views/view-columns.ts';
import type { Cell } from './read-row.ts';
import type { RetryLimits } from './retry.ts';
import type { Parameters, SqlAddress } from './sql-session.ts';

/** What the Databricks worker is started with. */
export interface DatabricksWorkerData {
  address: SqlAddress;
  limits: RetryLimits;
}

/** A statement with the beginning of the sentence that is told when it fails. */
interface Statement {
  sql: string;
  what: string;
}

/** What the worker can be asked, by name, with the answer it gives. */
export type DatabricksCalls = {
  /** `sql` gives one text column `r`: the row as a JSON list of texts, in the order of `columns`. */
  openRows: { input: Statement & { columns: readonly ViewColumn[]; from: string }; output: number };
  /** At most 1,000 rows; none is the end. Every cursor is closed by `closeRows`. */
  nextRows: { input: number; output: Cell[][] };
  closeRows: { input: number; output: null };
  /** Columns must be texts: they are handed on as they come. */
  read: { input: Statement & { parameters: Parameters }; output: Record<string, string | null>[] };
  write: { input: Statement & { parameters: Parameters }; output: null };
  closeSession: { input: null; output: null };
};
