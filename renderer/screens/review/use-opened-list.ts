import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useClient } from '../../api/client-context.tsx';
import { currentPlace, readAhead } from '../../app/place.ts';
import { recordIn } from './use-current.ts';
import { filterIn, type ListOrder } from './use-filter.ts';
import { beginningQuery, type ReviewList } from './use-pages.ts';

export interface OpenedList {
  list: ReviewList;
  /** The row of the record that was open when the list was asked for; 0 where there was none, or it is in no row. */
  start: number;
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
 *         first ones or, where `record` names one, those around that. A failed read counts as read, so that it is told.
 */
export function useOpenedList(wanted: ListOrder, record: PendingKey | null): OpenedList {
  const [{ list, start }, setShown] = useState(() => ({ list: opened(wanted), start: 0 }));
  const [next, setNext] = useState<ReviewList | null>(null);
  const begin = useBeginning(next, record);
  const ahead = useListAhead(next ?? list);
  if (nameOf(wanted) !== nameOf(next ?? list)) setNext(nameOf(wanted) === nameOf(list) ? null : (ahead(wanted) ?? opened(wanted)));
  else if (next !== null && begin.isRead) {
    setShown({ list: next, start: begin.start });
    setNext(null);
  }
  return { list, start, isOpening: next !== null, openAnew: () => setNext(opened(wanted)) };
}

/** Asks for the list of another address before that is drawn; gives the list that was asked for last, where it is the wanted one. */
function useListAhead(current: ReviewList): (wanted: ListOrder) => ReviewList | null {
  const client = useClient();
  const queryClient = useQueryClient();
  const [asked] = useState(() => new AskedList());
  const read = useEffectEvent(() => {
    const { screen, query } = currentPlace();
    const list = asked.put(screen === 'review' ? filterIn(query).list : current, current);
    return list && queryClient.prefetchQuery(beginningQuery(client, queryClient, list, recordIn(query)));
  });
  useEffect(() => readAhead(read), []);
  return (wanted) => asked.of(wanted);
}

/** The list that was asked for last. */
class AskedList {
  #list: ReviewList | null = null;

  /** Another list than the one that is there already; null where it is the same. */
  put(order: ListOrder, current: ReviewList): ReviewList | null {
    this.#list = nameOf(order) === nameOf(current) ? null : opened(order);
    return this.#list;
  }

  of(order: ListOrder): ReviewList | null {
    return this.#list && nameOf(this.#list) === nameOf(order) ? this.#list : null;
  }
}

/** Reads the rows that a list begins with, and says where that is and when it is done. */
function useBeginning(list: ReviewList | null, record: PendingKey | null): { start: number; isRead: boolean } {
  const client = useClient();
  const queryClient = useQueryClient();
  const { data, isPending } = useQuery(list ? beginningQuery(client, queryClient, list, record) : { queryKey: ['pending.open'], queryFn: skipToken });
  return { start: data ?? 0, isRead: !isPending };
}
