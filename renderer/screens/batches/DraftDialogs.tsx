import { useRef, useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { AppError } from '../../../shared/errors.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';

/** Gives a draft another name. */
export function RenameDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const [name, setName] = useState(batch.name);
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const rename = useCommandCall('batch.rename');
  const confirm = () => {
    if (name.trim() === '') return;
    rename.mutate({ id: batch.id, name: name.trim() }, { onSuccess: (renamed) => (onClose(), notify(`Renamed to ${renamed.name}.`)) });
  };
  return (
    <Dialog
      title={`Rename ${batch.name}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={name.trim() === '' ? 'Give it a name.' : null} onClick={confirm}>
            Rename
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} inputRef={field} />
      {rename.error && <FailureCallout error={errorOf(rename.error)} />}
    </Dialog>
  );
}

/** A full batch whose pilot gates are not green: submitted only with a reason. */
export function OverrideDialog({ batch, error, onClose }: { batch: Batch; error: AppError; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const submit = useCommandCall('batch.submit');
  const confirm = () => {
    if (reason.trim() === '') return;
    submit.mutate({ id: batch.id, overridePilot: reason.trim() }, { onSuccess: () => (onClose(), notify(`${batch.name} is submitted without a green pilot.`)) });
  };
  return (
    <Dialog
      title={`${batch.name} is locked by its pilot gates`}
      onClose={onClose}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={reason.trim() === '' ? 'Give a reason.' : null} onClick={confirm}>
            Override and submit
          </Button>
        </>
      }
    >
      <FailureCallout error={error} />
      <p>Draw and push a pilot first, or say why this batch goes without one. The reason is in the audit log and in front of everyone who approves.</p>
      <TextField label="Reason" value={reason} onChange={setReason} inputRef={field} />
      {submit.error && <FailureCallout error={errorOf(submit.error)} />}
    </Dialog>
  );
}
