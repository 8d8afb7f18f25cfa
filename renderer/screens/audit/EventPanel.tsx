import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import type { FieldValue } from '../../../shared/domain/field-value.ts';
import { outcomes } from '../../../shared/domain/outcome.ts';
import type { Anchor } from '../../../shared/domain/warehouse.ts';
import { summarizeEvent } from '../../../shared/domain/summarize-event.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { DataText } from '../../components/DataText.tsx';
import { FieldDiffTable } from '../../components/FieldDiffTable.tsx';
import { Link } from '../../components/Link.tsx';
import { OutcomeMark } from '../../components/Mark.tsx';
import { Timeline } from '../../components/Timeline.tsx';
import { classNames } from '../../components/class-names.ts';
import { auditTypeWords, factLabel, factValue } from '../../words/audit.ts';
import { number } from '../../words.ts';
import { clockOf, longDayOf, momentOf, timeZone } from '../../words/dates.ts';
import asideCss from '../../components/Aside.module.css';
import { EventProof } from './EventProof.tsx';
import factsCss from '../../components/Facts.module.css';
import css from './Audit.module.css';

function valuesOf(data: unknown): Record<string, FieldValue> | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  const entries = Object.entries(data).filter((entry): entry is [string, FieldValue] => entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]));
  return Object.fromEntries(entries);
}

function Values({ event }: { event: AuditEvent }) {
  const fields = useInfo()?.mapping.fields ?? [];
  const after = valuesOf(event.data['after']);
  if (!after) return null;
  const before = valuesOf(event.data['before']) ?? {};
  const rows = Object.keys(after).map((field) => {
    const [old, written] = [before[field] ?? null, after[field] ?? null];
    return { field, label: fields.find((mapped) => mapped.field === field)?.label ?? field, before: old, after: written, change: old === written ? ('equal' as const) : ('changed' as const) };
  });
  return rows.length === 0 ? null : <FieldDiffTable heads={{ before: 'Before-image', after: 'Written' }} rows={rows} label="Before-image and written" />;
}

function OtherFacts({ event }: { event: AuditEvent }) {
  const rest = Object.entries(event.data).filter(([name]) => name !== 'before' && name !== 'after');
  return rest.map(([name, value]) => (
    <div key={name} className={css['fact']}>
      <dt>{factLabel(name)}</dt>
      <dd className={css['hash-text']}>
        <DataText text={factValue(value)} />
      </dd>
    </div>
  ));
}

function HistoryOf({ recordKey }: { recordKey: string }) {
  const now = useNow();
  const events = useQueryCall('audit.page', { key: recordKey, limit: 20 }, { keepPrevious: true }).data?.events ?? [];
  const entries = events.map((event) => ({ id: event.seq, time: momentOf(event.at, now), title: event.at, text: <DataText text={summarizeEvent(event)} /> }));
  return (
    <section aria-label={`History of ${recordKey}`}>
      <h3>
        History of <DataText text={recordKey} />
      </h3>
      <Timeline label={`Events of ${recordKey}`} entries={entries} />
    </section>
  );
}

/** One event in full: facts, values, proof, and the history of its record. */
export function EventPanel({ event, anchor, onBack }: { event: AuditEvent | undefined; anchor: Anchor | null; onBack: () => void }) {
  if (!event) {
    return (
      <aside className={asideCss['aside']} aria-label="Event">
        <section>
          <p className="muted">Choose an event to see it in full.</p>
        </section>
      </aside>
    );
  }
  const outcome = outcomes.find((one) => one === event.data['outcome']);
  const [onlyKey] = event.keys;
  return (
    <aside className={asideCss['aside']} aria-label="Event" tabIndex={-1} data-region="" onKeyDown={(pressed) => pressed.key === 'Escape' && onBack()}>
      <section aria-label={`Event ${number(event.seq)}`}>
        <div className={css['section-head']}>
          <h2>Event {number(event.seq)}</h2>
          {outcome && <OutcomeMark outcome={outcome} />}
        </div>
        <p>
          <DataText text={summarizeEvent(event)} />
        </p>
        <dl className={classNames(factsCss['facts'], 'small', css['section-space'])}>
          <dt>Event</dt>
          <dd>{auditTypeWords[event.type]}</dd>
          <dt>When</dt>
          <dd title={event.at}>
            {longDayOf(event.at)}, {clockOf(event.at)} ({timeZone})
          </dd>
          <dt>Who</dt>
          <dd>
            <DataText text={event.actor} />
          </dd>
          {event.keys.length > 0 && (
            <>
              <dt>Records</dt>
              <dd className={css['hash-text']}>
                {event.keys.slice(0, 5).map((key) => (
                  <span key={key}>
                    <Link to={addressOf('audit', { key })}>
                      <DataText text={key} />
                    </Link>{' '}
                  </span>
                ))}
                {event.keys.length > 5 && `and ${number(event.keys.length - 5)} more`}
              </dd>
            </>
          )}
          {event.batchId !== null && (
            <>
              <dt>Batch</dt>
              <dd>
                <Link to={addressOf('batches', { batch: event.batchId })}>{event.batchId}</Link>
              </dd>
            </>
          )}
          {event.runId !== null && (
            <>
              <dt>Run</dt>
              <dd>{event.runId}</dd>
            </>
          )}
          <OtherFacts event={event} />
        </dl>
        <Values event={event} />
      </section>
      <EventProof event={event} anchor={anchor} />
      {event.keys.length === 1 && onlyKey !== undefined && <HistoryOf recordKey={onlyKey} />}
    </aside>
  );
}
