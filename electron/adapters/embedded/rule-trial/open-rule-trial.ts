import { AppFailure } from '../../../core/app-failure.ts';
import type { RuleTrial } from '../../../core/warehouse-ports.ts';

export interface RuleTrialOptions {
  /** The workspace's cache, which is only read. */
  cacheFile: string;
  /** Where the scratch database is made. */
  scratchFile: string;
}

/** Opens the scratch copy in which other rules are tried. */
export function openRuleTrial(_: RuleTrialOptions): RuleTrial {
  const notYet = async (): Promise<never> => {
    throw new AppFailure('not-available-here', 'Rules cannot be tried yet.');
  };
  return { draft: notYet, run: notYet, records: notYet, close: async () => {} };
}
