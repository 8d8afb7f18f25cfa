import { randomBytes } from 'node:crypto';
import { upperBound } from '../../../shared/domain/coverage.ts';
import { shapeFilter, type Sample } from '../../../shared/domain/shape.ts';
import type { Handlers } from '../answer-calls.ts';
import { AppFailure, refusal } from '../app-failure.ts';
import type { Ledger, StoredSample } from '../ledger-ports.ts';
import type { Cache, Emit } from '../ports.ts';
import { topValues } from './top-values.ts';
import { withChosen } from './with-chosen.ts';
import type { DecisionWriter } from '../write-decisions.ts';

type ReviewCalls =
  | 'pending.locate'
  | 'pending.find'
  | 'pending.summary'
  | 'pending.values'
  | 'shapes.list'
  | 'shapes.show'
  | 'samples.show'
  | 'savedViews.list'
  | 'decision.steps'
  | 'records.runs'
  | 'pending.decide'
  | 'decision.undo'
  | 'decision.redo'
  | 'pending.mark'
  | 'pending.excludeField'
  | 'comment.add'
  | 'samples.draw'
  | 'savedViews.save'
  | 'savedViews.delete';

/** The calls of the review: what there is to see of the pending changes, and what is decided on them. */
export function reviewHandlers({ cache, ledger, emit, decisionWriter }: { cache: Cache; ledger: Ledger; emit: Emit; decisionWriter: DecisionWriter }): Pick<Handlers, ReviewCalls> {
  const withCoverage = async (stored: StoredSample): Promise<Sample> => {
    const seen = await cache.coverage(stored);
    return { ...stored, ...seen, bound: seen.viewed < seen.drawn || seen.drawn === 0 ? null : upperBound({ drawn: seen.drawn, wrong: seen.wrong, population: seen.population }) };
  };
  const newestSample = async (filter: string): Promise<Sample | null> => {
    const stored = await ledger.sample(filter);
    return stored && withCoverage(stored);
  };
  const decided = <T extends { label: string }>(done: T): T => {
    emit('decisions.changed', { label: done.label });
    decisionWriter.begin();
    return done;
  };
  return {
    'pending.locate': async (input) => ({ index: await cache.locate(input) }),
    'pending.find': async (input) => ({ index: await cache.find(input) }),
    'pending.summary': ({ filter }) => cache.summary(filter),
    'pending.values': (input, { signal }) => topValues(cache, input, signal),
    'shapes.list': ({ filter }) => cache.shapes(filter),
    'shapes.show': async ({ id }) => {
      const shape = await cache.shape(id);
      if (shape === null) throw new AppFailure('not-found', `There is no change shape ${id} in this snapshot. Its records may be equal by now, or change otherwise.`, { id });
      return { ...shape, sample: await newestSample(shapeFilter(id, true)) };
    },
    'samples.show': async ({ filter }) => ({ sample: await newestSample(filter) }),
    'savedViews.list': async () => ({ views: await ledger.savedViews() }),
    'decision.steps': async ({ limit }) => ({ steps: await ledger.decisionSteps(limit) }),
    'records.runs': async ({ key }) => ({ runs: await ledger.recordRuns(key) }),

    'pending.decide': async ({ selection, decision, reason, expect }, { actor }) => decided(await withChosen(cache, selection, (chosen) => ledger.decide({ selection, chosen, decision, reason: reason || null, actor, expect: expect ?? null }))),
    'decision.undo': async ({ undoId }, { actor }) => decided(await ledger.undo({ undoId: undoId ?? null, actor })),
    'decision.redo': async ({ undoId }, { actor }) => decided(await ledger.redo({ undoId: undoId ?? null, actor })),
    'pending.excludeField': async ({ reason, expect, ...input }, { actor }) => decided(await withChosen(cache, input.selection, (chosen) => ledger.excludeField({ ...input, chosen, reason: reason || null, actor, expect: expect ?? null }))),
    'pending.mark': async (input, { actor }) => {
      const mark = await ledger.mark({ ...input, actor });
      emit('review.changed', { what: 'mark' });
      return { mark };
    },
    'comment.add': async (input, { actor }) => {
      const comment = await ledger.addComment({ ...input, actor });
      emit('review.changed', { what: 'comment' });
      return comment;
    },
    'samples.draw': async ({ filter, size }, { actor }) => {
      const snapshot = await cache.snapshot();
      if (snapshot === null) throw refusal('no-snapshot', 'There is no snapshot yet. Refresh first.');
      const last = await ledger.sample(filter);
      const drawn = await withCoverage(await ledger.drawSample({ filter, size, seed: last?.seed ?? randomBytes(8).toString('hex'), snapshotId: snapshot.id, actor }));
      emit('review.changed', { what: 'sample' });
      return drawn;
    },
    'savedViews.save': async (input, { actor }) => {
      const view = await ledger.saveView({ ...input, actor });
      emit('review.changed', { what: 'saved-view' });
      return view;
    },
    'savedViews.delete': async (input, { actor }) => {
      await ledger.deleteView({ ...input, actor });
      emit('review.changed', { what: 'saved-view' });
      return {};
    },
  };
}
