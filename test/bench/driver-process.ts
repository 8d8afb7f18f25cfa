/**
 * A warehouse of its own process for the bench: the stand-in, answering from the files of ready view rows.
 *
 * Call:  node driver-process.ts FOLDER SCRATCH-FILE FORMAT; prints its address in one line.
 */
import type { WarehouseView } from '../../electron/core/ports.ts';
import { viewColumns, type ViewColumnKind } from '../../electron/warehouse-views/view-columns.ts';
import { StandInEngine, type Answer, type Value } from '../stand-in/engine.ts';
import { startStandIn } from '../stand-in/start-stand-in.ts';
import { countsOfFiles, rowsOfFile } from './view-files.ts';

type Cell = string | number | boolean | null;

const texts: Readonly<Record<ViewColumnKind, (value: Exclude<Cell, null>) => string>> = {
  text: String,
  number: String,
  boolean: String,
  instant: (value) => String(value).replace('T', ' ').slice(0, -1),
};

/** Takes the statements of a refresh; everything else goes to SQLite. */
class FilesEngine extends StandInEngine {
  readonly #folder: string;

  constructor(file: string, folder: string) {
    super(file);
    this.#folder = folder;
  }

  override execute(sql: string, parameters: Readonly<Record<string, Value>>): Answer {
    const view = /FROM \S+\.(\w+)/u.exec(sql)?.[1] as WarehouseView | undefined;
    const answer = (columns: string[], rows: Iterable<Value[]>): Answer => ({ columns, rows, close: () => {} });
    if (sql.startsWith('SELECT to_json(') && view !== undefined) return answer(['r'], this.#rows(view));
    if (sql.startsWith('SELECT CAST(COUNT(*) AS STRING) AS n') && view !== undefined) return answer(['n'], [[String(countsOfFiles(this.#folder)[view === 'properties' ? 'rds_properties_enriched' : view] ?? 0)]]);
    if (sql.includes('xxhash64')) return answer(['t', 'n', 's'], [['files', '1', '1']]);
    return super.execute(sql, parameters);
  }

  *#rows(view: WarehouseView): Generator<Value[]> {
    const toText = viewColumns[view].map(({ kind }) => texts[kind]);
    for (const rows of rowsOfFile(this.#folder, view)) {
      for (const row of rows) yield [JSON.stringify(row.map((value, at) => (value === null ? null : toText[at]?.(value))))];
    }
  }
}

const [folder = '', file = '', format = 'arrow'] = process.argv.slice(2);
const standIn = await startStandIn({ engine: new FilesEngine(file, folder), format: format === 'columns' ? 'columns' : 'arrow' });
console.log(standIn.address);
