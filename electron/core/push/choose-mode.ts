import type { PushMode, Run } from '../../../shared/domain/batch.ts';
import type { Policy } from '../../../shared/domain/policy.ts';

/** The mode of a run and why, in a sentence for people. */
export interface ChosenMode {
  mode: Run['mode'];
  why: string;
}

/**
 * Chooses how a plan is pushed.
 *
 * Shape:  `auto` takes collections up to the policy's threshold and Bulk API 2.0 above it. Strict mode is never chosen by
 *         itself: it takes eight times the calls.
 */
export function chooseMode(asked: PushMode, planned: number, policy: Pick<Policy, 'bulkThreshold'>): ChosenMode {
  if (asked !== 'auto') return { mode: asked, why: `Asked for: ${reasons[asked]}` };
  if (planned > policy.bulkThreshold) return { mode: 'bulk', why: `${planned} records are more than the ${policy.bulkThreshold} from which jobs are used: ${reasons.bulk}` };
  return { mode: 'collections', why: `${planned} records are no more than the ${policy.bulkThreshold} from which jobs are used: ${reasons.collections}` };
}

const reasons: Readonly<Record<Run['mode'], string>> = {
  collections: 'calls of up to 200 records answer at once, record by record.',
  strict: 'every update is refused by Salesforce itself when its record was changed since it was last read.',
  bulk: 'jobs of Bulk API 2.0 take few API calls, but run when Salesforce finds the time.',
};
