import type { ApiCall, Reply } from './api-call.ts';
import type { BulkJobs } from './bulk/bulk-jobs.ts';
import type { CallLog } from './call-log.ts';
import type { Faults } from './faults.ts';
import type { Tokens } from './oauth/tokens.ts';
import type { OrgStore, OrgUser } from './org-store.ts';
import type { QueryRunner } from './soql/run-query.ts';
import type { CallFaults } from './faults.ts';

/** Everything a running org's routes share. */
export interface OrgRuntime {
  store: OrgStore;
  tokens: Tokens;
  faults: Faults;
  queries: QueryRunner;
  jobs: BulkJobs;
  calls: CallLog;
  pageSize: number;
  dailyApiLimit: number;
  /** Refuses a whole call for a wrong JSON type, not only its record. */
  wrongTypeFails: 'record' | 'call';
  /** API calls counted so far. */
  apiUsed: () => number;
}

/** One signed-in call on its way to a route. */
export interface RouteContext {
  runtime: OrgRuntime;
  call: ApiCall;
  user: OrgUser;
  /** `/services/data/vXX.X`. */
  base: string;
  version: string;
  /** The decoded captures of the route's pattern. */
  params: readonly string[];
  injected: CallFaults['injected'];
  /** Answers another call on the same terms, as Composite does. */
  dispatch: (call: ApiCall) => Reply;
}

export interface Route {
  method: string;
  /** Tested on the path below `/services/data/vXX.X`. */
  pattern: RegExp;
  answer: (context: RouteContext) => Reply;
}
