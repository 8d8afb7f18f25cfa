import type { FieldValue } from '../../../../shared/domain/field-value.ts';
import { kinds, type Kind } from '../../../../shared/domain/pending-change.ts';
import type { StoredOrgRecord, WarehouseRow } from '../../../core/ports.ts';
import { buildCandidate, keyOf, type CandidateShape } from '../../../core/snapshot/build-candidate.ts';
import { rowMaker, viewColumns } from '../../../warehouse-views/view-columns.ts';
import type { SqliteDatabase } from '../../sqlite/open-database.ts';
import { typedRows, type CellValue } from '../typed-rows.ts';
import type { PlanSide, TableNames } from './build-views.ts';

/** What Salesforce has now under the key of an update; `gone`: no record, so that the update is left out; `unknown`: not known here. */
export type Current = { values: readonly FieldValue[] } | 'gone' | 'unknown';

export interface PlanInput {
  side: PlanSide;
  nameOf: TableNames;
  shape: CandidateShape;
  currentOf(key: string, row: WarehouseRow): Current;
  onRows(count: number): void;
}

const batchRows = 1_000;

/**
 * Compares the rows of both pending sets with what Salesforce has, by the same code as a refresh, into table `plan_a` or `plan_b`.
 *
 * Shape:  of several rows with one key the first counts, as in a refresh. A record whose current values are not known counts as pending.
 * Errors: throws on a row without key, or with lists that are none.
 */
export function buildPlan(db: SqliteDatabase, { side, nameOf, shape, currentOf, onRows }: PlanInput): void {
  db.exec(`CREATE TABLE plan_${side} (
    kind TEXT NOT NULL, key TEXT NOT NULL, is_pending INTEGER NOT NULL, priority TEXT NOT NULL, hash TEXT NOT NULL, name TEXT, record_id TEXT,
    is_known INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, changes TEXT NOT NULL, contributors TEXT NOT NULL, PRIMARY KEY (kind, key)
  ) WITHOUT ROWID`);
  const insert = db.prepare(`INSERT INTO plan_${side} VALUES (${Array.from({ length: 12 }, () => '?').join(', ')})`);
  db.exec('BEGIN');
  for (const kind of kinds) {
    let last: string | null = null;
    for (const row of readRows(db, kind, nameOf, onRows)) {
      const key = keyOf(row);
      if (key === last) continue;
      last = key;
      const current = kind === 'create' ? null : currentOf(key, row);
      if (current === 'gone') continue;
      const recordId = kind === 'create' ? null : String(row['record_id'] ?? '');
      const change = buildCandidate(shape, kind, row, recordFor(current, key, recordId));
      const isPending = change.isPending || current === 'unknown';
      insert.run(kind, key, isPending ? 1 : 0, change.priority, change.contentHash, change.name, recordId, current === 'unknown' ? 0 : 1, ...[change.before, change.after, change.changes, change.contributors].map((list) => JSON.stringify(list)));
    }
  }
  db.exec('COMMIT');
}

function recordFor(current: Current | null, key: string, id: string | null): StoredOrgRecord | null {
  if (current === null || id === null) return null;
  return { key, id, productionId: null, values: typeof current === 'object' ? current.values : [] };
}

/** In pages, for SQLite writes nothing on a connection on which a statement is being read. */
function* readRows(db: SqliteDatabase, kind: Kind, nameOf: TableNames, onRows: (count: number) => void): Generator<WarehouseRow> {
  const view = `properties_to_${kind}` as const;
  const columns = viewColumns[view];
  const toRow = rowMaker(view);
  const page = db.prepare(`SELECT ${columns.map(({ name }) => name).join(', ')}, rowid FROM ${nameOf(view)} WHERE rowid > ? ORDER BY rowid LIMIT ${batchRows}`).raw();
  let after = 0;
  for (;;) {
    const rows = page.all(after) as CellValue[][];
    if (rows.length === 0) return;
    after = Number(rows.at(-1)?.at(-1));
    for (const cells of typedRows(() => rows, columns)) yield toRow(cells);
    onRows(rows.length);
  }
}
