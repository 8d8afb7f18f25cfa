import type { PlanRecord } from '../../../shared/domain/plan.ts';
import { canonicalJson } from '../canonical.ts';
import type { PlannableChange } from '../ports.ts';
import { planRecordOf } from './batch-deps.ts';

/**
 * How a record of a frozen plan stands in the current snapshot.
 *
 * Shape:  `left-out`: its content is that of the plan, but a field that the plan sends is left out by a decision since. `changed`:
 *         the plan asks for something else than what is pending now, also when a field was taken in again.
 * Errors: never throws.
 */
export function standsAs(planned: PlanRecord, change: PlannableChange | null): 'same' | 'left-out' | 'changed' {
  if (change === null) return 'changed';
  const text = canonicalJson(planRecordOf(planned));
  if (text === canonicalJson(planRecordOf(change))) return 'same';
  const stillPlanned = Object.entries(change.leftOut).filter(([field]) => Object.hasOwn(planned.fields, field));
  return stillPlanned.length > 0 && text === canonicalJson(planRecordOf({ ...change, fields: { ...change.fields, ...Object.fromEntries(stillPlanned) } })) ? 'left-out' : 'changed';
}
