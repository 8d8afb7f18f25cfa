import type { Batch, Chunk, ErrorGroup, Run, RunProgress } from '../../shared/domain/batch.ts';
import { outcomes, type Outcome, type OutcomeCounts } from '../../shared/domain/outcome.ts';

/** States of a run that a preview can begin with. */
export const runScenes = ['writing', 'waiting', 'refused-for-now', 'job', 'interrupted', 'stopped', 'abandoned', 'all-failed', 'all-unknown', 'all-stale', 'wrong-sum'] as const;
export type RunScene = (typeof runScenes)[number];

const planned = 500;

function counts(parts: Partial<Record<Outcome, number>>): OutcomeCounts {
  const none = { succeeded: 0, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 };
  const sent = Object.values(parts).reduce((sum, count) => sum + count, 0);
  return { planned, ...none, notSent: planned - sent, ...parts };
}

interface Scene {
  batch: Batch['state'];
  run: Run['state'];
  counts: OutcomeCounts;
  mode?: Run['mode'];
  stopReason?: Run['stopReason'];
  progress?: Pick<RunProgress, 'phase'> & { waitsFor?: RunProgress['waitsFor']; waitsForMs?: number };
}

const scenes: Record<RunScene, Scene> = {
  writing: { batch: 'pushing', run: 'running', counts: counts({ succeeded: 200 }), progress: { phase: 'writing' } },
  waiting: { batch: 'pushing', run: 'running', counts: counts({ succeeded: 300, unknown: 200, notSent: 0 }), progress: { phase: 'waiting', waitsFor: 'late-effect', waitsForMs: 581_000 } },
  'refused-for-now': { batch: 'pushing', run: 'running', counts: counts({ succeeded: 300 }), progress: { phase: 'waiting', waitsFor: 'retry', waitsForMs: 42_000 } },
  job: { batch: 'pushing', run: 'running', mode: 'bulk', counts: counts({ unknown: planned, notSent: 0 }), progress: { phase: 'job' } },
  interrupted: { batch: 'pushing', run: 'interrupted', counts: counts({ succeeded: 200, failed: 3, unknown: 97 }), stopReason: { code: 'interrupted', message: 'The process ended while the run was at work.' } },
  stopped: { batch: 'pushing', run: 'stopped', counts: counts({ succeeded: 200 }), stopReason: { code: 'stop-requested', message: 'The run was stopped by Admin B.' } },
  abandoned: { batch: 'aborted', run: 'abandoned', counts: counts({ succeeded: 200, unknown: 60 }), stopReason: { code: 'abandoned', message: 'The run was abandoned by Admin B: the org is being moved' } },
  'all-failed': { batch: 'completed-with-errors', run: 'completed-with-errors', counts: counts({ failed: planned, notSent: 0 }) },
  'all-unknown': { batch: 'completed-with-errors', run: 'completed-with-errors', counts: counts({ unknown: planned, notSent: 0 }) },
  'all-stale': { batch: 'completed-with-errors', run: 'completed-with-errors', counts: counts({ stale: planned, notSent: 0 }) },
  'wrong-sum': { batch: 'completed-with-errors', run: 'completed-with-errors', counts: counts({ succeeded: 486, failed: 4, notSent: 0 }) },
};

/** A batch of 500 changes, frozen and approved, and its run in one of the states. */
export function sceneOf(name: RunScene, draft: Batch): { batch: Batch; run: Run; progress: RunProgress | null } {
  const scene = scenes[name];
  const approved = { planHash: '7f3a91c2'.repeat(8), fields: 1_312, submittedBy: 'Admin A', submittedAt: '2026-11-23T09:41:00.000Z', approvals: [{ by: 'Admin B', at: '2026-11-23T09:42:00.000Z', planHash: '7f3a91c2'.repeat(8), expiresAt: '2026-11-24T09:42:00.000Z', note: null }], expiresAt: '2026-11-24T09:42:00.000Z' };
  const batch: Batch = { ...draft, ...approved, id: 'B-7', name: 'Full 1', isPilot: false, draw: { by: 'all-approved' }, strata: [], creates: 100, updates: 400, state: scene.batch, runId: 'R-31', outcomes: scene.counts };
  const hasEnded = scene.run !== 'running';
  const run: Run = {
    id: 'R-31', batchId: batch.id, state: scene.run, mode: scene.mode ?? 'collections', why: scene.mode === 'bulk' ? 'Asked for.' : '500 records are within the bulk threshold of 20,000.',
    startedBy: 'Admin A', startedAt: '2026-11-23T10:00:00.000Z', endedAt: hasEnded ? '2026-11-23T10:02:00.000Z' : null, counts: scene.counts, apiCalls: 34, writeCalls: 12, seconds: 95, retryOf: null, stopReason: scene.stopReason ?? null,
  };
  const progress: RunProgress | null = scene.progress
    ? { runId: run.id, batchId: batch.id, state: 'running', counts: scene.counts, chunk: 2, chunks: 3, phase: scene.progress.phase, waitsFor: scene.progress.waitsFor ?? null, waitsUntil: scene.progress.waitsForMs === undefined ? null : new Date(Date.now() + scene.progress.waitsForMs).toISOString(), recordsPerSecond: 6.3, secondsLeft: 540, apiUsed: 1_392, apiLimit: 100_000 }
    : null;
  return { batch, run, progress };
}

/** The chunks of a scene: what is done, what is in doubt, what waits. */
export function sceneChunks(run: Run): Chunk[] {
  const isBulk = run.mode === 'bulk';
  const state = (number: number): Chunk['state'] => {
    if (run.counts.failed === planned) return 'failed';
    if (run.counts.stale === planned) return 'stale';
    if (run.counts.unknown === planned && !isBulk) return 'unknown';
    if (number === 1 && !isBulk) return 'done';
    return run.counts.unknown > 0 || run.state === 'running' ? (number === 2 || isBulk ? 'sending' : 'waiting') : run.counts.notSent > 0 ? 'waiting' : 'done';
  };
  return [1, 2, 3].map((number) => ({ number, operation: number === 1 ? 'create' : 'update', records: number === 1 ? 100 : 200, state: state(number), jobId: isBulk ? `7505f00000Zx${number}QrAAK` : null }));
}

/** Why the records of a scene did not arrive. */
export function sceneGroups({ counts: found }: Run): ErrorGroup[] {
  const made: ErrorGroup[] = [
    { outcome: 'failed', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', count: found.failed, fields: ['Zip__c'], message: 'Zip must be 5 digits', retryable: false },
    { outcome: 'stale', code: 'CHANGED_SINCE_REVIEW', count: found.stale, fields: ['Address__c'], message: null, retryable: false },
    { outcome: 'unknown', code: 'LOST_ANSWER', count: found.unknown, fields: [], message: 'socket hang up', retryable: false },
  ];
  return made.filter((group) => group.count > 0);
}

/** The outcome of the record at a place of a scene's batch. */
export function sceneOutcome(found: OutcomeCounts, index: number): Outcome {
  let end = 0;
  for (const outcome of outcomes) {
    end += found[outcome];
    if (index < end) return outcome;
  }
  return 'notSent';
}
