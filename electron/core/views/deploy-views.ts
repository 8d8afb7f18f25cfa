import type { DeployPlan } from '../../../shared/domain/warehouse.ts';
import { AppFailure } from '../app-failure.ts';
import type { CallContext, Ledger } from '../ports.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';

/** Runs the plan that was shown. */
export async function deployViews(_deps: { objects: WarehouseObjects; ledger: Ledger }, _ctx: CallContext, _input: { expect: string }): Promise<DeployPlan> {
  throw new AppFailure('not-available-here', 'Deploying the views is being built.');
}
