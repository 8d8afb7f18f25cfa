import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { outcomes, type Outcome, type RecordOutcome } from '../../../shared/domain/outcome.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { addressOf, changeQuery, goTo, usePlace } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { classNames } from '../../components/class-names.ts';
import { KindMark, OutcomeMark } from '../../components/Mark.tsx';
import { Panel } from '../../components/Panel.tsx';
import { number, outcomeWords, plural } from '../../words.ts';
import { StaleCompare } from './StaleCompare.tsx';
import tableCss from '../../components/Table.module.css';
import css from './Batches.module.css';

const pageSize = 200;

function outcomeIn(text: string | null): Outcome | undefined {
  return outcomes.find((outcome) => outcome === text);
}

function RecordRow({ record, isOpen, onToggle, labelOf }: { record: RecordOutcome; isOpen: boolean; onToggle: () => void; labelOf: (field: string) => string }) {
  return (
    <>
      <tr>
        <th scope="row" className={css['name-cell']}>
          <Button size="small" look="quiet" onClick={() => goTo(addressOf('review', { filter: formatFilter([{ name: 'key', value: record.key, negated: false }]), record: record.key, kind: record.operation }))}>
            <DataText text={record.name} />
          </Button>
        </th>
        <td className={classNames('mono', css['key'])} title={record.key}>
          <DataText text={record.key} />
        </td>
        <td>
          <KindMark kind={record.operation} />
        </td>
        <td>
          <OutcomeMark outcome={record.outcome} />
        </td>
        <td className={css['fields']}>
          {record.code !== null && <div className="mono small">{record.code}</div>}
          {record.message !== null && (
            <span className="muted small">
              <DataText text={record.message} />
            </span>
          )}
        </td>
        <td className="num">
          <Button size="small" look="quiet" expanded={isOpen} onClick={onToggle}>
            {record.outcome === 'stale' ? 'Compare' : 'Values'}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={6}>
            <StaleCompare record={record} labelOf={labelOf} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The records of a batch with what became of each, by outcome. */
export function BatchRecords({ batch }: { batch: Batch }) {
  const { query } = usePlace();
  const client = useClient();
  const fields = useInfo()?.mapping.fields ?? [];
  const outcome = outcomeIn(query.get('outcome'));
  const code = query.get('code') ?? undefined;
  const [open, setOpen] = useState<string | null>(null);
  const input = { id: batch.id, limit: pageSize, ...(outcome === undefined ? {} : { outcome }), ...(code === undefined ? {} : { code }) };
  const records = useInfiniteQuery({
    queryKey: ['batches.records', input],
    queryFn: ({ pageParam, signal }) => client.call('batches.records', pageParam === null ? input : { ...input, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = records.data?.pages.flatMap((page) => page.items) ?? [];
  const total = records.data?.pages[0]?.total ?? 0;
  const labelOf = (name: string) => fields.find((field) => field.field === name)?.label ?? name;
  return (
    <Panel
      title="Records"
      meta={`${number(items.length)} of ${plural(total, 'record')} shown`}
      isPadded={false}
      actions={
        <select className="input select" aria-label="Outcome" value={outcome ?? ''} onChange={(event) => changeQuery({ outcome: event.target.value === '' ? null : event.target.value, code: null })}>
          <option value="">Any outcome</option>
          {outcomes.map((one) => (
            <option key={one} value={one}>
              {outcomeWords[one]}
            </option>
          ))}
        </select>
      }
      {...(records.hasNextPage
        ? {
            foot: (
              <Button size="small" onClick={() => void records.fetchNextPage()}>
                Show {number(Math.min(pageSize, total - items.length))} more
              </Button>
            ),
          }
        : {})}
    >
      {records.error && <FailureBanner what="The records of the batch could not be read" error={errorOf(records.error)} onRetry={() => void records.refetch()} />}
      {code !== undefined && (
        <p className={css['code-filter']}>
          Only code <span className="mono">{code}</span>{' '}
          <Button size="small" look="quiet" onClick={() => changeQuery({ code: null })}>
            Show all codes
          </Button>
        </p>
      )}
      <div className={css['records']} tabIndex={0} role="group" aria-label="Records of the batch">
        <table className={tableCss['table']}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Key</th>
              <th scope="col">Kind</th>
              <th scope="col">Outcome</th>
              <th scope="col">Code</th>
              <th scope="col">
                <span className="visually-hidden">Values</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((record) => {
              const id = `${record.operation} ${record.key}`;
              return <RecordRow key={id} record={record} isOpen={open === id} onToggle={() => setOpen(open === id ? null : id)} labelOf={labelOf} />;
            })}
            {items.length === 0 && !records.isPending && (
              <tr>
                <td colSpan={6} className="muted">
                  {batch.runId === null ? 'No record of this batch has this outcome: none is sent yet.' : 'No record has this outcome.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
