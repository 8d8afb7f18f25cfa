import { useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';

/** Asks before one field of a record is left out of what is sent. */
export function LeaveOutDialog({ label, name, onConfirm, onClose }: { label: string; name: string; onConfirm: (reason: string | undefined) => void; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const confirm = () => {
    const given = reason.trim();
    onClose();
    onConfirm(given === '' ? undefined : given);
  };
  return (
    <Dialog
      title={`Leave ${label} out`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={confirm}>
            Leave {label} out
          </Button>
        </>
      }
    >
      <p>
        {label} of <DataText text={name} /> keeps the value it has in Salesforce; the other fields are sent. This falls away when the proposed content changes.
      </p>
      <TextField label="Reason, if there is one" value={reason} onChange={setReason} inputRef={field} />
    </Dialog>
  );
}
