import { memo, useEffect } from 'react';
import type { PendingDetail, PendingItem, PendingKey } from '../../../shared/domain/pending-change.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { useBindCommands } from '../../commands/store.tsx';
import { Button, ButtonGroup } from '../../components/Button.tsx';
import { CheckList } from '../../components/CheckList.tsx';
import { DataText } from '../../components/DataText.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { KindMark, Tag } from '../../components/Mark.tsx';
import { Link } from '../../components/Link.tsx';
import { Timeline } from '../../components/Timeline.tsx';
import { formatFilter } from '../../../shared/domain/filter.ts';
import { plural } from '../../words.ts';
import { momentOf } from '../../words/dates.ts';
import { Comments } from './Comments.tsx';
import { Contributors } from './Contributors.tsx';
import { DecisionBar } from './DecisionBar.tsx';
import { FieldDiffSection } from './FieldDiffSection.tsx';
import { InspectorSection } from './InspectorSection.tsx';
import { RecordAttention } from './RecordAttention.tsx';
import { RecordFacts } from './RecordFacts.tsx';
import { RecordRuns } from './RecordRuns.tsx';
import { useMark } from './use-mark.ts';
import { useReadAhead, type Neighbours } from './use-neighbours.ts';
import css from './Inspector.module.css';

const viewedAfterMs = 1_000;

export interface InspectorProps {
  record: PendingKey | null;
  /** Whether the list that has the record is still being read. */
  isAwaited: boolean;
  /** Its row, where that is loaded. */
  item: PendingItem | undefined;
  neighbours: Neighbours;
  onStep: (step: 1 | -1) => void;
  onBack: () => void;
}

/** Everything about one pending change, and the decision on it. */
export function Inspector({ record, isAwaited, item, neighbours, onStep, onBack }: InspectorProps) {
  const show = useQueryCall('pending.show', record ?? { key: '' }, { enabled: record !== null, keepPrevious: true });
  const detail = show.data;
  const isReading = show.isPlaceholderData;
  useViewed(isReading ? undefined : detail);
  useReadAhead(neighbours);
  return (
    <section className={css['inspector']} aria-label="Record" data-letters="" data-region="" onKeyDown={(event) => event.key === 'Escape' && onBack()}>
      {show.error && <FailureBanner what="The record could not be read" error={errorOf(show.error)} onRetry={() => void show.refetch()} />}
      {detail && record ? (
        <>
          <InspectorHead named={isReading ? (item ?? { ...record, name: record.key }) : detail} detail={detail} isReading={isReading} onStep={onStep} />
          {isReading && <Reading />}
          <div className={css['inspector-body']} tabIndex={0} role="group" aria-label="Record details" aria-busy={isReading}>
            <FieldDiff detail={detail} />
            <Evidence detail={detail} />
            <Comments detail={detail} />
          </div>
          <DecisionBar known={isReading ? item : detail} />
        </>
      ) : (
        !show.error && (
          <EmptyState icon="review" title={record || isAwaited ? 'Loading the record' : 'No record chosen'}>
            {record || isAwaited ? undefined : 'A record that is chosen in the list is shown here, field by field, with the reason for each change.'}
          </EmptyState>
        )
      )}
    </section>
  );
}

/** While the record before is still drawn: says so after a moment, and keeps the commands of the drawn one from being run for another. */
function Reading() {
  const off = 'The record is still being read.';
  const isOff = { run: () => undefined, off };
  useBindCommands({ why: isOff, unchanged: isOff, 'leave-out': isOff, comment: isOff });
  return <p className={css['reading']}>{off}</p>;
}

const FieldDiff = memo(FieldDiffSection);

/** What is read after the field diff. */
const Evidence = memo(function Evidence({ detail }: { detail: PendingDetail }) {
  return (
    <>
      <Contributors detail={detail} />
      <RecordChecks detail={detail} />
      <History detail={detail} />
    </>
  );
});

/** Marks a record as viewed once it has been in the inspector for a second; `Come back` holds until one leaves it. */
function useViewed(detail: PendingDetail | undefined): void {
  const readOnly = useInfo()?.readOnly ?? true;
  const mark = useMark();
  const key = detail?.key;
  const kind = detail?.kind;
  const needsMark = detail !== undefined && detail.mark === 'unseen' && !readOnly;
  useEffect(() => {
    if (!needsMark || key === undefined || kind === undefined) return undefined;
    const timer = window.setTimeout(() => mark({ key, kind }, 'viewed'), viewedAfterMs);
    return () => window.clearTimeout(timer);
  }, [needsMark, key, kind, mark]);
}

/** Names the record at once; its facts come with the rest. */
function InspectorHead({ named, detail, isReading, onStep }: { named: Pick<PendingItem, 'name' | 'kind'> & Partial<Pick<PendingItem, 'priority'>>; detail: PendingDetail; isReading: boolean; onStep: (step: 1 | -1) => void }) {
  return (
    <header className={css['inspector-head']}>
      <div className={css['inspector-title']}>
        <h2 className="clip">
          <DataText text={named.name} />
        </h2>
        {named.priority !== undefined && <Tag priority={named.priority}>{named.priority}</Tag>}
        <KindMark kind={named.kind} />
        <ButtonGroup className="end">
          <Button icon="up" size="small" label="Previous record" onClick={() => onStep(-1)} />
          <Button icon="down" size="small" label="Next record" onClick={() => onStep(1)} />
        </ButtonGroup>
      </div>
      <div aria-busy={isReading}>
        <RecordFacts detail={detail} />
        <RecordAttention detail={detail} />
      </div>
    </header>
  );
}

function RecordChecks({ detail }: { detail: PendingDetail }) {
  const blockers = detail.recordChecks.filter((check) => check.severity === 'blocker').length;
  const warnings = detail.recordChecks.length - blockers;
  const meta = [blockers > 0 ? plural(blockers, 'blocker') : '', warnings > 0 ? plural(warnings, 'warning') : ''].filter((part) => part !== '').join(', ');
  const found = detail.recordChecks.map((check) => ({
    id: check.id,
    severity: check.severity,
    text: check.meaning,
    detail: (
      <>
        {check.detail !== null && <DataText text={`${check.detail.replace(/[.]$/u, '')}. `} />}
        {check.fix}
      </>
    ),
    end: <Link to={addressOf('review', { filter: formatFilter([{ name: 'check', value: check.id, negated: false }]) })}>Show all</Link>,
  }));
  const rest = [
    ...(found.length === 0 ? [{ id: 'passed', severity: 'ok' as const, text: 'No check found anything about this record.' }] : []),
    { id: 'not-checked', severity: 'unchecked' as const, text: 'Salesforce validation rules, triggers and flows', detail: 'Only Salesforce can evaluate these, during the push.' },
  ];
  return (
    <InspectorSection title="Checks" meta={meta === '' ? 'nothing found' : meta}>
      <CheckList items={[...found, ...rest]} />
    </InspectorSection>
  );
}

function History({ detail }: { detail: PendingDetail }) {
  const now = useNow();
  return (
    <InspectorSection title="History" meta={plural(detail.history.length, 'event')} actions={<Link to={addressOf('audit', { key: detail.key })}>Audit log</Link>}>
      <div className={css['history']}>
        {detail.history.length === 0 ? (
          <p className="muted small">No event names this record yet.</p>
        ) : (
          <Timeline label={`History of ${detail.name ?? detail.key}`} entries={detail.history.map((entry) => ({ id: entry.seq, time: momentOf(entry.at, now), title: entry.at, text: <DataText text={`${entry.summary} (${entry.actor})`} /> }))} />
        )}
        <RecordRuns detail={detail} />
      </div>
    </InspectorSection>
  );
}
