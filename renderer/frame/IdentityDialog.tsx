import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useInfo } from '../app/use-info.ts';
import { useNotifications } from '../app/notifications.tsx';
import { errorOf, useCommandCall } from '../api/query-call.ts';
import { Button } from '../components/Button.tsx';
import { Dialog, TextField } from '../components/Dialog.tsx';
import { FailureCallout } from '../components/Failure.tsx';

/** In a workspace with a simulated org: takes another name. */
export function IdentityDialog({ onClose }: { onClose: () => void }) {
  const info = useInfo();
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const queryClient = useQueryClient();
  const change = useCommandCall('identity.switch');
  if (!info) return null;
  if (!info.canSwitchIdentity) {
    return (
      <Dialog title="Signed in" onClose={onClose} buttons={<Button onClick={onClose}>Close</Button>}>
        <p>You are {info.identity}, as signed in to Salesforce. Approvals are bound to this identity.</p>
      </Dialog>
    );
  }
  const confirm = () => {
    if (name.trim() === '') return;
    change.mutate(
      { name },
      {
        onSuccess: () => {
          void queryClient.invalidateQueries({ queryKey: ['app.info'] });
          onClose();
          notify(`Signed in as ${name.trim()}.`);
        },
      },
    );
  };
  return (
    <Dialog
      title="Sign in as…"
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="person" off={name.trim() === '' ? 'Give a name.' : null} onClick={confirm}>
            Sign in
          </Button>
        </>
      }
    >
      <p>You are {info.identity}. The org of this workspace is simulated, so any name will do; with a real org it is the signed-in Salesforce user.</p>
      <TextField label="Name" value={name} onChange={setName} inputRef={field} placeholder="Admin B" />
      {change.error && <FailureCallout error={errorOf(change.error)} />}
    </Dialog>
  );
}
