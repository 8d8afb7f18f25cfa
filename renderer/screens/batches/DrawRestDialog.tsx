import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Batch } from '../../../shared/domain/batch.ts';
import { useClient } from '../../api/client-context.tsx';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useNotifications } from '../../app/notifications.tsx';
import { addressOf, goTo } from '../../app/place.ts';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Banner.tsx';
import { Dialog, TextField } from '../../components/Dialog.tsx';
import { FailureCallout } from '../../components/Failure.tsx';
import { plural } from '../../words.ts';
import { keysOf } from './keys-of.ts';

/** A draft names at most so many records one by one. */
const mostKeys = 10_000;

/** Draws the records that an aborted batch did not send into a new draft. */
export function DrawRestDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const client = useClient();
  const [name, setName] = useState(`Rest of ${batch.name}`);
  const field = useRef<HTMLInputElement>(null);
  const { notify } = useNotifications();
  const keys = useQuery({ queryKey: ['keys-of', batch.id, 'notSent'], queryFn: ({ signal }) => keysOf(client, { id: batch.id, outcome: 'notSent' }, signal), gcTime: 0 });
  const create = useCommandCall('batch.create');
  const unsent = batch.outcomes?.notSent ?? 0;
  const unknown = batch.outcomes?.unknown ?? 0;
  const isTooMany = unsent > mostKeys;
  const off = name.trim() === '' ? 'Give it a name.' : !keys.data ? 'The records are being listed.' : create.isPending ? 'The draft is being made.' : null;
  const confirm = () => {
    if (off !== null || !keys.data) return;
    create.mutate(
      { name: name.trim(), draw: isTooMany ? { by: 'all-approved' } : { by: 'keys', keys: keys.data.keys } },
      { onSuccess: (draft) => (onClose(), notify(`${draft.name} is a draft with ${plural(draft.creates + draft.updates, 'record')}.`), goTo(addressOf('batches', { batch: draft.id }))) },
    );
  };
  return (
    <Dialog
      title={`Draw the rest of ${batch.name}`}
      onClose={onClose}
      focus={field}
      onSubmit={confirm}
      note="A draft sends nothing."
      buttons={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" off={off} onClick={confirm}>
            Make draft
          </Button>
        </>
      }
    >
      <p>
        {isTooMany
          ? `More than ${plural(mostKeys, 'record')} were not sent. The draft takes everything approved that is still pending and in no other open batch.`
          : `${plural(unsent, 'record')} that ${unsent === 1 ? 'was' : 'were'} not sent become${unsent === 1 ? 's' : ''} a new draft.`}{' '}
        It gets a plan of its own and needs new approvals.
      </p>
      {unknown > 0 && <Callout severity="warning">{plural(unknown, 'unknown record')} {unknown === 1 ? 'is' : 'are'} left out. Refresh the snapshot: what was not written is pending again then.</Callout>}
      <TextField label="Name" value={name} onChange={setName} inputRef={field} />
      {keys.error && <FailureCallout error={errorOf(keys.error)} />}
      {create.error && <FailureCallout error={errorOf(create.error)} />}
    </Dialog>
  );
}
