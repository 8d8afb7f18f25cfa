import type { DeployPlan } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../app-failure.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';

/** What a deployment would run. */
export async function planDeployment(_objects: WarehouseObjects, _signal: AbortSignal): Promise<DeployPlan> {
  throw new AppFailure('not-available-here', 'Deploying the views is being built.');
}
