import { useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';
import { decisionVerbs, decisionWords, plural } from '../../words.ts';

/** Asks why before records are held or excluded; says the exact number. */
export function ReasonDialog({ decision, count, about, onConfirm, onClose }: { decision: 'hold' | 'exclude'; count: number; about: string; onConfirm: (reason: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const title = `${decisionVerbs[decision]} ${plural(count, 'record')}`;
  const confirm = () => {
    if (reason.trim() === '') return;
    onClose();
    onConfirm(reason.trim());
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={reason.trim() === '' ? 'Give a reason.' : null} onClick={confirm}>
            {title}
          </Button>
        </>
      }
    >
      <p>
        {about} {count === 1 ? 'It stays' : 'They stay'} out of every batch until someone decides otherwise.
      </p>
      <TextField label="Reason" value={reason} onChange={setReason} inputRef={field} hint={`Undo is one key (U), and by name in History: “${decisionWords[decision]} ${plural(count, 'record')}”.`} />
    </Dialog>
  );
}
