import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import { queryCall } from '../../api/query-call.ts';

/** The records in the rows before and after the current one, as far as they are loaded. */
export interface Neighbours {
  before: PendingKey | undefined;
  after: PendingKey | undefined;
}

/** Reads the records that one may step to next, so that they are there when one does. */
export function useReadAhead({ before, after }: Neighbours): void {
  useReadOne(after);
  useReadOne(before);
}

function useReadOne(record: PendingKey | undefined): void {
  const client = useClient();
  const queryClient = useQueryClient();
  const key = record?.key;
  const kind = record?.kind;
  useEffect(() => {
    if (key === undefined || kind === undefined) return;
    void queryClient.prefetchQuery(queryCall(client, 'pending.show', { key, kind }));
  }, [client, queryClient, key, kind]);
}
