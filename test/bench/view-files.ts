import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceCounts, Warehouse, WarehouseRow, WarehouseView } from '../../electron/core/ports.ts';
import { rowMaker, viewColumns } from '../../electron/warehouse-views/view-columns.ts';

/** The views that a refresh reads. */
const viewsRead: readonly WarehouseView[] = ['rds_properties_enriched', 'product_property', 'properties_to_create', 'properties_to_update', 'sync_monitoring_dashboard'];

interface ViewsInfo {
  counts: SourceCounts;
  rows: Partial<Record<WarehouseView, number>>;
}

const viewFile = (folder: string, view: WarehouseView): string => join(folder, `${view}.rows`);
/** Another form of the files has another name, so that what a run before has kept is never misread. */
const infoFile = (folder: string): string => join(folder, 'views-2.json');

/** True when the files of all views are there. */
export function hasViewFiles(folder: string): boolean {
  return existsSync(infoFile(folder));
}

/**
 * Writes the rows that a refresh reads into files, from which they cost about what taking batches over from an adapter's
 * thread does.
 *
 * Shape:  one file per view: batches of rows in JSON, each after its length in four bytes; cells in the order of the view's columns.
 */
export async function writeViewFiles(warehouse: Warehouse, folder: string): Promise<void> {
  const signal = new AbortController().signal;
  const counts = await warehouse.prepare({ signal, onProgress: () => {} });
  const rows: ViewsInfo['rows'] = {};
  for (const view of viewsRead) {
    const file = openSync(viewFile(folder, view), 'w');
    const columns = viewColumns[view].map(({ name }) => name);
    let count = 0;
    for await (const batch of warehouse.readView(view, { signal })) {
      writeFrame(file, batch.map((row) => columns.map((column) => row[column] ?? null)));
      count += batch.length;
    }
    rows[view] = count;
    closeSync(file);
  }
  writeFileSync(infoFile(folder), JSON.stringify({ counts, rows } satisfies ViewsInfo));
}

/** A warehouse whose views are ready: the files that `writeViewFiles` wrote. */
export function warehouseOfFiles(folder: string): Warehouse {
  const info = JSON.parse(readFileSync(infoFile(folder), 'utf8')) as ViewsInfo;
  return {
    prepare: async () => info.counts,
    fingerprint: async () => folder,
    countView: async (view) => info.rows[view] ?? 0,
    async *readView(view) {
      const toRow = rowMaker(view);
      for (const rows of rowsOfFile(folder, view)) yield rows.map(toRow);
    },
    close: async () => {},
  };
}

/** Batches of rows, each in the order of the view's columns. */
export function* rowsOfFile(folder: string, view: WarehouseView): Generator<WarehouseRow[string][][]> {
  const file = openSync(viewFile(folder, view), 'r');
  try {
    for (let batch = readFrame(file); batch !== null; batch = readFrame(file)) yield batch as WarehouseRow[string][][];
  } finally {
    closeSync(file);
  }
}

/** How many rows each view has. */
export function countsOfFiles(folder: string): ViewsInfo['rows'] {
  return (JSON.parse(readFileSync(infoFile(folder), 'utf8')) as ViewsInfo).rows;
}

function writeFrame(file: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  writeSync(file, length);
  writeSync(file, body);
}

function readFrame(file: number): unknown {
  const length = Buffer.alloc(4);
  if (readSync(file, length) < length.length) return null;
  const body = Buffer.alloc(length.readUInt32LE());
  readSync(file, body);
  return JSON.parse(body.toString('utf8'));
}
