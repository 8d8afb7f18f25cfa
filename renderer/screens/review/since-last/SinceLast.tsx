import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { sinceLastStates, type SinceLast as Item, type Snapshot } from '../../../../shared/domain/snapshot.ts';
import { useClient } from '../../../api/client-context.tsx';
import { errorOf, useQueryCall } from '../../../api/query-call.ts';
import { addressOf, goTo } from '../../../app/place.ts';
import { Button } from '../../../components/Button.tsx';
import { FailureBanner } from '../../../components/Failure.tsx';
import { Link } from '../../../components/Link.tsx';
import { PageBody } from '../../../components/PageHead.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { number, plural, sinceLastWords } from '../../../words.ts';
import { broughtWords, fallenCount } from '../../../words/since-last.ts';
import { SinceLastItem } from './SinceLastItem.tsx';
import css from './SinceLast.module.css';

const pageSize = 25;

/** The ways to review a list again: as a filter, with the number that it opens. */
function ReviewLinks({ state }: { state: Item['state'] }) {
  const facets = useQueryCall('pending.facets', { filter: '' }, { keepPrevious: true }).data;
  const pending = facets?.since.find((fact) => fact.value === state)?.count ?? 0;
  if (state === 'removed' || !facets || pending === 0) return null;
  const fallen = state === 'changed' ? (['approve', 'hold', 'exclude'] as const).map((decision) => ({ decision, count: facets.fallen.find((fact) => fact.value === decision)?.count ?? 0 })) : [];
  return (
    <>
      {fallen
        .filter(({ count }) => count > 0)
        .map(({ decision, count }) => (
          <Link key={decision} to={addressOf('review', { filter: `fallen:${decision}` })}>
            Show {fallenCount(decision, count)}
          </Link>
        ))}
      <Button size="small" onClick={() => goTo(addressOf('review', { filter: `since:${state}` }))}>
        {state === 'changed' ? `Review again ${number(pending)}` : `Review ${number(pending)}`}
      </Button>
    </>
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
    <Panel title={words.title} meta={total === null ? (pages.error ? 'not counted' : 'counting…') : `${number(total)}: ${words.meaning}`} actions={<ReviewLinks state={state} />} isPadded={false}>
      {pages.error && <FailureBanner what="The list could not be read" error={errorOf(pages.error)} onRetry={() => void pages.refetch()} />}
      {total === 0 && <p className={css['empty']}>{words.none}</p>}
      {items.length > 0 && (
        <ul className={css['items']} ref={list}>
          {items.map((item) => (
            <SinceLastItem key={`${item.kind} ${item.key}`} item={item} />
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
        {broughtWords(snapshot)}
      </p>
      {sinceLastStates.map((state) => (
        <StateList key={state} state={state} />
      ))}
    </PageBody>
  );
}
