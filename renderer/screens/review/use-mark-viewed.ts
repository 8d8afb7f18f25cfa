import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { CallOutput } from '../../../shared/contract.ts';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useCommandCall } from '../../api/query-call.ts';

/** Marks a record as viewed or not; the lists that are loaded show it at once. */
export function useMarkViewed(): (item: PendingKey, viewed: boolean) => void {
  const { mutate } = useCommandCall('pending.viewed');
  const queryClient = useQueryClient();
  return useCallback(
    (item, viewed) => {
      const patch = <T extends PendingKey>(one: T): T => (one.key === item.key && one.kind === item.kind ? { ...one, viewed } : one);
      mutate(
        { item, viewed },
        {
          onSuccess: () => {
            queryClient.setQueriesData<CallOutput<'pending.page'>>({ queryKey: ['pending.page'] }, (page) => page && { ...page, items: page.items.map(patch) });
            queryClient.setQueriesData<CallOutput<'pending.show'>>({ queryKey: ['pending.show'] }, (detail) => detail && patch(detail));
          },
        },
      );
    },
    [mutate, queryClient],
  );
}
