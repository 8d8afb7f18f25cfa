import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { useInfo } from '../../app/use-info.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { keptSentence } from '../../words/warehouse.ts';
import { accessTestKey } from './use-access-test.ts';

/** Takes a personal token and hands it on. It lives in the field only: neither in state nor in a cache of this window. */
export function StoreTokenDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const queryClient = useQueryClient();
  const { notify } = useNotifications();
  const info = useInfo();
  const field = useRef<HTMLInputElement>(null);
  const [isFilled, setFilled] = useState(false);
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const store = async () => {
    const token = field.current?.value.trim() ?? '';
    if (token === '' || isSending) return;
    if (field.current) field.current.value = '';
    setFilled(false);
    setSending(true);
    setError(null);
    try {
      const signIn = await client.call('warehouse.storeToken', { token });
      queryClient.setQueryData(['warehouse.signInState', {}], signIn);
      await queryClient.resetQueries({ queryKey: accessTestKey });
      notify(`Stored the personal token. ${keptSentence(signIn)}.`);
      onClose();
    } catch (failure) {
      setSending(false);
      setError(errorOf(failure));
      field.current?.focus();
    }
  };
  return (
    <Dialog
      title="Store a personal token"
      onClose={onClose}
      focus={field}
      onSubmit={() => void store()}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="lock" submit off={isSending ? 'The token is being stored.' : isFilled ? null : 'Paste a token first.'}>
            Store the token
          </Button>
        </>
      }
    >
      <p>Make the token in Databricks under Settings, Developer, Access tokens. Countersign can do in the warehouse what its owner can.</p>
      <div className="stack-1">
        <label>
          <span className="field-label">Personal access token</span>
          <input ref={field} className="input" type="password" autoComplete="off" spellCheck={false} onChange={(event) => setFilled(event.target.value.trim() !== '')} />
        </label>
        <p className="muted small">
          {info?.host === 'desktop' ? 'It goes to the system keystore; where there is none it is kept until Countersign is closed.' : 'It is kept until Countersign is closed.'} It is never shown again.
        </p>
      </div>
      {error && <FailureCallout error={error} ofWarehouse />}
    </Dialog>
  );
}
