import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { CallOutput } from '../../../shared/contract.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { ReviewMark } from '../../../shared/domain/review.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { takesPatch } from '../../api/takes-patch.ts';
import { useFailedSteps } from '../../app/failed-steps.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import { canBeTriedAgain, failureWords } from '../../words/errors.ts';

interface Marked {
  item: PendingKey;
  mark: ReviewMark;
  /** Given for a step of somebody's: what is said when it is done, and when it failed. */
  told?: { done: string; failed: string } | undefined;
}

/** Marks how far the review of a record has come; the lists that are loaded show it at once. */
export function useMark(): (item: PendingKey, mark: ReviewMark, told?: Marked['told']) => void {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const { fail } = useFailedSteps();
  // What is given to `mutate` is called for the newest mark only: one goes on to the next record before the last one is marked.
  const { mutate } = useMutation<CallOutput<'pending.mark'>, Error, Marked>({
    mutationFn: ({ item, mark }) => client.call('pending.mark', { item, mark }),
    onSuccess: (standing, { item, told }) => {
      const patch = <T extends PendingKey>(one: T): T => (one.key === item.key && one.kind === item.kind ? { ...one, mark: standing.mark } : one);
      queryClient.setQueriesData<CallOutput<'pending.page'>>({ queryKey: ['pending.page'], predicate: takesPatch }, (page) => page && { ...page, items: page.items.map(patch) });
      queryClient.setQueriesData<CallOutput<'pending.show'>>({ queryKey: ['pending.show'], predicate: takesPatch }, (detail) => detail && patch(detail));
      // What was asked for before may come with the mark of then.
      for (const name of ['pending.page', 'pending.show']) void queryClient.invalidateQueries({ queryKey: [name], fetchStatus: 'fetching', refetchType: 'all' });
      if (told) notify(told.done);
    },
    onError: (failure, marked) => {
      const error = errorOf(failure);
      if (marked.told) fail(marked.told.failed, error, canBeTriedAgain(error) ? { label: 'Try again', run: () => mutate(marked) } : null);
      else notify(`${failureWords(error).title}. Records are not marked as viewed.`, { look: 'problem' });
    },
  });
  return useCallback((item, mark, told) => mutate({ item, mark, told }), [mutate]);
}
