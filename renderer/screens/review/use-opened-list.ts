import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import { queryCall } from '../../api/query-call.ts';
import type { ListOrder } from './use-filter.ts';
import { pageQuery, pageSize, type ReviewList } from './use-pages.ts';

export interface OpenedList {
  list: ReviewList;
  /** Another list was asked for and is still being read; `list` is the one before, which is shown until then. */
  isOpening: boolean;
  /** Opens the list as it is by now. */
  openAnew(): void;
}

function nameOf({ filter, sort, descending }: ListOrder): string {
  return `${filter} ${sort} ${String(descending)}`;
}

function opened({ filter, sort, descending }: ListOrder): ReviewList {
  return { filter, sort, descending, opened: crypto.randomUUID() };
}

/**
 * The list that a person goes through. It stays as it was opened: a record that does not match any more, because it was viewed or decided
 * meanwhile, keeps its row, so that no other one moves past unseen.
 *
 * Shape:  another filter or order opens another list, which takes the place of the one before when the rows it begins with are read: its
 *         first ones and, where `record` names one, those around that. A failed read counts as read, so that it is told.
 */
export function useOpenedList(wanted: ListOrder, record: PendingKey | null): OpenedList {
  const [list, setList] = useState(() => opened(wanted));
  const [next, setNext] = useState<ReviewList | null>(null);
  const isRead = useIsRead(next, record);
  if (nameOf(wanted) !== nameOf(next ?? list)) setNext(nameOf(wanted) === nameOf(list) ? null : opened(wanted));
  else if (next !== null && isRead) {
    setList(next);
    setNext(null);
  }
  return { list, isOpening: next !== null, openAnew: () => setNext(opened(wanted)) };
}

/** Reads the rows that a list begins with, and says when that is done. */
function useIsRead(list: ReviewList | null, record: PendingKey | null): boolean {
  const client = useClient();
  const firstPage = list ? [pageQuery(client, list, 0)] : [];
  const [first] = useQueries({ queries: firstPage });
  const placeOfRecord = list && record ? [queryCall(client, 'pending.locate', { ...list, item: record })] : [];
  const [place] = useQueries({ queries: placeOfRecord });
  const at = typeof place?.data?.index === 'number' ? Math.floor(place.data.index / pageSize) : 0;
  const pageAround = list && at > 0 ? [pageQuery(client, list, at)] : [];
  const [around] = useQueries({ queries: pageAround });
  return [first, place, around].every((query) => query?.isPending !== true);
}
