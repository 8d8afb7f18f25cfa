import type { WarehouseView } from '../../core/ports.ts';
import type { CellValue } from './typed-rows.ts';
import type { MirrorRow } from './warehouse-database.ts';

/** What the warehouse worker is started with. */
export interface WarehouseWorkerData {
  file: string;
  source: string | undefined;
  auditFile: string | undefined;
}

/** What the worker can be asked, by name, with the answer it gives. */
export type WarehouseCalls = {
  loadSource: { input: null; output: { properties: number; propertyFeatures: number; notices: string[] } };
  loadMirrorFile: { input: null; output: { productProperty: number; notices: string[] } };
  addMirrorRows: { input: readonly MirrorRow[]; output: null };
  buildViews: { input: null; output: { productProperty: number; notices: string[] } };
  count: { input: WarehouseView; output: number };
  openView: { input: WarehouseView; output: number };
  /** An empty batch is the end; the cursor is gone then. Errors: throws for a cursor that is gone. */
  nextRows: { input: number; output: CellValue[][] };
  closeView: { input: number; output: null };
  close: { input: null; output: null };
};
