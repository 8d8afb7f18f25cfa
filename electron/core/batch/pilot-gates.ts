import type { Batch, Gate } from '../../../shared/domain/batch.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { BatchDeps } from './batch-deps.ts';

/** A pilot's error rate must stay below this. */
const mostErrors = 0.01;

/** A batch of more records than this is a full batch. */
const fullBatchAbove = 100;

/** A pilot of more records than this is a full batch by another name. */
const pilotUpTo = 1_000;

/** True when a batch may be submitted only after a green pilot. */
export function isGated(batch: Batch, records: number, policy: BatchDeps['policy']): boolean {
  return policy.pilotGate && records > (batch.isPilot ? pilotUpTo : fullBatchAbove);
}

/**
 * The gates of the newest pilot that was pushed.
 *
 * Shape:  `resolved`: every record has an outcome; `error-rate`: failed out of planned, below 1 %; `read-back`: what was
 *         written reads back equal, and nothing was stale. Without a pushed pilot all three are shut, `pilotId` null.
 */
export async function readPilotGates(ledger: Ledger): Promise<Gate[]> {
  const pilot = (await ledger.batches()).find((batch) => batch.isPilot && batch.outcomes !== null);
  const outcomes = pilot?.outcomes;
  if (!pilot || !outcomes) {
    return (['resolved', 'error-rate', 'read-back'] as const).map((id) => ({ id, passed: false, numerator: 0, denominator: 0, pilotId: null }));
  }
  const { planned, succeeded, failed, stale, unknown, notSent } = outcomes;
  const differing = (await ledger.errorGroups(pilot.id)).find(({ code }) => code === 'READ_BACK_DIFFERS')?.count ?? 0;
  const resolved = planned - unknown - notSent;
  const read = succeeded + stale + differing;
  return [
    { id: 'resolved', passed: planned > 0 && resolved === planned && pilot.state !== 'pushing', numerator: resolved, denominator: planned, pilotId: pilot.id },
    { id: 'error-rate', passed: planned > 0 && failed / planned < mostErrors, numerator: failed, denominator: planned, pilotId: pilot.id },
    { id: 'read-back', passed: planned > 0 && succeeded === read, numerator: succeeded, denominator: read, pilotId: pilot.id },
  ];
}
