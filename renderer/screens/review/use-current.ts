import { useEffect, useState } from 'react';
import type { PendingKey } from '../../../shared/domain/pending-change.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { changeQuery, usePlace } from '../../app/place.ts';
import type { Pages, ReviewList } from './use-pages.ts';

export interface Current {
  index: number;
  /** The record in the inspector; null while none is known. */
  record: PendingKey | null;
  /** The row one has moved to is still being read; the record is the one before. */
  isWaiting: boolean;
  /** The record in the inspector is not the one at the current row. */
  isAway: boolean;
  /** It is in no row of this list. */
  isMissing: boolean;
  move(index: number): void;
}

function kindOf(text: string | null): PendingKey['kind'] | null {
  return text === 'create' || text === 'update' ? text : null;
}

/** The record that the query of an address names; null where it names none. */
export function recordIn(query: URLSearchParams): PendingKey | null {
  const key = query.get('record');
  const kind = kindOf(query.get('kind'));
  return key === null || kind === null ? null : { key, kind };
}

/**
 * The current row and the record in the inspector.
 *
 * Shape: the address names the record, and that is what counts: when rows come or go, the row follows the record,
 *        and a record that is not among the loaded rows is looked for in the whole list. Another list begins at row `start`.
 */
export function useCurrent(pages: Pages, list: ReviewList, start: number): Current {
  const named = recordIn(usePlace().query);
  const [at, setAt] = useState({ index: start, isWaiting: false, opened: list.opened });
  const isOtherList = at.opened !== list.opened;
  const index = isOtherList ? start : at.index;
  const item = pages.itemAt(index);
  const found = named ? pages.indexOf(named.key, named.kind) : -1;
  const isAtRecord = item !== undefined && item.key === named?.key && item.kind === named.kind;

  const isWaiting = !isOtherList && at.isWaiting;
  const isLost = named !== null && item !== undefined && !isAtRecord && !isWaiting && found === -1;
  const located = useQueryCall('pending.locate', { ...list, item: named ?? { key: '', kind: 'update' } }, { enabled: isLost }).data?.index;
  if (isOtherList) setAt({ index: start, isWaiting: false, opened: list.opened });
  else if (isWaiting && isAtRecord) setAt({ ...at, isWaiting: false });
  else if (!isWaiting && !isAtRecord && found !== -1) setAt({ ...at, index: found });
  else if (isLost && typeof located === 'number' && located !== index) setAt({ ...at, index: located });
  const reached = isWaiting && item ? item : null;
  useEffect(() => {
    if (reached) changeQuery({ record: reached.key, kind: reached.kind, why: null }, { replace: true });
  }, [reached]);

  const move = (to: number) => {
    const next = pages.itemAt(to);
    setAt({ index: to, isWaiting: next === undefined, opened: list.opened });
    if (next) changeQuery({ record: next.key, kind: next.kind, why: null }, { replace: true });
  };
  const record = named ?? (item ? { key: item.key, kind: item.kind } : null);
  return { index, record, isWaiting, isAway: isLost, isMissing: isLost && located === null, move };
}
