import { useInfiniteQuery } from '@tanstack/react-query';
import { auditEventTypes, type AuditEvent, type AuditEventType } from '../../../shared/domain/audit-event.ts';
import type { CallInput } from '../../../shared/contract.ts';
import { useClient } from '../../api/client-context.tsx';
import { usePlace } from '../../app/place.ts';

const pageSize = 500;

export interface AuditFilter {
  key: string | null;
  batchId: string | null;
  type: AuditEventType | null;
  actor: string | null;
  text: string | null;
}

export interface AuditList {
  filter: AuditFilter;
  total: number | null;
  events: readonly AuditEvent[];
  error: Error | null;
  retry(): void;
  /** Reads on until the given row is there. */
  reach(row: number): void;
}

function inputOf(filter: AuditFilter): CallInput<'audit.page'> {
  return {
    limit: pageSize,
    ...(filter.key === null ? {} : { key: filter.key }),
    ...(filter.batchId === null ? {} : { batchId: filter.batchId }),
    ...(filter.type === null ? {} : { type: filter.type }),
    ...(filter.actor === null ? {} : { actor: filter.actor }),
    ...(filter.text === null ? {} : { text: filter.text }),
  };
}

/** The audit events of the filter in the address, newest first, read page by page. */
export function useAudit(): AuditList {
  const { query } = usePlace();
  const client = useClient();
  const filter: AuditFilter = {
    key: query.get('key'),
    batchId: query.get('of'),
    type: auditEventTypes.find((type) => type === query.get('type')) ?? null,
    actor: query.get('actor'),
    text: query.get('text'),
  };
  const input = inputOf(filter);
  const pages = useInfiniteQuery({
    queryKey: ['audit.page', input],
    queryFn: ({ pageParam, signal }) => client.call('audit.page', pageParam === null ? input : { ...input, before: pageParam }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  });
  const events = pages.data?.pages.flatMap((page) => page.events) ?? [];
  return {
    filter,
    total: pages.data?.pages[0]?.total ?? null,
    events,
    error: pages.error,
    retry: () => void pages.refetch(),
    reach(row) {
      if (row >= events.length && pages.hasNextPage && !pages.isFetching) void pages.fetchNextPage();
    },
  };
}
