import { readOnlyReason } from '../app/off-reasons.ts';
import { useInfo } from '../app/use-info.ts';
import { addressOf, goTo } from '../app/place.ts';
import { usePushes } from '../app/pushes.tsx';
import { useQueryCall } from '../api/query-call.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { number, plural } from '../words.ts';

/** A run that was cut off: it is looked up first and sent later. */
export function InterruptedRunDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const info = useInfo();
  const { resume } = usePushes();
  const batches = useQueryCall('batches.list', {});
  const batch = batches.data?.batches.find((candidate) => candidate.runId === runId);
  const counts = batch?.outcomes ?? null;
  return (
    <Dialog
      title={`Run ${runId} was interrupted`}
      onClose={onClose}
      note="Nothing is sent until then."
      buttons={
        <>
          <Button onClick={() => (onClose(), goTo(addressOf('batches', { batch: batch?.id ?? null, outcome: 'unknown' })))} off={batch ? null : 'Its batch is not known.'}>
            Show records
          </Button>
          <Button look="primary" icon="play" off={readOnlyReason(info)} onClick={() => (onClose(), resume(runId, batch?.name ?? `Run ${runId}`))}>
            Resume run {runId}
          </Button>
        </>
      }
    >
      <p>Countersign stopped in the middle of this run{batch ? ` of ${batch.name}` : ''}. On resuming, every record without an answer is looked up in Salesforce before anything is sent again; nothing is sent twice.</p>
      {counts && (
        <p>
          {plural(counts.unknown, 'record')} {counts.unknown === 1 ? 'is' : 'are'} unknown, {number(counts.notSent)} not sent, {number(counts.succeeded)} succeeded.
        </p>
      )}
    </Dialog>
  );
}
