import { useQuery } from '@tanstack/react-query';
import type { AppInfo } from '../../shared/contract.ts';
import type { Batch, RunProgress } from '../../shared/domain/batch.ts';
import { currentRunKey } from '../api/follow-events.ts';
import { useQueryCall } from '../api/query-call.ts';
import { batchVerdict, heaviestTrouble, shareWords } from '../words/runs.ts';

/** The newest run in a few words, for the places around every screen. */
export interface RunSign {
  look: 'note' | 'warning' | 'blocker';
  /** For the rail and the window's title. */
  short: string;
  /** For the status bar. */
  text: string;
  batchId: string | null;
}

function runNumber(batch: Batch): number {
  return Number(/\d+/u.exec(batch.runId ?? '')?.[0] ?? 0);
}

/** The batch of the newest run, or null. */
export function newestRunOf(batches: readonly Batch[]): Batch | null {
  return batches.filter((batch) => batch.runId !== null).reduce<Batch | null>((newest, batch) => (newest === null || runNumber(batch) > runNumber(newest) ? batch : newest), null);
}

/**
 * What is to be said of the newest run everywhere: that it is at work, that it waits to be resumed, or what kept records from arriving.
 *
 * Shape:  null where there is nothing to say: no run yet, or a run in which everything succeeded.
 */
export function runSign(progress: RunProgress | null, interruptedRun: string | null, batches: readonly Batch[]): RunSign | null {
  if (interruptedRun !== null) {
    const batchId = batches.find((batch) => batch.runId === interruptedRun)?.id ?? null;
    return { look: 'blocker', short: `${interruptedRun} waits`, text: `Run ${interruptedRun} waits to be resumed`, batchId };
  }
  if (progress?.state === 'running') {
    const share = shareWords(progress.counts);
    const isWaiting = progress.phase === 'waiting';
    return { look: 'note', short: isWaiting ? 'waiting' : share, text: `Run ${progress.runId} ${isWaiting ? 'is waiting' : 'is at work'}, ${share} done`, batchId: progress.batchId };
  }
  const newest = newestRunOf(batches);
  const verdict = newest && batchVerdict(newest);
  if (!newest || !verdict || verdict.look === 'ok') return null;
  return { look: verdict.look, short: heaviestTrouble(newest.outcomes) ?? 'with errors', text: `${newest.name}: ${verdict.text}`, batchId: newest.id };
}

/** Follows the newest run. */
export function useRunSign(info: AppInfo | undefined): RunSign | null {
  const { data: progress } = useQuery<RunProgress | null>({ queryKey: currentRunKey, queryFn: () => null, enabled: false, initialData: null });
  const batches = useQueryCall('batches.list', {}, { keepPrevious: true }).data?.batches ?? [];
  return runSign(progress, info?.interruptedRun ?? null, batches);
}
