import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import type { ListOrder } from './use-filter.ts';

export const pageSize = 100;

export interface ReviewList extends ListOrder {
  /** The name under which it stays as it was opened. */
  opened: string;
}

export interface Pages {
  /** How many rows the list has; the last known number while the new one is asked for, null before the first answer. */
  total: number | null;
  isLoading: boolean;
  error: Error | null;
  retry(): void;
  /** Undefined while the row is not loaded. */
  itemAt(index: number): PendingItem | undefined;
  /** Row of a loaded record, or -1. */
  indexOf(key: string, kind: string): number;
}

/** Reads the pages of pending changes that the rows in view need. */
export function usePages(list: ReviewList, first: number, last: number): Pages {
  const client = useClient();
  const [lastTotal, setLastTotal] = useState<number | null>(null);
  const from = Math.max(0, Math.floor(first / pageSize));
  const to = Math.max(from, Math.floor(Math.max(0, last) / pageSize));
  const numbers = Array.from({ length: Math.min(4, to - from + 1) }, (_, offset) => from + offset);
  const queries = useQueries({
    queries: numbers.map((number) => {
      const input = { ...list, offset: number * pageSize, limit: pageSize };
      return { queryKey: ['pending.page', input], queryFn: ({ signal }: { signal: AbortSignal }) => client.call('pending.page', input, signal) };
    }),
  });
  const known = queries.find((query) => query.data !== undefined)?.data?.total;
  if (known !== undefined && known !== lastTotal) setLastTotal(known);
  return {
    total: known ?? lastTotal,
    isLoading: queries.some((query) => query.isPending),
    error: queries.find((query) => query.error !== null)?.error ?? null,
    retry: () => {
      for (const query of queries) void query.refetch();
    },
    itemAt: (index) => queries[Math.floor(index / pageSize) - from]?.data?.items[index % pageSize],
    indexOf(key, kind) {
      for (const [offset, query] of queries.entries()) {
        const found = query.data?.items.findIndex((item) => item.key === key && item.kind === kind) ?? -1;
        if (found !== -1) return (from + offset) * pageSize + found;
      }
      return -1;
    },
  };
}
