import { isOpenRun, type BatchDetail, type Run } from '../../../shared/domain/batch.ts';
import { outcomes, type OutcomeCounts } from '../../../shared/domain/outcome.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { Banner } from '../../components/Banner.tsx';
import { DataText } from '../../components/DataText.tsx';
import { number, plural } from '../../words.ts';
import { countsInWords, openRunWords, resumeMeaning, sumOf } from '../../words/runs.ts';

/** A run that waits: what happened, why, and what resuming does. The button for it is the main action of the batch. */
function OpenRunBanner({ run }: { run: Run }) {
  const words = openRunWords[run.state === 'stopped' ? 'stopped' : 'interrupted'];
  return (
    <Banner severity={run.state === 'stopped' ? 'warning' : 'blocker'} icon="stop" title={`Run ${run.id} ${words.was}.`}>
      {run.stopReason ? <DataText text={run.stopReason.message} /> : words.meaning} {resumeMeaning}
    </Banner>
  );
}

function AbortedBanner({ run, counts }: { run: Run; counts: OutcomeCounts }) {
  return (
    <Banner severity="warning" icon="stop" title={`Run ${run.id} was abandoned.`}>
      {run.stopReason && <DataText text={`${run.stopReason.message.replace(/\.$/u, '')}.`} />} What became of its {plural(counts.planned, 'record')}: {countsInWords(counts, outcomes.filter((outcome) => counts[outcome] > 0))}.
    </Banner>
  );
}

/** What must be known of the run of a batch before anything else: sums that are wrong, a run that waits or was given up, a run in vain. */
export function RunBanners({ detail, run, counts }: { detail: BatchDetail; run: Run; counts: OutcomeCounts }) {
  const { batch } = detail;
  const isInVain = batch.state === 'completed-with-errors' && counts.succeeded === 0;
  return (
    <>
      {sumOf(counts) !== counts.planned && (
        <Banner severity="blocker" title="The counts do not add up." actions={<CommandButton id="pause" size="small" popup="dialog" />}>
          The outcomes of run {run.id} make {number(sumOf(counts))}, but {number(counts.planned)} were planned. Nothing of this batch can be pushed before it is understood. Verify the audit log.
        </Banner>
      )}
      {isOpenRun(run) && <OpenRunBanner run={run} />}
      {batch.state === 'aborted' && <AbortedBanner run={run} counts={counts} />}
      {isInVain && (
        <Banner severity="blocker" title={`No record of ${batch.name} succeeded.`}>
          What needs you, below, says why.
        </Banner>
      )}
    </>
  );
}
