import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { formatFilter } from '../../../../shared/domain/filter.ts';
import { sinceLastStates, type SinceLast as Item, type Snapshot } from '../../../../shared/domain/snapshot.ts';
import { useClient } from '../../../api/client-context.tsx';
import { errorOf } from '../../../api/query-call.ts';
import { addressOf } from '../../../app/place.ts';
import { Button } from '../../../components/Button.tsx';
import { DataText } from '../../../components/DataText.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { Link } from '../../../components/Link.tsx';
import { KindMark } from '../../../components/Mark.tsx';
import { PageBody } from '../../../components/PageHead.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { number, plural, sinceLastWords } from '../../../words.ts';
import css from './SinceLast.module.css';

const pageSize = 25;

function ItemLine({ item }: { item: Item }) {
  const name = item.name ?? item.key;
  return (
    <li>
      <KindMark kind={item.kind} />
      <span className={css['name']}>
        <DataText text={name} />{' '}
        <span className="mono muted">
          <DataText text={item.key} />
        </span>
      </span>
      {item.state === 'removed' ? (
        <Link to={addressOf('audit', { key: item.key })} label={`History of ${name}`}>
          History
        </Link>
      ) : (
        <Link to={addressOf('review', { filter: formatFilter([{ name: 'key', value: item.key, negated: false }]), record: item.key, kind: item.kind })} label={`Show as filter: ${name}`}>
          Show as filter
        </Link>
      )}
    </li>
  );
}

function StateList({ state }: { state: Item['state'] }) {
  const client = useClient();
  const pages = useInfiniteQuery({
    queryKey: ['snapshot.sinceLast', state],
    queryFn: ({ pageParam, signal }) => client.call('snapshot.sinceLast', { state, limit: pageSize, ...(pageParam === null ? {} : { after: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? null;
  const left = (total ?? 0) - items.length;
  const words = sinceLastWords[state];
  const list = useRef<HTMLUListElement>(null);
  /** The focus goes on with the first of the new ones: after the last page the button is gone. */
  const goOnFrom = useRef<number | null>(null);
  const showMore = () => {
    goOnFrom.current = items.length;
    void pages.fetchNextPage();
  };
  useEffect(() => {
    if (goOnFrom.current === null || items.length <= goOnFrom.current) return;
    list.current?.children[goOnFrom.current]?.querySelector('a')?.focus();
    goOnFrom.current = null;
  }, [items.length]);
  return (
    <Panel title={words.title} meta={total === null ? 'counting…' : `${number(total)}: ${words.meaning}`} isPadded={false}>
      {pages.error && <FailureCallout error={errorOf(pages.error)} />}
      {total === 0 && <p className={css['empty']}>{words.none}</p>}
      {items.length > 0 && (
        <ul className={css['items']} ref={list}>
          {items.map((item) => (
            <ItemLine key={`${item.kind} ${item.key}`} item={item} />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <p className={css['more']}>
          <Button size="small" off={pages.isFetchingNextPage ? 'They are being read.' : null} onClick={showMore}>
            Show {number(Math.min(pageSize, left))} more
          </Button>
          <span className="muted small">{plural(left, 'record')} not shown</span>
        </p>
      )}
    </Panel>
  );
}

/** What the last refresh added, changed and took away. */
export function SinceLast({ snapshot }: { snapshot: Snapshot }) {
  return (
    <PageBody>
      <p className="muted">
        {snapshot.id} compared with the snapshot before it. {number(snapshot.added)} added, {number(snapshot.changed)} changed, {number(snapshot.removed)} removed. A decision on a changed record has fallen away; its history says which.
      </p>
      {sinceLastStates.map((state) => (
        <StateList key={state} state={state} />
      ))}
    </PageBody>
  );
}
