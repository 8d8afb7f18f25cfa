import { useRef } from 'react';
import { outcomes, type OutcomeCounts } from '../../shared/domain/outcome.ts';
import { readOnlyReason } from '../app/off-reasons.ts';
import { useInfo } from '../app/use-info.ts';
import { addressOf, goTo } from '../app/place.ts';
import { usePushes } from '../app/pushes.tsx';
import { useQueryCall } from '../api/query-call.ts';
import { Button } from '../components/Button.tsx';
import { DataText } from '../components/DataText.tsx';
import { Dialog, SummaryTable } from '../components/Dialog.tsx';
import { OutcomeMark } from '../components/Mark.tsx';
import { number, outcomeWords } from '../words.ts';
import { openRunWords, resumeMeaning } from '../words/runs.ts';

function Counts({ counts }: { counts: OutcomeCounts }) {
  return (
    <span className="cluster">
      {outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => (
          <OutcomeMark key={outcome} outcome={outcome}>
            {number(counts[outcome])} {outcomeWords[outcome].toLowerCase()}
          </OutcomeMark>
        ))}
    </span>
  );
}

/** A run that was cut off or stopped and waits: one step on, which looks up first and sends later. */
export function OpenRunDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const info = useInfo();
  const { resume } = usePushes();
  const records = useRef<HTMLButtonElement>(null);
  const batches = useQueryCall('batches.list', {}).data?.batches;
  const batch = batches?.find((candidate) => candidate.runId === runId);
  const detail = useQueryCall('batches.show', { id: batch?.id ?? '' }, { enabled: batch !== undefined }).data;
  const run = detail?.runs.find((candidate) => candidate.id === runId);
  if (batch && !run) return null;
  const words = openRunWords[run?.state === 'stopped' ? 'stopped' : 'interrupted'];
  const isInDoubt = (run?.counts.unknown ?? 0) > 0;
  const show = () => (onClose(), goTo(addressOf('batches', { batch: batch?.id ?? null, outcome: isInDoubt ? 'unknown' : null })));
  const goOn = () => (onClose(), goTo(addressOf('batches', { batch: batch?.id ?? null })), resume(runId, batch?.name ?? `Run ${runId}`));
  const pausedReason = info?.paused ? 'Pushes are paused. Resume pushes first.' : null;
  return (
    <Dialog
      title={`Run ${runId} ${words.was}`}
      onClose={onClose}
      focus={records}
      note="Nothing is sent until then."
      buttons={
        <>
          <Button buttonRef={records} onClick={show}>
            Show records
          </Button>
          <Button look="primary" icon="play" off={readOnlyReason(info) ?? pausedReason} onClick={goOn}>
            Resume run {runId}
          </Button>
        </>
      }
    >
      <p>
        {words.meaning} {resumeMeaning}
      </p>
      {batch && run && (
        <SummaryTable
          rows={[
            { name: 'Batch', value: <DataText text={batch.name} /> },
            { name: 'Records', value: <Counts counts={run.counts} /> },
            ...(run.stopReason && run.state === 'stopped' ? [{ name: 'Why', value: <DataText text={run.stopReason.message} /> }] : []),
          ]}
        />
      )}
    </Dialog>
  );
}
