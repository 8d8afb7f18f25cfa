import type { WhatIfProgress } from '../../../../shared/domain/what-if.ts';
import type { RuleTrial } from '../../../core/warehouse-ports.ts';
import type { ThreadProblem } from '../../threads/thread-messages.ts';
import type { Comparison } from './compare-rules.ts';
import type { DraftText } from './trial-views.ts';

/** What the trial's process can be asked; one run in its life, records as often as wanted. */
export interface TrialCalls {
  run: { input: { cacheFile: string; draft: DraftText }; output: Comparison };
  records: { input: Omit<Parameters<RuleTrial['records']>[0], 'id'>; output: Awaited<ReturnType<RuleTrial['records']>> };
}

export type TrialCallName = keyof TrialCalls;

/** To the process. */
export type ToTrial = { [Name in TrialCallName]: { id: number; name: Name; input: TrialCalls[Name]['input'] } }[TrialCallName];

/** From the process. */
export type FromTrial =
  | { type: 'progress'; id: number; progress: WhatIfProgress }
  | { type: 'done'; id: number; output: unknown }
  | { type: 'failed'; id: number; problem: ThreadProblem };
