import { useQueryCall } from '../../api/query-call.ts';
import { decidedIn } from './filtered-counts.ts';

/** How many of the records of a filter, of which there are `matching`, are known to be approved already. */
export function useApprovedIn(filter: string, matching: number): number {
  const facets = useQueryCall('pending.facets', { filter }).data;
  return facets?.matching === matching ? decidedIn(facets, filter).approve : 0;
}
