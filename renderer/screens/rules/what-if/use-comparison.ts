import { CancelledError, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WhatIf, WhatIfDraft, WhatIfProgress } from '../../../../shared/domain/what-if.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { useClient } from '../../../api/client-context.tsx';
import { whatIfProgressKey } from '../../../api/follow-events.ts';
import { errorOf } from '../../../api/query-call.ts';
import { useNotifications } from '../../../app/notifications.tsx';
import { comparedSentence } from '../../../words/what-if.ts';

/** The newest comparison stays as long as the app is open. */
const resultKey = ['whatIf.run'];

/** Why a run failed, and which draft that was. */
export interface FailedRun {
  error: AppError;
  draft: WhatIfDraft;
}

export interface Comparison {
  result: WhatIf | null;
  isRunning: boolean;
  progress: WhatIfProgress | null;
  failed: FailedRun | null;
  /** Answers whether there is a new result: a run that fails or is cancelled leaves the old one. */
  run(draft: WhatIfDraft): Promise<boolean>;
  cancel(): void;
}

/** Runs a draft and keeps what came out. */
export function useComparison(): Comparison {
  const client = useClient();
  const queryClient = useQueryClient();
  const { say } = useNotifications();
  const [failed, setFailed] = useState<FailedRun | null>(null);
  const { data, isFetching } = useQuery<WhatIf | null>({ queryKey: resultKey, queryFn: () => null, enabled: false, gcTime: Infinity });
  const { data: progress } = useQuery<WhatIfProgress | null>({ queryKey: whatIfProgressKey, queryFn: () => null, enabled: false, initialData: null });
  return {
    result: data ?? null,
    isRunning: isFetching,
    progress,
    failed,
    async run(draft) {
      setFailed(null);
      say('Comparing plan B with plan A.');
      try {
        const result = await queryClient.fetchQuery({ queryKey: resultKey, queryFn: ({ signal }) => client.call('whatIf.run', { draft }, signal), staleTime: 0, gcTime: Infinity });
        say(comparedSentence(result));
        return true;
      } catch (failure) {
        const error = errorOf(failure);
        if (!(failure instanceof CancelledError) && error.code !== 'cancelled') setFailed({ error, draft });
        return false;
      } finally {
        queryClient.setQueryData(whatIfProgressKey, null);
      }
    },
    cancel: () => void queryClient.cancelQueries({ queryKey: resultKey }),
  };
}
