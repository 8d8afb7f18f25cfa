import { useQuery } from '@tanstack/react-query';
import type { RunProgress } from '../../../shared/domain/batch.ts';
import { runProgressKey } from '../../api/follow-events.ts';
import { errorOf, useQueryCall } from '../../api/query-call.ts';
import { Banner } from '../../components/Banner.tsx';
import { DataText } from '../../components/DataText.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { Hash } from '../../components/Hash.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { SeverityMark, Tag } from '../../components/Mark.tsx';
import { batchStateWords, createsAndUpdates, plural } from '../../words.ts';
import { batchVerdict } from '../../words/runs.ts';
import { ApprovalsPanel } from './ApprovalsPanel.tsx';
import { BatchActions } from './BatchActions.tsx';
import { BatchRecords } from './BatchRecords.tsx';
import { Chunks } from './Chunks.tsx';
import { ErrorGroups, settledGroups } from './ErrorGroups.tsx';
import { GatesPanel, StrataPanel } from './PilotPanels.tsx';
import { Lifecycle } from './Lifecycle.tsx';
import { PreflightPanel, RunTimeline } from './SidePanels.tsx';
import { ProgressPanel } from './ProgressPanel.tsx';
import { RunBanners } from './RunBanners.tsx';
import { useBatchCommands } from './use-batch-commands.tsx';
import css from './Batches.module.css';

/** One batch: where it is in its life, what was sent, what became of it. */
export function BatchPane({ id }: { id: string }) {
  const show = useQueryCall('batches.show', { id }, { keepPrevious: true });
  const { data: progress } = useQuery<RunProgress | null>({ queryKey: runProgressKey(id), queryFn: () => null, enabled: false, initialData: null });
  const detail = show.data;
  useBatchCommands(detail);
  if (show.error && !detail) {
    return (
      <>
        <PageHead title="Batches" isBar={false} />
        <FailureBanner what="The batch could not be read" error={errorOf(show.error)} onRetry={() => void show.refetch()} />
      </>
    );
  }
  if (!detail) {
    return (
      <>
        <PageHead title="Batches" isBar={false} />
        <EmptyState icon="batches" title="Loading the batch" />
      </>
    );
  }
  const { batch } = detail;
  const fields = batch.fields === null ? '' : `, ${plural(batch.fields, 'field')}`;
  const run = detail.runs.find((candidate) => candidate.id === batch.runId) ?? detail.runs.at(-1) ?? null;
  const live = progress && run && progress.runId === run.id && run.state === 'running' ? progress : null;
  const verdict = batchVerdict(batch);
  const counts = live?.counts ?? batch.outcomes ?? run?.counts ?? null;
  return (
    <>
      <div className={css['batch-head']}>
        <PageHead title={<DataText text={batch.name} />} isBar={false} actions={<BatchActions detail={detail} />}>
          <Tag isSolid>{batchStateWords[batch.state]}</Tag>
          {verdict && <SeverityMark severity={verdict.look}>{verdict.text}</SeverityMark>}
          <span className="muted nowrap">
            {createsAndUpdates(batch.creates, batch.updates)}
            {fields}
          </span>
          {batch.planHash !== null && <Hash hash={batch.planHash} label="Plan" />}
        </PageHead>
      </div>
      <div className={css['banners']}>
        {show.error && <FailureBanner what="The batch could not be read" error={errorOf(show.error)} onRetry={() => void show.refetch()} />}
        {detail.planStale && (
          <Banner severity="warning" icon="stale" title="The plan is stale.">
            Records changed in the newest snapshot. It stays readable and cannot be pushed. Withdraw it and submit again to plan anew; approvals fall away.
          </Banner>
        )}
        {batch.state === 'rejected' && (
          <Banner severity="warning" icon="x-circle" title={`Rejected by ${batch.rejectedBy ?? 'an admin'}.`}>
            {batch.rejectedReason !== null && (
              <>
                “<DataText text={batch.rejectedReason} />”
              </>
            )}
          </Banner>
        )}
        {run && counts && <RunBanners detail={detail} run={run} counts={counts} />}
      </div>
      <Lifecycle batch={batch} run={run} progress={live} />
      <div className={css['batch-columns']}>
        <div className={css['column']}>
          {counts && run && <ProgressPanel batch={batch} run={run} counts={counts} progress={live} />}
          {detail.chunks.length > 0 && <Chunks chunks={detail.chunks} isSending={run?.state === 'running'} />}
          {settledGroups(detail).length > 0 && <ErrorGroups detail={detail} />}
          {batch.isPilot && batch.strata.length > 0 && <StrataPanel batch={batch} />}
          {!batch.isPilot && detail.gates.length > 0 && <GatesPanel detail={detail} />}
          <BatchRecords batch={batch} />
        </div>
        <div className={css['column']}>
          <ApprovalsPanel batch={batch} />
          {detail.preflight.length > 0 && <PreflightPanel detail={detail} />}
          <RunTimeline detail={detail} />
        </div>
      </div>
    </>
  );
}
