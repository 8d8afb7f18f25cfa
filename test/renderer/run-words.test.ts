import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Batch } from '../../shared/domain/batch.ts';
import { runStates } from '../../shared/domain/batch.ts';
import { outcomes, type OutcomeCounts } from '../../shared/domain/outcome.ts';
import { countdownOf } from '../../renderer/app/use-countdown.ts';
import { runSign } from '../../renderer/app/use-run-sign.ts';
import { abandonMeaning, autoMeaning, autoPick, batchVerdict, chunksOf, isWhole, phaseWords, runSentence, verdictOf, waitingSentence } from '../../renderer/words/runs.ts';
import { runScenes, sceneOf } from './fake-runs.ts';

const parts = fc.record(Object.fromEntries(outcomes.map((outcome) => [outcome, fc.integer({ min: 0, max: 3 })])) as Record<(typeof outcomes)[number], fc.Arbitrary<number>>);
const countsOf = fc.tuple(parts, fc.integer({ min: -2, max: 2 })).map(([found, off]): OutcomeCounts => ({ ...found, planned: Math.max(0, Object.values(found).reduce((sum, count) => sum + count, 0) + off) }));
const sums = (counts: OutcomeCounts) => outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
const troubled = (counts: OutcomeCounts) => counts.failed + counts.stale + counts.unknown + counts.notSent > 0;

const draft: Batch = {
  id: 'B-1', name: 'Full 1', state: 'draft', isPilot: false, draw: { by: 'all-approved' }, strata: [], creates: 0, updates: 0, fields: null, planHash: null, snapshotId: 'S-1', orgId: '00D', orgName: 'Snappt', createdBy: 'A', createdAt: '2026-11-23T09:40:00.000Z',
  submittedBy: null, submittedAt: null, approvalsNeeded: 1, approvals: [], expiresAt: null, rejectedBy: null, rejectedReason: null, overridePilotReason: null, runId: null, outcomes: null,
};

describe('how a run turned out', () => {
  test('is well only where every record succeeded or was equal already, and the counts add up', () => {
    fc.assert(
      fc.property(countsOf, (counts) => {
        expect(verdictOf(counts).look === 'ok').toBe(!troubled(counts) && sums(counts) === counts.planned);
      }),
    );
  });

  test('a run without one success says so first, in its sentence and in its verdict, and is never told as done', () => {
    fc.assert(
      fc.property(countsOf, fc.constantFrom(...runStates), (counts, state) => {
        fc.pre(counts.succeeded === 0 && troubled(counts) && sums(counts) === counts.planned);
        expect(verdictOf(counts)).toMatchObject({ look: 'blocker', text: expect.stringMatching(/^Nothing succeeded: /u) });
        expect(runSentence({ id: 'R-1', state, counts })).toMatch(/^Run R-1 [a-z ]+, nothing succeeded: /u);
        expect(isWhole({ state, counts })).toBe(false);
      }),
    );
  });

  test('unknown records are never counted among what is well', () => {
    const counts = { planned: 10, succeeded: 9, failed: 0, stale: 0, skipped: 0, unknown: 1, notSent: 0 };
    expect(verdictOf(counts)).toEqual({ look: 'blocker', text: '1 unknown of 10' });
    expect(isWhole({ state: 'completed', counts })).toBe(false);
  });

  test('there is no verdict on a batch while its run is at work or waits', () => {
    const { batch } = sceneOf('writing', draft);
    expect(batchVerdict(batch)).toBeNull();
  });
});

describe('the sign of the newest run around every screen', () => {
  const signOf = (scene: (typeof runScenes)[number]) => {
    const { batch, run, progress } = sceneOf(scene, draft);
    return runSign(progress, run.state === 'interrupted' || run.state === 'stopped' ? run.id : null, [batch, { ...draft, runId: 'R-4', state: 'completed', outcomes: { planned: 1, succeeded: 1, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 } }]);
  };
  test('names what is at work, what waits, and what went wrong', () => {
    expect(Object.fromEntries(runScenes.map((scene) => [scene, signOf(scene)?.text ?? null]))).toEqual({
      writing: 'Run R-31 is at work, 40 % done',
      waiting: 'Run R-31 is waiting, 60 % done',
      'refused-for-now': 'Run R-31 is waiting, 60 % done',
      job: 'Run R-31 is at work, 0 % done',
      interrupted: 'Run R-31 waits to be resumed',
      stopped: 'Run R-31 waits to be resumed',
      abandoned: 'Full 1: 60 unknown, 240 not sent of 500',
      'all-failed': 'Full 1: Nothing succeeded: 500 failed',
      'all-unknown': 'Full 1: Nothing succeeded: 500 unknown',
      'all-stale': 'Full 1: Nothing succeeded: 500 stale',
      'wrong-sum': 'Full 1: The counts do not add up',
    });
  });
  test('is silent when the newest run arrived whole, whatever went wrong before it', () => {
    const failed: Batch = { ...sceneOf('all-failed', draft).batch, runId: 'R-9' };
    const whole: Batch = { ...draft, id: 'B-2', runId: 'R-10', state: 'completed', outcomes: { planned: 2, succeeded: 2, failed: 0, stale: 0, skipped: 0, unknown: 0, notSent: 0 } };
    expect(runSign(null, null, [failed, whole])).toBeNull();
    expect(runSign(null, null, [whole, { ...failed, runId: 'R-11' }])).toMatchObject({ look: 'blocker', short: '500 failed' });
  });
});

describe('a run at work', () => {
  test('says what it does in every phase', () => {
    const at = { ...sceneOf('writing', draft).progress! };
    expect((['reading', 'writing', 'reading-back', 'job', 'waiting', 'ended'] as const).map((phase) => phaseWords({ ...at, phase }))).toEqual([
      'Reading chunk 2 of 3 again before it is written',
      'Writing chunk 2 of 3',
      'Reading chunk 2 of 3 back',
      'Salesforce works on the bulk job of chunk 2 of 3',
      'Waiting',
      'Ended',
    ]);
  });
  test('counts down in minutes and seconds to the moment it looks again', () => {
    const until = '2026-11-23T10:10:00.000Z';
    expect([581_000, 60_000, 59_001, 1, 0, -5_000].map((left) => countdownOf(until, Date.parse(until) - left))).toEqual(['9:41', '1:00', '1:00', '0:01', null, null]);
    expect(waitingSentence(sceneOf('waiting', draft).progress!, '9:41')).toBe('The answer to a call was lost. Salesforce may still be working on it; looking again in 9:41.');
    expect(waitingSentence(sceneOf('refused-for-now', draft).progress!, null)).toBe('Salesforce refused a call for now: it is busy, or records are locked. Nothing is lost; trying again now.');
  });
});

test('auto takes bulk above the threshold and collections up to it, and says why', () => {
  expect([autoPick(20_000, 20_000), autoPick(20_001, 20_000)]).toEqual(['collections', 'bulk']);
  expect(autoMeaning(1, 20_000)).toBe('Takes collections: 1 record is within the bulk threshold of 20,000.');
  expect(autoMeaning(20_001, 20_000)).toBe('Takes bulk: 20,001 records are above the bulk threshold of 20,000.');
});

test('a plan takes as many chunks as its mode needs, creates and updates apart', () => {
  const plan = { creates: 50, updates: 50 };
  expect([chunksOf(plan, 'collections', 200), chunksOf(plan, 'collections', 20), chunksOf(plan, 'strict', 200), chunksOf(plan, 'strict', 10), chunksOf(plan, 'bulk', 200)]).toEqual([2, 6, 4, 10, 2]);
});

test('abandoning names what stays written, unsent and unknown', () => {
  expect(abandonMeaning('Full 1', { planned: 4, succeeded: 1, failed: 0, stale: 0, skipped: 0, unknown: 1, notSent: 2 })).toBe(
    'Full 1 is aborted for good: it cannot be resumed or retried. 1 record that succeeded stays written. 2 not sent stay unsent; they can be drawn into a new batch. 1 unknown stays unknown: nobody looks it up any more.',
  );
});
