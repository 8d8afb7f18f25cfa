import { randomUUID } from 'node:crypto';
import type { Mapping } from '../../../../shared/domain/mapping.ts';
import type { WhatIfDraft } from '../../../../shared/domain/what-if.ts';
import { AppFailure, cancelled, throwIfCancelled } from '../../../core/app-failure.ts';
import type { RuleTrial } from '../../../core/warehouse-ports.ts';
import { draftRule } from './draft-rule.ts';
import { TrialProcess } from './trial-process.ts';
import { textAsIs, trialViewOf, type DraftText } from './trial-views.ts';

export interface RuleTrialOptions {
  /** The workspace's cache, which is only read. */
  cacheFile: string;
  mapping: Mapping;
}

const what = 'The comparison';

/**
 * Tries other rules in a process of its own, on the rows that the cache keeps, for any kind of warehouse and without a network.
 *
 * Shape:  the newest comparison is kept until the next run begins or the trial is closed. A run ends one that is under way, whose caller is
 *         told `cancelled`.
 */
export function openRuleTrial({ cacheFile, mapping }: RuleTrialOptions): RuleTrial {
  let current: { process: TrialProcess; id: string } | null = null;
  const end = async (): Promise<void> => {
    const ending = current;
    current = null;
    await ending?.process.end(cancelled(what));
  };
  const textOf = (draft: WhatIfDraft): DraftText => {
    if ('view' in draft) return { view: trialViewOf(draft.view), sql: draft.sql };
    const view = 'properties_aggregated_by_sfdc_id';
    return { view, sql: draftRule(textAsIs(view), mapping, draft.field, draft.rule) };
  };

  return {
    async draft(draft) {
      const { view, sql } = textOf(draft);
      return { view, asIs: textAsIs(view), sql };
    },

    async run(draft, { signal, onProgress }) {
      const text = textOf(draft);
      throwIfCancelled(signal, what);
      const startedMs = performance.now();
      const last = current;
      const mine = { process: new TrialProcess(), id: randomUUID() };
      current = mine;
      await last?.process.end(cancelled(what));
      const onAbort = (): void => void mine.process.end(cancelled(what));
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      try {
        const comparison = await mine.process.call('run', { cacheFile, draft: text }, onProgress);
        return { ...comparison, id: mine.id, draft, seconds: Math.round(performance.now() - startedMs) / 1000 };
      } catch (error) {
        await mine.process.end(cancelled(what));
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },

    async records({ id, ...page }) {
      if (current?.id !== id || current.process.isEnded) throw new AppFailure('not-found', 'This comparison is no longer kept: another one was run since, or Countersign was closed. Run it again.', { id });
      return current.process.call('records', page);
    },

    close: end,
  };
}
