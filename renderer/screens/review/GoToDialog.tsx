import { useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';
import { number } from '../../words.ts';

/** Jumps to a record by its position in the list or by its key. */
export function GoToDialog({ total, onPosition, onKey, onClose }: { total: number; onPosition: (position: number) => void; onKey: (key: string) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const wanted = text.trim();
  const position = /^\d+$/u.test(wanted.replaceAll(',', '')) ? Number(wanted.replaceAll(',', '')) : null;
  const confirm = () => {
    if (wanted === '') return;
    onClose();
    if (position !== null && position >= 1 && position <= total) onPosition(position);
    else onKey(wanted);
  };
  return (
    <Dialog
      title="Go to record"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={wanted === '' ? 'Give a position or a key.' : null} onClick={confirm}>
            Go to record
          </Button>
        </>
      }
    >
      <TextField label="Position or key" value={text} onChange={setText} inputRef={field} hint={`A number from 1 to ${number(total)} is a position in this list; anything else is a key.`} />
    </Dialog>
  );
}
