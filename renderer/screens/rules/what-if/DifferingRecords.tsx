import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { whatIfStates, type WhatIf } from '../../../../shared/domain/what-if.ts';
import { useClient } from '../../../api/client-context.tsx';
import { errorOf } from '../../../api/query-call.ts';
import { changeQuery, usePlace } from '../../../app/place.ts';
import { Button } from '../../../components/Button.tsx';
import { FailureCallout } from '../../../components/Failure.tsx';
import { Panel } from '../../../components/Panel.tsx';
import { number, plural } from '../../../words.ts';
import { whatIfStateWords } from '../../../words/what-if.ts';
import { DifferingRecord } from './DifferingRecord.tsx';
import css from './WhatIf.module.css';

const pageSize = 200;

/** The records that differ, by state and field, page by page. */
export function DifferingRecords({ result }: { result: WhatIf }) {
  const client = useClient();
  const { query } = usePlace();
  const state = whatIfStates.find((one) => one === query.get('records')) ?? null;
  const fields = [...new Map(result.kinds.map(({ field, label }) => [field, label]))];
  const field = fields.find(([name]) => name === query.get('of'))?.[0] ?? null;
  const pages = useInfiniteQuery({
    queryKey: ['whatIf.records', result.id, state, field],
    queryFn: ({ pageParam, signal }) =>
      client.call('whatIf.records', { id: result.id, limit: pageSize, ...(state === null ? {} : { state }), ...(field === null ? {} : { field }), ...(pageParam === null ? {} : { after: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? null;
  const left = (total ?? 0) - items.length;
  const list = useRef<HTMLUListElement>(null);
  /** The focus goes on with the first of the new ones: after the last page the button is gone. */
  const goOnFrom = useRef<number | null>(null);
  useEffect(() => {
    if (goOnFrom.current === null || items.length <= goOnFrom.current) return;
    (list.current?.children[goOnFrom.current] as HTMLElement | undefined)?.focus();
    goOnFrom.current = null;
  }, [items.length]);
  return (
    <Panel
      title="Records"
      meta={total === null ? 'counting…' : plural(total, 'record')}
      isPadded={false}
      actions={
        <>
          <select className={`input select ${css['narrow']}`} aria-label="State" value={state ?? 'all'} onChange={(event) => changeQuery({ records: event.target.value }, { replace: true })}>
            <option value="all">Any state</option>
            {whatIfStates.map((one) => (
              <option key={one} value={one}>
                {whatIfStateWords[one]} ({number(result[one])})
              </option>
            ))}
          </select>
          <select className={`input select ${css['narrow']}`} aria-label="Field that differs" value={field ?? ''} onChange={(event) => changeQuery({ of: event.target.value === '' ? null : event.target.value }, { replace: true })}>
            <option value="">Any field</option>
            {fields.map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </>
      }
    >
      {pages.error && <FailureCallout what="The records could not be read" error={errorOf(pages.error)} onRetry={() => void pages.refetch()} />}
      {total === 0 && <p className={css['none']}>No record of this kind.</p>}
      <ul className={css['records']} ref={list}>
        {items.map((record) => (
          <DifferingRecord key={`${record.kind} ${record.key}`} record={record} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <p className={css['more']}>
          <Button
            size="small"
            off={pages.isFetchingNextPage ? 'They are being read.' : null}
            onClick={() => {
              goOnFrom.current = items.length;
              void pages.fetchNextPage();
            }}
          >
            Show {number(Math.min(pageSize, left))} more
          </Button>
          <span className="muted small">{plural(left, 'record')} not shown</span>
        </p>
      )}
    </Panel>
  );
}
