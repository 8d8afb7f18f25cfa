import type { Route } from '../runtime.ts';

/** The org's Bulk API 2.0 jobs. */
export interface BulkJobs {
  routes: readonly Route[];
  /** Goes on with jobs that a stopped process left unfinished. */
  resume: () => void;
  /** Stops working on jobs; they stay as they are. */
  stop: () => void;
}

/** Makes the org's bulk jobs. */
export function createBulkJobs(_options: unknown): BulkJobs {
  return { routes: [], resume: () => undefined, stop: () => undefined };
}
