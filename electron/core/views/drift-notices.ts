import type { Warehouse } from '../ports.ts';
import type { WarehouseObjects } from '../warehouse-ports.ts';
import { verifyViews } from './verify-views.ts';

/**
 * A warehouse that says with every refresh which deployed views are not those of this version: what is pending then was
 * chosen by other rules than the ones that the Rules screen shows.
 *
 * Errors: as the warehouse's own; a view whose text this user may not read gives no notice.
 */
export function withDriftNotices(warehouse: Warehouse, objects: WarehouseObjects): Warehouse {
  return {
    ...warehouse,
    async prepare(options) {
      const counts = await warehouse.prepare(options);
      const { views } = await verifyViews(objects, options.signal);
      const drift = views.filter(({ kind, state }) => kind === 'view' && state === 'differs').map(({ name, differences }) => `${name} as it is deployed differs from this version in ${differences.length} ${differences.length === 1 ? 'line' : 'lines'}: its rules chose what is pending now. Look with "countersign views verify".`);
      return { ...counts, notices: [...counts.notices, ...drift] };
    },
  };
}
