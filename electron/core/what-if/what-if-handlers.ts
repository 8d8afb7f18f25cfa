import { lineDifferences } from '../views/line-differences.ts';
import type { Handlers } from '../answer-calls.ts';
import { AppFailure } from '../app-failure.ts';
import type { ExportPlace } from '../export-file.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { Emit } from '../ports.ts';
import type { RuleTrial } from '../warehouse-ports.ts';
import { exportComparison, type ExportedComparison } from './export-comparison.ts';

export interface WhatIfDeps extends ExportPlace {
  ruleTrial: RuleTrial;
  ledger: Ledger;
}

/** The calls that try other rules. None of them can deploy, decide or send. */
export function whatIfHandlers(deps: WhatIfDeps, emit: Emit): Pick<Handlers, 'whatIf.run' | 'whatIf.draft' | 'whatIf.records' | 'whatIf.export'> {
  const { ruleTrial } = deps;
  let newest: ExportedComparison | null = null;
  return {
    'whatIf.draft': async ({ draft }) => {
      const text = await ruleTrial.draft(draft);
      return { ...text, differences: lineDifferences(text.asIs, text.sql).map(({ line, side, text }) => ({ line, plan: side === 'expected' ? ('a' as const) : ('b' as const), text })) };
    },
    'whatIf.run': async ({ draft }, { signal }) => {
      const comparison = await ruleTrial.run(draft, { signal, onProgress: (progress) => emit('whatIf.progress', progress) });
      newest = { id: comparison.id, view: comparison.view, snapshotId: comparison.snapshotId };
      return comparison;
    },
    'whatIf.records': (input) => ruleTrial.records(input),
    'whatIf.export': async ({ id }, { actor }) => {
      if (newest?.id !== id) throw new AppFailure('not-found', 'This comparison is no longer kept: another one was run since. Run it again.', { id });
      return exportComparison(deps, newest, actor);
    },
  };
}
