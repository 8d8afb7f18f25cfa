import type { Ledger } from '../../../electron/core/ledger-ports.ts';
import type { Org } from '../../../electron/core/org-ports.ts';
import type { Clock } from '../../../electron/core/ports.ts';
import { markInterrupted, resumeRun } from '../../../electron/core/push/resume.ts';
import { startRun } from '../../../electron/core/push/run.ts';
import type { Run } from '../../../shared/domain/batch.ts';
import { asAda, pushDeps } from '../../core/push/push-workbench.ts';

/** Works on batch B-1 as an app does that has just been opened: marks what a dead process has left, then starts, resumes, or finds the run ended. */
export async function pushToTheEnd(ledger: Ledger, org: Org, clock: Clock, chunkSize: number): Promise<Run> {
  // No call is under way any more when a life begins, so nothing has to be waited out.
  const deps = pushDeps({ ledger, org: { ...org, lateEffectMs: 0 }, clock, chunkSize });
  await markInterrupted(deps);
  const [left] = await ledger.runs('B-1');
  if (left === undefined) return startRun(deps, asAda(), { batch: { id: 'B-1' }, mode: 'auto' });
  const hasEnded = left.state === 'completed' || left.state === 'completed-with-errors';
  return hasEnded ? left : resumeRun(deps, asAda(), { runId: left.id });
}
