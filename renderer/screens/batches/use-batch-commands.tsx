import { isOpenRun, type Batch, type BatchDetail } from '../../../shared/domain/batch.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useDialogs } from '../../app/dialogs.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import { addressOf, goTo } from '../../app/place.ts';
import { usePushes } from '../../app/pushes.tsx';
import { readOnlyReason } from '../../app/off-reasons.ts';
import { useInfo } from '../../app/use-info.ts';
import { useBindCommands } from '../../commands/store.tsx';
import { hashHead } from '../../components/short-hash.ts';
import { NewBatchDialog } from '../../frame/NewBatchDialog.tsx';
import { failureWords, refusalRule } from '../../words/errors.ts';
import { number, plural } from '../../words.ts';
import { sumOf } from '../../words/runs.ts';
import { AbandonDialog } from './AbandonDialog.tsx';
import { ApproveDialog, RejectDialog } from './ApprovalDialogs.tsx';
import { OverrideDialog, RenameDialog } from './DraftDialogs.tsx';
import { DrawRestDialog } from './DrawRestDialog.tsx';
import { ExportPlanDialog } from './ExportPlanDialog.tsx';
import { ImportApprovalDialog } from './ImportApprovalDialog.tsx';
import { PushDialog } from './PushDialog.tsx';
import { RetryDialog } from './RetryDialog.tsx';

/** Binds what can be done with the batch that is shown, with the reason where it cannot. */
export function useBatchCommands(detail: BatchDetail | undefined): void {
  const info = useInfo();
  const { open } = useDialogs();
  const { notify } = useNotifications();
  const pushes = usePushes();
  const submit = useCommandCall('batch.submit');
  const withdraw = useCommandCall('batch.withdraw');
  const remove = useCommandCall('batch.delete');
  const stop = useCommandCall('run.stop');
  const batch = detail?.batch;
  const run = detail?.runs.find((candidate) => candidate.id === batch?.runId) ?? null;
  const readOnly = readOnlyReason(info);
  const inState = (...states: Batch['state'][]): string | null => readOnly ?? (batch && states.includes(batch.state) ? null : 'Not in this state of the batch.');
  const complain = (failure: Error) => notify(`${failureWords(errorOf(failure)).title}. ${errorOf(failure).message}`, { look: 'problem' });
  const doSubmit = () => {
    if (!batch) return;
    submit.mutate(
      { id: batch.id },
      {
        onSuccess: (submitted) => notify(`${submitted.name} is submitted. The plan ${hashHead(submitted.planHash ?? '')} is frozen and waits for ${plural(submitted.approvalsNeeded, 'approval')}.`),
        onError: (failure) => {
          if (refusalRule(errorOf(failure)) === 'pilot-gate') open((close) => <OverrideDialog batch={batch} error={errorOf(failure)} onClose={close} />);
          else complain(failure);
        },
      },
    );
  };
  const needsTyping = info?.org?.environment === 'production';
  const failed = batch?.outcomes?.failed ?? 0;
  const notSent = batch?.outcomes?.notSent ?? 0;
  const openRun = run !== null && isOpenRun(run) ? run : null;
  const counts = batch?.outcomes ?? null;
  const pushOff = counts !== null && sumOf(counts) !== counts.planned ? 'The counts of this batch do not add up.' : info?.paused ? 'Pushes are paused.' : null;
  useBindCommands(
    batch
      ? {
          'submit-batch': { run: doSubmit, off: inState('draft') ?? (submit.isPending ? 'The plan is being frozen.' : null) },
          'approve-batch': { run: () => open((close) => <ApproveDialog batch={batch} onClose={close} />), off: inState('submitted') },
          'reject-batch': { run: () => open((close) => <RejectDialog batch={batch} onClose={close} />), off: inState('submitted') },
          'export-plan': { run: () => open((close) => <ExportPlanDialog batch={batch} onClose={close} />), off: inState('submitted', 'approved') },
          'import-approval': { run: () => open((close) => <ImportApprovalDialog batch={batch} onClose={close} />), off: inState('submitted') },
          'withdraw-batch': { run: () => withdraw.mutate({ id: batch.id }, { onSuccess: (back) => notify(`${back.name} is a draft again.`), onError: complain }), off: inState('submitted', 'approved', 'rejected', 'expired'), label: batch.state === 'rejected' || batch.state === 'expired' ? 'Plan again' : 'Withdraw' },
          'push-batch': { run: () => open((close) => <PushDialog batch={batch} preflight={detail?.preflight ?? []} onClose={close} />), off: inState('approved') },
          'stop-run': { run: () => run && stop.mutate({ runId: run.id }, { onSuccess: () => notify(run.mode === 'bulk' ? `Run ${run.id} stops: its bulk job is aborted, and what it has done is read.` : `Run ${run.id} stops after this chunk.`), onError: complain }), off: inState('pushing') },
          'retry-batch': {
            run: () => (needsTyping ? open((close) => <RetryDialog batch={batch} onClose={close} />) : pushes.retry(batch)),
            off: inState('completed-with-errors') ?? (failed === 0 ? 'Nothing failed.' : pushOff),
            label: `Retry ${number(failed)}`,
          },
          'resume-run': { run: () => run && pushes.resume(run.id, batch.name), off: readOnly ?? (openRun ? pushOff : 'No run waits to be resumed.'), label: `Resume run ${run?.id ?? ''}`.trim() },
          'abandon-run': { run: () => openRun && open((close) => <AbandonDialog batch={batch} run={openRun} onClose={close} />), off: readOnly ?? (openRun ? null : 'No run stands still.'), label: openRun ? `Abandon run ${openRun.id}…` : undefined },
          'draw-rest': { run: () => open((close) => <DrawRestDialog batch={batch} onClose={close} />), off: inState('aborted') ?? (notSent === 0 ? 'Everything was sent.' : null), label: `Draw the ${number(notSent)} not sent anew…` },
          'draw-pilot': { run: () => open((close) => <NewBatchDialog onClose={close} />), off: readOnly },
          'rename-batch': { run: () => open((close) => <RenameDialog batch={batch} onClose={close} />), off: inState('draft') },
          'delete-batch': {
            run: () => remove.mutate({ id: batch.id }, { onSuccess: () => (goTo(addressOf('batches'), { replace: true }), notify(`Deleted the draft ${batch.name}.`)), onError: complain }),
            off: inState('draft'),
          },
        }
      : {},
  );
}
