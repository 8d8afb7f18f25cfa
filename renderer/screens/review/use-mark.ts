import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { CallOutput } from '../../../shared/contract.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import type { ReviewMark } from '../../../shared/domain/review.ts';
import { useCommandCall } from '../../api/query-call.ts';
import { takesPatch } from '../../api/takes-patch.ts';

/** Marks how far the review of a record has come; the lists that are loaded show it at once. */
export function useMark(): (item: PendingKey, mark: ReviewMark) => void {
  const { mutate } = useCommandCall('pending.mark');
  const queryClient = useQueryClient();
  return useCallback(
    (item, mark) => {
      mutate(
        { item, mark },
        {
          onSuccess: (standing) => {
            const patch = <T extends PendingKey>(one: T): T => (one.key === item.key && one.kind === item.kind ? { ...one, mark: standing.mark } : one);
            queryClient.setQueriesData<CallOutput<'pending.page'>>({ queryKey: ['pending.page'], predicate: takesPatch }, (page) => page && { ...page, items: page.items.map(patch) });
            queryClient.setQueriesData<CallOutput<'pending.show'>>({ queryKey: ['pending.show'], predicate: takesPatch }, (detail) => detail && patch(detail));
          },
        },
      );
    },
    [mutate, queryClient],
  );
}
