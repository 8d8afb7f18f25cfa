import { queryOptions, useQueries, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PendingItem, PendingKey } from '../../../shared/domain/pending-change.ts';
import type { Client } from '../../../shared/transport.ts';
import { useClient } from '../../api/client-context.tsx';
import { queryCall } from '../../api/query-call.ts';
import type { ListOrder } from './use-filter.ts';

export const pageSize = 50;

/** The first and the last page that rows in view are on. */
export interface PageWindow {
  from: number;
  to: number;
}

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

const readAheadAfterMs = 60;

/** More rows than are drawn above or below one of them. */
const nearRows = 40;

/** The pages that the rows around one are on. */
export function pagesAround(row: number): PageWindow {
  return windowOfRows(Math.max(0, row - nearRows), row);
}

/** The pages that the rows from the first to the last are on. */
export function windowOfRows(first: number, last: number): PageWindow {
  return { from: Math.floor(first / pageSize), to: Math.floor(Math.max(0, last) / pageSize) };
}

/** How one page of a list is read, and found again. */
export function pageQuery(client: Client, list: ReviewList, page: number) {
  return queryCall(client, 'pending.page', { ...list, offset: page * pageSize, limit: pageSize });
}

/** How the pages that a list begins with are read, and kept; answers with the row to begin at. */
export function beginningQuery(client: Client, queryClient: QueryClient, list: ReviewList, item: PendingKey | null) {
  const input = { ...list, item, pageSize, before: nearRows };
  return queryOptions({
    queryKey: ['pending.open', input],
    queryFn: async ({ signal }) => {
      const { index, firstPage, pages } = await client.call('pending.open', input, signal);
      for (const [step, page] of pages.entries()) queryClient.setQueryData(pageQuery(client, list, firstPage + step).queryKey, page);
      return index ?? 0;
    },
  });
}

/** Reads the pages of pending changes that the rows in view need, then those that one may go to next. */
export function usePages(list: ReviewList, { from, to }: PageWindow): Pages {
  const client = useClient();
  const [lastTotal, setLastTotal] = useState<number | null>(null);
  const numbers = Array.from({ length: Math.min(4, to - from + 1) }, (_, offset) => from + offset);
  const queries = useQueries({ queries: numbers.map((number) => pageQuery(client, list, number)) });
  const known = queries.find((query) => query.data !== undefined)?.data?.total;
  if (known !== undefined && known !== lastTotal) setLastTotal(known);
  useReadPagesAhead(list, { from, to }, queries.every((query) => query.data !== undefined) ? (known ?? 0) : 0);
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

/** Reads the pages before and after those in view and those that the end is on, so that they are there when one goes to them; once the rows in view have been drawn and one stays there for a moment. */
function useReadPagesAhead(list: ReviewList, { from, to }: PageWindow, total: number): void {
  const client = useClient();
  const queryClient = useQueryClient();
  const { filter, sort, descending, opened } = list;
  useEffect(() => {
    const last = Math.ceil(total / pageSize) - 1;
    const timer = window.setTimeout(() => {
      for (const page of new Set([to + 1, from - 1, last, last - 1])) {
        if (page >= 0 && page <= last) void queryClient.prefetchQuery(pageQuery(client, { filter, sort, descending, opened }, page));
      }
    }, readAheadAfterMs);
    return () => window.clearTimeout(timer);
  }, [client, queryClient, filter, sort, descending, opened, from, to, total]);
}
