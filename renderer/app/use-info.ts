import type { AppInfo } from '../../shared/contract.ts';
import { useQueryCall } from '../api/query-call.ts';

/** What holds for the whole app; undefined until the core has answered once. */
export function useInfo(): AppInfo | undefined {
  return useQueryCall('app.info', {}, { keepPrevious: true }).data;
}
