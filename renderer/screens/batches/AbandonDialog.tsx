import { useRef, useState } from 'react';
import type { Batch, Run } from '../../../shared/domain/batch.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { abandonMeaning, runSentence } from '../../words/runs.ts';

/** Gives up a run that stands still, with a reason. */
export function AbandonDialog({ batch, run, onClose }: { batch: Batch; run: Run; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const abandon = useCommandCall('run.abandon');
  const off = reason.trim() === '' ? 'Give a reason.' : abandon.isPending ? 'The run is being abandoned.' : null;
  const confirm = () => {
    if (off !== null) return;
    abandon.mutate({ runId: run.id, reason: reason.trim() }, { onSuccess: (abandoned) => (onClose(), notify(runSentence(abandoned), { look: 'problem' })) });
  };
  return (
    <Dialog
      title={`Abandon run ${run.id}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      note="Resuming is the safe way to end a run."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={off} onClick={confirm}>
            Abandon run {run.id}
          </Button>
        </>
      }
    >
      <Callout severity="warning">{abandonMeaning(batch.name, run.counts)}</Callout>
      <TextField label="Reason" value={reason} onChange={setReason} inputRef={field} />
      {abandon.error && <FailureCallout error={errorOf(abandon.error)} />}
    </Dialog>
  );
}
