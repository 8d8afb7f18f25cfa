import { metricNames, type Metric, type MetricName } from '../../../shared/domain/metric.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { newestRunOf } from '../../app/use-run-sign.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Callout } from '../../components/Banner.tsx';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Link } from '../../components/Link.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { PageBody, PageHead } from '../../components/PageHead.tsx';
import { Panel } from '../../components/Panel.tsx';
import { metricWords, number, percent, plural } from '../../words.ts';
import { batchVerdict } from '../../words/runs.ts';
import { AuditPanel } from './AuditPanel.tsx';
import buttonCss from '../../components/Button.module.css';
import css from './Overview.module.css';

/** What became of the newest run, where that is not all well: a rate alone says nothing of records that are unknown or were not sent. */
function LastRunMark() {
  const newest = newestRunOf(useQueryCall('batches.list', {}, { keepPrevious: true }).data?.batches ?? []);
  const verdict = newest && batchVerdict(newest);
  if (!newest || !verdict || verdict.look === 'ok') return null;
  return (
    <p className="small">
      <SeverityMark severity={verdict.look}>
        <Link to={addressOf('batches', { batch: newest.id })}>{verdict.text}</Link>
      </SeverityMark>
    </p>
  );
}

function MetricTile({ name, metric }: { name: MetricName; metric: Metric }) {
  const words = metricWords[name];
  const value = metric.value === null ? 'no data' : words.isShare ? percent(metric.value) : number(metric.value);
  const of = metric.numerator === null || metric.denominator === null ? '' : `${number(metric.numerator)} of ${number(metric.denominator)} ${words.of}, `;
  return (
    <div className={css['metric']}>
      <h3>{words.name}</h3>
      <p className={css['metric-value']}>
        <b>{value}</b>
      </p>
      <p className={css['metric-of']}>
        {of}
        {metric.window}
      </p>
      {name === 'errorRateLastRun' && <LastRunMark />}
    </div>
  );
}

/** What is waiting, in numbers that can be checked. */
export function OverviewScreen() {
  const info = useInfo();
  const call = useQueryCall('status.metrics', {}, { keepPrevious: true, enabled: info?.snapshot !== null });
  const snapshot = info?.snapshot ?? null;
  const pending = snapshot ? snapshot.creates + snapshot.updates : 0;
  return (
    <>
      <PageHead
        title="Overview"
        actions={
          <>
            {info?.snapshot !== null && <CommandButton id="refresh" icon="refresh" />}
            {pending > 0 && <Link className={classNames(buttonCss['btn'], buttonCss['btn-primary'])} to={addressOf('review')}>Review {plural(pending, 'change')}</Link>}
          </>
        }
      />
      {call.error && <FailureBanner what="The metrics could not be computed" error={errorOf(call.error)} onRetry={() => void call.refetch()} />}
      {info && !snapshot ? (
        <EmptyState icon="overview" title="No snapshot yet" actions={<CommandButton id="refresh" look="primary" icon="refresh" />}>
          The numbers come from a snapshot. Load the first one.
        </EmptyState>
      ) : (
        <PageBody>
          {!call.data && !call.error && (
            <Panel title="Metrics" meta="counting…">
              <p className="muted">Each number comes with what it was counted from.</p>
            </Panel>
          )}
          {call.data && (
            <Panel title="Metrics" isPadded={false}>
              <div className={css['metrics']}>
                {metricNames.map((name) => {
                  const metric = call.data.metrics[name];
                  return metric && <MetricTile key={name} name={name} metric={metric} />;
                })}
              </div>
            </Panel>
          )}
          <AuditPanel />
          <Callout icon="overview">Rollout, success criteria, alerts and history are not built yet; they will be here.</Callout>
        </PageBody>
      )}
    </>
  );
}
