import { useCallback, useRef, useState } from 'react';
import { auditEventTypes, type AuditEvent } from '../../../shared/domain/audit-event.ts';
import type { Anchor } from '../../../shared/domain/warehouse.ts';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';
import { errorOf } from '../../api/query-call.ts';
import { changeQuery, usePlace } from '../../app/place.ts';
import { useNow } from '../../app/use-now.ts';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Grid, type GridHandle } from '../../components/Grid.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { classNames } from '../../components/class-names.ts';
import { hashHead } from '../../components/short-hash.ts';
import { auditTypeWords } from '../../words/audit.ts';
import { number } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import { EventPanel } from './EventPanel.tsx';
import { useAudit, type AuditFilter } from './use-audit.ts';
import gridCss from '../../components/Grid.module.css';
import chipsCss from '../../components/FilterChips.module.css';
import css from './Audit.module.css';

const filterNames: Record<keyof AuditFilter, { words: string; parameter: string }> = {
  key: { words: 'Record is', parameter: 'key' },
  batchId: { words: 'Batch is', parameter: 'of' },
  type: { words: 'Event is', parameter: 'type' },
  actor: { words: 'Who is', parameter: 'actor' },
  text: { words: 'Text has', parameter: 'text' },
};

function EventCells({ event, now, isAnchored }: { event: AuditEvent; now: Date; isAnchored: boolean }) {
  return (
    <>
      <span role="gridcell" className={classNames(gridCss['cell-mark'], 'faint')}>
        <Icon name={isAnchored ? 'anchor' : 'link'} size="sm" label={isAnchored ? 'in the chain, last anchor' : 'in the chain'} />
      </span>
      <span role="rowheader" className="num mono muted">
        {number(event.seq)}
      </span>
      <span role="gridcell" className="muted" title={event.at}>
        {momentOf(event.at, now)}
      </span>
      <span role="gridcell">
        <DataText text={event.actor} />
      </span>
      <span role="gridcell">
        <DataText text={summarizeEvent(event)} />
      </span>
      <span role="gridcell" className={classNames('mono', 'muted', css['hash-cell'])} title={event.hash}>
        {hashHead(event.hash)}
      </span>
    </>
  );
}

/** `hasFailed`: the number will not come. */
function Filters({ filter, total, hasFailed }: { filter: AuditFilter; total: number | null; hasFailed: boolean }) {
  const names = Object.keys(filterNames) as (keyof AuditFilter)[];
  return (
    <div className={chipsCss['filter-chips']} role="group" aria-label="Active filters">
      {total === null ? (
        <span>{hasFailed ? 'not counted' : 'counting…'}</span>
      ) : (
        <span>
          <b className="strong">{number(total)}</b> {total === 1 ? 'event matches' : 'events match'}
        </span>
      )}
      {names.map((name) => {
        const value = filter[name];
        if (value === null) return null;
        const words = `${filterNames[name].words} ${value}`;
        return (
          <button key={name} className={chipsCss['filter-chip']} type="button" aria-label={`Remove filter ${words}`} onClick={() => changeQuery({ [filterNames[name].parameter]: null })}>
            <DataText text={words} />
            <Icon name="x" />
          </button>
        );
      })}
      <span className="end">Newest first</span>
    </div>
  );
}

/** The events of the chain with search and filters, and one of them in full. */
export function Events({ anchor }: { anchor: Anchor | null }) {
  const list = useAudit();
  const now = useNow();
  const { query } = usePlace();
  const [index, setIndex] = useState(0);
  const grid = useRef<GridHandle>(null);
  const panes = useRef<HTMLDivElement>(null);
  const wanted = Number(query.get('event') ?? '0');
  const found = wanted === 0 ? -1 : list.events.findIndex((event) => event.seq === wanted);
  const current = found === -1 ? Math.min(index, Math.max(0, (list.total ?? 1) - 1)) : found;
  const event = list.events[current];
  const actors = [...new Set(list.events.map((one) => one.actor))].sort();
  const move = (to: number) => {
    setIndex(to);
    const next = list.events[to];
    changeQuery({ event: next ? String(next.seq) : null }, { replace: true });
  };
  const { reach } = list;
  const onWindow = useCallback((_first: number, last: number) => reach(last), [reach]);
  return (
    <div className={css['audit']} ref={panes}>
      <section className={gridCss['grid-pane']} aria-label="Events">
        <div className={gridCss['grid-tools']}>
          <div className="grow">
            <SearchBox label="Search audit events" placeholder="Key, batch, name or text" value={list.filter.text ?? ''} onSearch={(text) => changeQuery({ text: text.trim() === '' ? null : text.trim(), event: null })} />
          </div>
          <select className={classNames('input', 'select', css['pick'])} aria-label="Event" value={list.filter.type ?? ''} onChange={(change) => changeQuery({ type: change.target.value === '' ? null : change.target.value, event: null })}>
            <option value="">Any event</option>
            {auditEventTypes.map((type) => (
              <option key={type} value={type}>
                {auditTypeWords[type]}
              </option>
            ))}
          </select>
          <select className={classNames('input', 'select', css['pick'])} aria-label="Who" value={list.filter.actor ?? ''} onChange={(change) => changeQuery({ actor: change.target.value === '' ? null : change.target.value, event: null })}>
            <option value="">Anyone</option>
            {[...new Set([...actors, ...(list.filter.actor === null ? [] : [list.filter.actor])])].map((actor) => (
              <option key={actor} value={actor}>
                {actor}
              </option>
            ))}
          </select>
        </div>
        <Filters filter={list.filter} total={list.total} hasFailed={list.error !== null} />
        {list.error && <FailureBanner what="The events could not be read" error={errorOf(list.error)} onRetry={list.retry} />}
        {list.total === 0 ? (
          <EmptyState
            icon="audit"
            title={Object.values(list.filter).every((value) => value === null) ? 'No events yet' : 'Nothing matches'}
            {...(Object.values(list.filter).every((value) => value === null) ? {} : { actions: <Button onClick={() => changeQuery({ key: null, of: null, type: null, actor: null, text: null })}>Clear filters</Button> })}
          >
            {Object.values(list.filter).every((value) => value === null) ? 'The first one is written when a snapshot is loaded.' : 'No event has all of these.'}
          </EmptyState>
        ) : (
          <Grid
            label="Audit events"
            rowCount={list.total ?? 0}
            columnCount={6}
            className={css['grid-columns']}
            handle={grid}
            head={
              <>
                <span role="columnheader">
                  <span className="visually-hidden">Chain</span>
                </span>
                <span role="columnheader" className="num">
                  Event
                </span>
                <span role="columnheader">Time</span>
                <span role="columnheader">Who</span>
                <span role="columnheader">What</span>
                <span role="columnheader" className={css['hash-cell']}>
                  Hash
                </span>
              </>
            }
            current={current}
            onMove={move}
            onOpen={() => panes.current?.querySelector<HTMLElement>('aside')?.focus()}
            onWindow={onWindow}
            row={(row) => {
              const one = list.events[row];
              return one ? { key: one.id, cells: <EventCells event={one} now={now} isAnchored={one.seq === anchor?.seq} /> } : null;
            }}
          />
        )}
        <div className={gridCss['grid-foot']}>
          <span>{event ? `Event ${number(event.seq)}` : ''}</span>
          <span>Exporting and verifying are recorded too.</span>
        </div>
      </section>
      <EventPanel event={event} anchor={anchor} onBack={() => grid.current?.focus()} />
    </div>
  );
}
