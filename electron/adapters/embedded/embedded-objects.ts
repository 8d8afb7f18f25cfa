import { viewNames } from '../../../shared/domain/warehouse.ts';
import type { WarehouseObjects } from '../../core/warehouse-ports.ts';
import { AppFailure } from '../../core/app-failure.ts';

/** The embedded warehouse runs the texts of this version at every refresh, so that nothing is deployed. */
export function embeddedObjects(): WarehouseObjects {
  return {
    place: null,
    names: Object.fromEntries([...viewNames, 'properties', 'property_features', 'product_property'].map((name) => [name, name])),
    deployed: async () => new Map(),
    execute: async () => {
      throw new AppFailure('not-available-here', 'The embedded warehouse always runs the texts of this version; nothing is deployed there.');
    },
  };
}
