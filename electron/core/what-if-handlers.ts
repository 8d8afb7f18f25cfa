import type { Handlers } from './answer-calls.ts';
import { AppFailure } from './app-failure.ts';
import type { Emit } from './ports.ts';
import type { RuleTrial } from './warehouse-ports.ts';

/** The calls that try other rules. None of them can deploy, decide or send. */
export function whatIfHandlers(trial: RuleTrial, emit: Emit): Pick<Handlers, 'whatIf.run' | 'whatIf.draft' | 'whatIf.records' | 'whatIf.export'> {
  return {
    'whatIf.draft': ({ draft }) => trial.draft(draft),
    'whatIf.run': ({ draft }, { signal }) => trial.run(draft, { signal, onProgress: (progress) => emit('whatIf.progress', progress) }),
    'whatIf.records': (input) => trial.records(input),
    'whatIf.export': async () => {
      throw new AppFailure('not-available-here', 'The comparison cannot be exported yet.');
    },
  };
}
