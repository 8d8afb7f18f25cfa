import { useRef } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { failureWords } from '../words/errors.ts';
import { Button } from './Button.tsx';
import { CheckList } from './CheckList.tsx';
import { Dialog } from './Dialog.tsx';

/** A refusal: what stands in the way, what it protects, and no way around it. */
export function PushRefusedDialog({ name, error, onClose }: { name: string; error: AppError; onClose: () => void }) {
  const words = failureWords(error);
  const close = useRef<HTMLButtonElement>(null);
  const isRefusal = error.code === 'refused' || error.code === 'stale-approval';
  return (
    <Dialog
      title={isRefusal ? `${name} cannot be pushed` : `The push of ${name} stopped`}
      onClose={onClose}
      focus={close}
      buttons={
        <Button look="primary" onClick={onClose} buttonRef={close}>
          Close
        </Button>
      }
    >
      <p>{isRefusal ? 'Nothing was sent. This stands in the way:' : 'What was sent before is in the records of the run.'}</p>
      <CheckList items={[{ id: error.code, severity: 'blocker', text: `${words.title}. ${error.message}`, detail: words.meaning }]} />
    </Dialog>
  );
}
