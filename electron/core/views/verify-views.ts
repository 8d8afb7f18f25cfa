import type { ViewsReport } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../app-failure.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';

/** Compares what is deployed with the texts of this version. */
export async function verifyViews(_objects: WarehouseObjects, _signal: AbortSignal): Promise<ViewsReport> {
  throw new AppFailure('not-available-here', 'Verifying the views is being built.');
}
