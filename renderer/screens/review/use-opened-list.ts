import { useState } from 'react';
import type { ListOrder } from './use-filter.ts';
import type { ReviewList } from './use-pages.ts';

/**
 * The list that a person goes through. It stays as it was opened: a record that does not match any more, because it was viewed or decided
 * meanwhile, keeps its row, so that no other one moves past unseen.
 *
 * Shape:  another filter or order opens another list; `openAnew` opens the same one as it is by now.
 */
export function useOpenedList(wanted: ListOrder): { list: ReviewList; openAnew(): void } {
  const { filter, sort, descending } = wanted;
  const of = `${filter} ${sort} ${String(descending)}`;
  const [opened, setOpened] = useState({ of, name: crypto.randomUUID() });
  const openAnew = () => setOpened({ of, name: crypto.randomUUID() });
  if (opened.of !== of) openAnew();
  return { list: { filter, sort, descending, opened: opened.name }, openAnew };
}
