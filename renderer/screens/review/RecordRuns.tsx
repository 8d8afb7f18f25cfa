import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import type { RecordRun } from '../../../shared/domain/outcome.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { DataText } from '../../components/DataText.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { FieldDiffTable, type FieldDiffRow } from '../../components/FieldDiffTable.tsx';
import { Link } from '../../components/Link.tsx';
import { OutcomeMark } from '../../components/Mark.tsx';
import { Verbatim } from '../../components/Verbatim.tsx';
import { momentOf } from '../../words/dates.ts';
import css from './RecordRuns.module.css';

/** What became of the record in earlier runs; nothing where no run had it. */
export function RecordRuns({ detail }: { detail: PendingDetail }) {
  const answer = useQueryCall('records.runs', { key: detail.key });
  const now = useNow();
  if (answer.error) return <FailureBanner what="The runs of this record could not be read" error={errorOf(answer.error)} onRetry={() => void answer.refetch()} />;
  const runs = answer.data?.runs ?? [];
  if (runs.length === 0) return null;
  return (
    <ol className={css['runs']} aria-label="Runs of this record">
      {runs.map((run) => (
        <li key={`${run.runId} ${run.kind}`}>
          <p className={css['head']}>
            <OutcomeMark outcome={run.outcome} />
            <Link to={addressOf('batches', { id: run.batchId })}>
              <DataText text={`Run ${run.runId} of ${run.batchName}`} />
            </Link>
            <time className="muted" dateTime={run.at} title={run.at}>
              {momentOf(run.at, now)}
            </time>
          </p>
          {(run.code !== null || run.message !== null) && <Verbatim label={`What Salesforce said in run ${run.runId}`} text={[run.code, run.message].filter((part) => part !== null).join(': ')} />}
          {run.sent !== null && <SentValues run={run} />}
        </li>
      ))}
    </ol>
  );
}

/** The values that were sent, beside the ones that were there just before. */
function SentValues({ run }: { run: RecordRun }) {
  const labels = new Map(useInfo()?.mapping.fields.map((field) => [field.field, field.label]));
  const rows = Object.entries(run.sent ?? {}).map(([field, after]): FieldDiffRow => {
    const before = run.before?.[field] ?? null;
    return { field, label: labels.get(field) ?? field, before, after, change: before === after ? 'equal' : before === null ? 'filled' : after === null ? 'cleared' : 'changed' };
  });
  return (
    <details>
      <summary>Sent values of run {run.runId}</summary>
      <FieldDiffTable heads={{ before: 'Before', after: 'Sent' }} rows={rows} label={`Sent values of run ${run.runId}`} />
    </details>
  );
}
