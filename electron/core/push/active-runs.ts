import { refusal } from '../app-failure.ts';

/** Why a run's stop signal was raised, where a person asked for it. */
export class StopRequest {
  readonly actor: string;

  constructor(actor: string) {
    this.actor = actor;
  }
}

/** The run that this process is working on, if any; one per app. */
export interface ActiveRuns {
  current: { batchId: string; runId: string | null; stop: AbortController } | null;
}

/** Nothing is at work at first. */
export function createActiveRuns(): ActiveRuns {
  return { current: null };
}

/**
 * Works on a run while nothing else can be started, so that a double click makes one run.
 *
 * Errors: `refused` (run-active) while another run is at work.
 */
export async function whileActive<T>(active: ActiveRuns, batchId: string, work: (own: NonNullable<ActiveRuns['current']>) => Promise<T>): Promise<T> {
  if (active.current !== null) {
    throw refusal('run-active', 'Another run is at work. Wait for its end or stop it first.', { runId: active.current.runId, batchId: active.current.batchId });
  }
  const own = { batchId, runId: null, stop: new AbortController() };
  active.current = own;
  try {
    return await work(own);
  } finally {
    active.current = null;
  }
}

/**
 * Asks a run, in somebody's name, to stop after the chunk it is working on.
 *
 * Errors: `refused` (wrong-state) when that run is not at work here.
 */
export function stopRun(active: ActiveRuns, runId: string, actor: string): void {
  if (active.current?.runId !== runId) throw refusal('wrong-state', `Run ${runId} is not at work, so there is nothing to stop.`, { runId });
  active.current.stop.abort(new StopRequest(actor));
}
