import { useRef } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { failureWords, isDisconnected } from '../words/errors.ts';
import { Button } from './Button.tsx';
import { CheckList } from './CheckList.tsx';
import { Dialog } from './Dialog.tsx';

function isRefused(error: AppError): boolean {
  return error.code === 'refused';
}

function titleOf(name: string, error: AppError): string {
  if (isDisconnected(error)) return `The push of ${name} is out of sight`;
  return isRefused(error) ? `${name} cannot be pushed` : `The push of ${name} stopped`;
}

/** A refusal: what stands in the way, what it protects, and no way around it. */
export function PushRefusedDialog({ name, error, onClose }: { name: string; error: AppError; onClose: () => void }) {
  const words = failureWords(error);
  const close = useRef<HTMLButtonElement>(null);
  const isRefusal = isRefused(error);
  return (
    <Dialog
      title={titleOf(name, error)}
      onClose={onClose}
      focus={close}
      buttons={
        <Button look="primary" onClick={onClose} buttonRef={close}>
          Close
        </Button>
      }
    >
      <p>{isRefusal ? 'Nothing was sent. This stands in the way:' : 'What was sent before is in the records of the run. Records without an answer are looked up in Salesforce before anything is sent again.'}</p>
      <CheckList items={[{ id: error.code, severity: 'blocker', text: `${words.title}. ${error.message}`, ...(isRefusal || isDisconnected(error) ? { detail: words.meaning } : {}) }]} />
    </Dialog>
  );
}
